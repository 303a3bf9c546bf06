"""What a person did last leads to where it can be done anew."""

import pytest
from django.test import Client
from django.urls import reverse

from monitoring.models import Role
from tests.coding.coded_twice import make_coded_twice, settle

pytestmark = pytest.mark.django_db


def test_a_decision_is_amended_where_it_was_made(client: Client) -> None:
    made, _aida, _bakyt = make_coded_twice(4)
    lead = made.member("lead", Role.LEAD)
    settle(made, lead, made.posts[0])
    client.force_login(lead)
    page = client.get(reverse("coding:coded", args=[made.project.slug])).text
    address = f"?post={made.posts[0].pk}"
    assert reverse("coding:review", args=[made.project.slug]) + address in page
    # It was never on the lead's own desk: there it would not be found.
    assert reverse("coding:desk", args=[made.project.slug]) + address not in page
