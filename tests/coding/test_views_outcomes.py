"""What monitors learn of the decisions on their answers."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from coding.services.returns import return_coding
from monitoring.models import Role
from tests.coding.coded_twice import code, make_coded_twice, settle
from tests.coding.desk_project import NOON, DeskProject

pytestmark = pytest.mark.django_db


@pytest.fixture
def coded() -> DeskProject:
    made, aida, _bakyt = make_coded_twice(4)
    code(made, aida, made.posts[0], tone="negative", reason="a comment of Aida's")
    return made


@pytest.fixture
def lead(coded: DeskProject) -> User:
    return coded.member("lead", Role.LEAD)


def page(client: Client, user: str) -> Any:
    client.force_login(User.objects.get(username=user))
    return client.get(reverse("coding:outcomes", args=["mission"]))


def test_a_decision_stands_beside_one_s_own_answer_and_nobody_else_s(
    coded: DeskProject, lead: User, client: Client
) -> None:
    settle(coded, lead, coded.posts[0], tone="neutral")
    shown = page(client, "aida")
    (outcome,) = shown.context["outcomes"]
    assert [each.answers for each in outcome.comparisons] == [
        ["Elections", "Elections"],
        ["Critical", "Neutral"],
    ]
    assert "The praise is a quote." in shown.content.decode()
    (other,) = page(client, "bakyt").context["outcomes"]
    assert (other.is_right, outcome.is_right) == (True, False)
    assert "a comment of Aida" not in page(client, "bakyt").content.decode()


def test_nothing_is_shown_before_one_s_own_answer_is_saved(
    coded: DeskProject, lead: User, client: Client
) -> None:
    late = coded.member("cholpon")
    coded.assign(late)
    settle(coded, lead, coded.posts[0])
    assert page(client, "cholpon").context["outcomes"] == []
    code(coded, late, coded.posts[0], tone="neutral")
    assert len(page(client, "cholpon").context["outcomes"]) == 1


def test_a_post_given_back_shows_its_note_and_no_decision_until_it_is_answered(
    coded: DeskProject, lead: User, client: Client
) -> None:
    coding = coded.posts[0].codings.get(coder__username="bakyt")
    settle(coded, lead, coded.posts[0])
    return_coding(project=coded.project, coding=coding.pk, lead=lead, note="Irony?", at=NOON)
    shown = page(client, "bakyt")
    assert shown.context["outcomes"] == []
    assert "Irony?" in shown.content.decode()
    assert "Irony?" not in page(client, "aida").content.decode()
    code(coded, User.objects.get(username="bakyt"), coded.posts[0])
    assert len(page(client, "bakyt").context["outcomes"]) == 1


def test_the_page_asks_as_often_for_many_decisions_as_for_one(
    coded: DeskProject, lead: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    settle(coded, lead, coded.posts[0])
    with django_assert_max_num_queries(37):
        page(client, "aida")
    for post in coded.posts[1:]:
        settle(coded, lead, post)
    with django_assert_max_num_queries(37):
        assert len(page(client, "aida").context["outcomes"]) == 4


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (None, 404)])
def test_who_does_not_code_has_no_outcomes(
    coded: DeskProject, client: Client, role: str | None, status: int
) -> None:
    coded.member("person", role) if role else User.objects.create_user("person")
    assert page(client, "person").status_code == status
