"""A project with one candidate, and an admin of it at a browser. Files with others say so."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from django.test import Client

from monitoring.models import Project
from tests import factories as make
from tests.monitoring.test_imports import make_project


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(make_project)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def admin(project: Project) -> User:
    return make.member(project, "admin", name="admin")


@pytest.fixture
def browser(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client
