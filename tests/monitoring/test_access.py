"""Who may do what: Alice holds a role, Mallory holds none, and a role opens only its own pages."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from monitoring.access import ALLOWED, Action, may
from monitoring.models import Account, Actor, Category, Membership, Project, Role

pytestmark = pytest.mark.django_db


def make_project(slug: str) -> Project:
    project = Project.objects.create(
        slug=slug, name=slug.title(), country="Kyrgyzstan", timezone="Asia/Bishkek"
    )
    Category.objects.create(project=project, key="candidate", name="Candidate")
    return project


@pytest.fixture
def project() -> Project:
    return make_project("mission")


@pytest.fixture
def signed_in(project: Project) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        user = User.objects.create_user(f"person-{role or 'outside'}")
        if role:
            Membership.objects.create(project=project, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_each_role_may_do_what_the_one_below_may_but_monitors_see_no_sums_of_codings() -> None:
    roles = [Role.VIEWER, Role.MONITOR, Role.LEAD, Role.ADMIN]
    for lower, higher in pairwise(roles):
        withheld = {Action.VIEW_CODING_RESULTS} if higher == Role.MONITOR else set()
        assert ALLOWED[lower] - withheld < ALLOWED[higher]
    assert not may(Role.MONITOR, Action.VIEW_CODING_RESULTS)
    assert ALLOWED[Role.ADMIN] == frozenset(Action)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may("owner", action) for action in Action)


def test_somebody_who_is_not_signed_in_is_asked_to_sign_in(
    client: Client, project: Project
) -> None:
    response = client.get(reverse("monitoring:project", args=[project.slug]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["monitoring:project", "monitoring:actors", "monitoring:imports"])
def test_a_project_does_not_exist_for_somebody_without_a_role_in_it(
    page: str, project: Project, signed_in: Callable[[str], Client]
) -> None:
    stranger = signed_in("")
    assert stranger.get(reverse(page, args=[project.slug])).status_code == 404


def test_a_superuser_sees_no_project_in_which_they_hold_no_role(
    client: Client, project: Project
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(reverse("monitoring:project", args=[project.slug])).status_code == 404
    assert project.name not in client.get(reverse("monitoring:home")).content.decode()


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("viewer", "monitoring:project", 200),
        ("viewer", "monitoring:actors", 403),
        ("viewer", "monitoring:imports", 403),
        ("monitor", "monitoring:actors", 200),
        ("monitor", "monitoring:imports", 403),
        ("lead", "monitoring:imports", 200),
        ("admin", "monitoring:imports", 200),
    ],
)
def test_a_role_opens_its_pages_and_no_others(
    role: str, page: str, status: int, project: Project, signed_in: Callable[[str], Client]
) -> None:
    assert signed_in(role).get(reverse(page, args=[project.slug])).status_code == status


def test_the_list_of_projects_holds_only_ones_own(
    project: Project, signed_in: Callable[[str], Client]
) -> None:
    other = make_project("elsewhere")
    page = signed_in("viewer").get(reverse("monitoring:home")).content.decode()
    assert project.name in page
    assert other.name not in page


def test_a_person_who_was_deactivated_sees_nothing_at_their_next_click(
    project: Project, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lead")
    User.objects.update(is_active=False)
    response = client.get(reverse("monitoring:project", args=[project.slug]))
    assert response.status_code == 302


def test_a_person_whose_role_was_taken_away_sees_nothing_at_their_next_click(
    project: Project, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lead")
    Membership.objects.all().delete()
    assert client.get(reverse("monitoring:project", args=[project.slug])).status_code == 404


def test_the_navigation_leads_only_to_pages_the_role_opens(
    project: Project, signed_in: Callable[[str], Client]
) -> None:
    actors = reverse("monitoring:actors", args=[project.slug])
    imports = reverse("monitoring:imports", args=[project.slug])
    assert f'href="{imports}"' not in signed_in("monitor").get(actors).content.decode()
    assert f'href="{imports}"' in signed_in("lead").get(actors).content.decode()


def test_the_navigation_names_the_page_one_is_on(
    project: Project, signed_in: Callable[[str], Client]
) -> None:
    imports = reverse("monitoring:imports", args=[project.slug])
    page = signed_in("admin").get(imports).content.decode()
    assert f'<a href="{imports}" aria-current="page">Imports</a>' in page
    assert 'aria-current="true">Data</a>' in page


def test_the_database_refuses_an_actor_in_the_category_of_another_project(project: Project) -> None:
    elsewhere = make_project("elsewhere").categories.get()
    with transaction.atomic():
        Actor.objects.create(project=project, category=elsewhere, name="Somebody")
        with pytest.raises(IntegrityError, match="same_project"):
            _check_now()
        transaction.set_rollback(True)


def test_the_database_refuses_an_account_of_an_actor_of_another_project(project: Project) -> None:
    elsewhere = make_project("elsewhere")
    actor = Actor.objects.create(
        project=elsewhere, category=elsewhere.categories.get(), name="Somebody"
    )
    with transaction.atomic():
        Account.objects.create(
            project=project, actor=actor, platform="facebook", kind="page", native_id="1", name="P"
        )
        with pytest.raises(IntegrityError, match="same_project"):
            _check_now()
        transaction.set_rollback(True)


def _check_now() -> None:
    """The keys are checked when a transaction ends; a test's never does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
