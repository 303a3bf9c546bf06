"""One's own last answers, and taking them back."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coding.models import (
    Assignment,
    AssignmentState,
    Coding,
    CodingKind,
    FinalCoding,
    FinalState,
)
from coding.services import codings
from monitoring.models import Role
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_project() -> DeskProject:
    return make_desk_project()


@pytest.fixture
def monitor(desk_project: DeskProject, client: Client) -> User:
    user = desk_project.member("monitor")
    desk_project.assign(user)
    client.force_login(user)
    return user


def code(
    desk_project: DeskProject,
    coder: User,
    place: int = 0,
    topics: tuple[str, ...] = ("elections",),
) -> Coding:
    return codings.save_coding(
        project=desk_project.project,
        post=desk_project.posts[place],
        coder=coder,
        version=desk_project.version,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=codings.Answers(topics=topics, mentions=((desk_project.actors[0].pk, "positive"),)),
        seconds=5,
        at=timezone.now(),
    )


def url(name: str) -> str:
    return reverse(f"coding:{name}", args=["mission"])


def undo(coding: Coding) -> dict[str, Any]:
    return {
        "post": coding.post_id,
        "request_id": uuid.uuid4(),
        "base_number": coding.number,
    }


def test_the_list_shows_one_s_own_answers_without_a_query_per_row(
    desk_project: DeskProject, monitor: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    for place in range(6):
        code(desk_project, monitor, place)
    with django_assert_max_num_queries(13):
        page = client.get(url("coded")).content.decode()
    assert page.count("data-coded=") == 6
    assert "Asanova Ainura</bdi>: Positive" in page


def test_an_undone_post_is_in_the_queue_again_and_its_history_is_kept(
    desk_project: DeskProject, monitor: User, client: Client
) -> None:
    coding = code(desk_project, monitor)
    page = client.post(url("withdraw"), undo(coding), follow=True).content.decode()
    assert "Taken back" in page
    kinds = list(Coding.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [CodingKind.CODING, CodingKind.WITHDRAWAL]
    assignment = Assignment.objects.get(monitor=monitor, post=coding.post)
    assert assignment.state == AssignmentState.OPEN
    assert 'name="base_number" value="2"' in client.get(url("desk")).content.decode()


def test_undoing_twice_takes_back_once(
    desk_project: DeskProject, monitor: User, client: Client
) -> None:
    sent = undo(code(desk_project, monitor))
    client.post(url("withdraw"), sent)
    client.post(url("withdraw"), sent)
    assert Coding.objects.count() == 2


def test_nobody_takes_back_the_answers_of_another(
    desk_project: DeskProject, monitor: User, client: Client
) -> None:
    other = desk_project.member("other")
    desk_project.assign(other)
    coding = code(desk_project, other)
    client.post(url("withdraw"), undo(coding))
    assert list(Coding.objects.all()) == [coding]


def test_a_lead_takes_back_a_decision_on_a_post_of_others_from_their_own_list(
    desk_project: DeskProject, client: Client
) -> None:
    for name, topic in (("aida", "media"), ("bakyt", "health")):
        user = desk_project.member(name)
        desk_project.assign(user)
        code(desk_project, user, topics=(topic,))
    lead = desk_project.member("lead", Role.LEAD)
    settled = codings.settle(
        project=desk_project.project,
        post=desk_project.posts[0],
        lead=lead,
        version=desk_project.version,
        request_id=uuid.uuid4(),
        answers=codings.Answers(topics=("media",)),
        reason="It is about the press.",
        at=timezone.now(),
    )
    client.force_login(lead)
    assert "Decide anew" in client.get(url("coded")).content.decode()
    assert client.post(url("withdraw"), undo(settled)).status_code == 302
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.state == FinalState.UNSETTLED
