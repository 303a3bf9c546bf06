"""What the keeper of an installation may open: rules and codebooks, never what people decided."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from coding.models import Codebook, SampleRule
from coding.sampling import Rule
from coding.services.sample_rules import set_rules
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_decisions_are_not_among_what_the_keeper_opens() -> None:
    names = {model.__name__ for model in admin.site._registry if model.__module__[:6] == "coding"}
    assert names == {"Codebook", "SampleRule"}


def test_rules_and_codebooks_open(client: Client) -> None:
    client.force_login(User.objects.create_superuser("keeper"))
    project = make.project()
    make.published_codebook(project)
    set_rules(project=project, rules={make.category(project): Rule(None)})
    for model in (Codebook, SampleRule):
        row = model.objects.of(project).get()
        name = model._meta.model_name
        assert client.get(reverse(f"admin:coding_{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:coding_{name}_change", args=[row.pk])).status_code == 200
