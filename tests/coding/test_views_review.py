"""Where leads settle what monitors disagree about."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coding.models import CodingKind, FinalCoding, FinalState
from coding.services import codings
from monitoring.models import Post, Role
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_project() -> DeskProject:
    """Three posts on which two monitors disagree."""
    made = make_desk_project()
    for name, tone, topics in [
        ("aida", "positive", ("elections",)),
        ("bakyt", "neutral", ("elections", "politics")),
    ]:
        user = made.member(name)
        made.assign(user)
        for post in made.posts[:3]:
            code(made, user, post, topics, tone)
    return made


@pytest.fixture
def lead(desk_project: DeskProject, client: Client) -> User:
    user = desk_project.member("lead", Role.LEAD)
    client.force_login(user)
    return user


def code(made: DeskProject, coder: User, post: Post, topics: tuple[str, ...], tone: str) -> None:
    codings.save_coding(
        project=made.project,
        post=post,
        coder=coder,
        version=made.version,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=codings.Answers(topics=topics, mentions=((made.actors[0].pk, tone),)),
        seconds=5,
        at=timezone.now(),
    )


def url(name: str = "review") -> str:
    return reverse(f"coding:{name}", args=["mission"])


def decision(made: DeskProject, **others: Any) -> dict[str, Any]:
    return {
        "post": made.posts[0].pk,
        "request_id": uuid.uuid4(),
        "topic": ["elections"],
        f"tone-{made.actors[0].pk}": "neutral",
        "reason": "The praise is a quote.",
        **others,
    }


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 200), (None, 404)]
)
def test_only_leads_see_the_answers_of_all(
    desk_project: DeskProject, client: Client, role: str | None, status: int
) -> None:
    person = desk_project.member("person", role) if role else User.objects.create_user("stranger")
    client.force_login(person)
    assert client.get(url()).status_code == status
    response = client.post(url("settle"), decision(desk_project))
    assert response.status_code == (302 if status == 200 else status)


def test_answers_stand_side_by_side_and_differences_are_marked(
    desk_project: DeskProject, lead: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(27):
        response = client.get(url())
    assert [
        (comparison.question, comparison.answers, comparison.differs)
        for comparison in response.context["comparisons"]
    ] == [
        ("Topics", ["Elections", "Elections, Politics"], True),
        ("Asanova Ainura", ["Positive", "Neutral"], True),
    ]
    assert "3 posts wait for a decision" in response.content.decode()


def test_a_coding_can_be_taken_as_the_start(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    second = client.get(url()).context["rows"][1]
    page = client.get(url(), {"post": second.post_id, "take": second.pk}).content.decode()
    assert 'value="politics" checked' in page
    assert 'value="neutral" checked' in page


def test_a_decision_counts_and_the_next_disagreement_follows(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    response = client.post(url("settle"), decision(desk_project), follow=True)
    assert response.context["post"] == desk_project.posts[1]
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.state == FinalState.SETTLED
    assert final.coding is not None
    assert (final.coding.kind, final.coding.coder, final.coding.reason) == (
        CodingKind.SETTLEMENT,
        lead,
        "The praise is a quote.",
    )


def test_a_lead_may_add_an_actor_that_nobody_named(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    other = desk_project.actors[3]
    added = {"other-actor-1": other.pk, "other-tone-1": "negative"}
    assert 'name="other-actor-1"' in client.get(url()).content.decode()
    client.post(url("settle"), decision(desk_project, **added))
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.coding is not None
    assert {mention.actor for mention in final.coding.mentions.all()} == {
        desk_project.actors[0],
        other,
    }


@pytest.mark.parametrize("change", [{"reason": ""}, {"topic": []}])
def test_a_decision_needs_a_reason_and_a_topic(
    desk_project: DeskProject, lead: User, client: Client, change: dict[str, Any]
) -> None:
    response = client.post(url("settle"), decision(desk_project, **change), follow=True)
    assert response.context["post"] == desk_project.posts[0]
    assert list(response.context["messages"])
    assert not FinalCoding.objects.filter(state=FinalState.SETTLED).exists()


def test_nothing_to_settle_is_said(desk_project: DeskProject, lead: User, client: Client) -> None:
    for post in desk_project.posts[:3]:
        client.post(url("settle"), decision(desk_project, post=post.pk))
    assert "Nothing waits for you" in client.get(url()).content.decode()
