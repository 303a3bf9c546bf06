"""Giving a post back to its monitor."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from coding.models import Assignment, AssignmentState, FinalCoding, FinalState, ReturnedCoding
from coding.services.codings import CodingRefused
from coding.services.disagreements import waiting_disagreements
from coding.services.returns import return_coding
from monitoring.models import Role
from tests.coding.coded_twice import code, make_coded_twice
from tests.coding.desk_project import NOON, DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def coded() -> tuple[DeskProject, User, User]:
    made, _aida, bakyt = make_coded_twice(2)
    return made, bakyt, made.member("lead", Role.LEAD)


def give_back(made: DeskProject, lead: User, coding: int, **others: Any) -> ReturnedCoding:
    said = {"note": "Read to the end.", "at": NOON} | others
    return return_coding(project=made.project, coding=coding, lead=lead, **said)


def test_the_post_comes_to_its_monitor_first_and_the_answers_stand(
    coded: tuple[DeskProject, User, User],
) -> None:
    made, bakyt, lead = coded
    give_back(made, lead, bakyt.codings.get(post=made.posts[0]).pk)
    first = Assignment.objects.of(made.project).waiting_for(bakyt).get()
    assert (first.post, first.position) == (made.posts[0], 0)
    assert FinalCoding.objects.get(post=made.posts[0]).state == FinalState.UNSETTLED
    assert [one.is_returned for one in waiting_disagreements(project=made.project)] == [True]


def test_an_answer_ends_the_return(coded: tuple[DeskProject, User, User]) -> None:
    made, bakyt, lead = coded
    give_back(made, lead, bakyt.codings.get(post=made.posts[0]).pk)
    code(made, bakyt, made.posts[0], tone="negative")
    assert not ReturnedCoding.objects.of(made.project).waiting().exists()
    assert [one.is_returned for one in waiting_disagreements(project=made.project)] == [False]
    states = Assignment.objects.of(made.project).filter(monitor=bakyt).values_list("state")
    assert set(states) == {(AssignmentState.DONE,)}


def test_what_cannot_be_given_back_is_refused(coded: tuple[DeskProject, User, User]) -> None:
    made, bakyt, lead = coded
    coding = bakyt.codings.get(post=made.posts[0])
    with pytest.raises(CodingRefused, match="look at again"):
        give_back(made, lead, coding.pk, note=" ")
    give_back(made, lead, coding.pk)
    with pytest.raises(CodingRefused, match="before"):
        give_back(made, lead, coding.pk)
    code(made, bakyt, made.posts[0])
    with pytest.raises(CodingRefused, match="anew"):
        give_back(made, lead, coding.pk)


def test_a_coding_of_another_project_is_not_found(coded: tuple[DeskProject, User, User]) -> None:
    made, bakyt, lead = coded
    elsewhere = make_desk_project("elsewhere")
    with pytest.raises(CodingRefused):
        give_back(elsewhere, lead, bakyt.codings.get(post=made.posts[0]).pk)


def test_a_return_is_never_changed(coded: tuple[DeskProject, User, User]) -> None:
    made, bakyt, lead = coded
    give_back(made, lead, bakyt.codings.get(post=made.posts[0]).pk)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE coding_returnedcoding SET note = 'other'")


def test_the_desk_says_why_a_post_was_given_back_until_it_is_answered(
    coded: tuple[DeskProject, User, User],
) -> None:
    made, bakyt, lead = coded
    give_back(made, lead, bakyt.codings.get(post=made.posts[0]).pk, note="Look <again>.")
    client = Client()
    client.force_login(bakyt)
    desk = reverse("coding:desk", args=[made.project.slug])
    assert "Look &lt;again&gt;." in client.get(desk).text
    following = client.get(reverse("coding:next", args=[made.project.slug]), {"count": 5})
    assert "Look &lt;again&gt;." in following.json()["sheets"][0]["card"]
    code(made, bakyt, made.posts[0], tone="negative")
    assert "Look &lt;again&gt;." not in client.get(f"{desk}?post={made.posts[0].pk}").text
