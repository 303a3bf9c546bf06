"""Where leads settle what monitors disagree about."""

import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coding.models import AssignmentState, CodingKind, FinalCoding, FinalState
from coding.services import codings
from coding.views.review import last_of
from monitoring.models import Post, Role
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


def three_disagreements() -> DeskProject:
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


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., DeskProject]) -> DeskProject:
    return once_for_the_file(three_disagreements)


@pytest.fixture
def desk_project(written: DeskProject) -> DeskProject:
    return deepcopy(written)


@pytest.fixture
def lead(desk_project: DeskProject, client: Client) -> User:
    user = desk_project.member("lead", Role.LEAD)
    client.force_login(user)
    return user


def code(made: DeskProject, coder: User, post: Post, topics: tuple[str, ...], tone: str) -> None:
    mentions = ((made.actors[0].pk, tone),)
    save(made, coder, post, codings.Answers(topics=topics, mentions=mentions))


def save(made: DeskProject, coder: User, post: Post, answers: codings.Answers) -> None:
    codings.save_coding(
        project=made.project,
        post=post,
        coder=coder,
        version=made.version,
        request_id=uuid.uuid4(),
        base_number=post.codings.filter(coder=coder).count(),
        answers=answers,
        seconds=5,
        at=timezone.now(),
    )


def url(name: str = "review") -> str:
    return reverse(f"coding:{name}", args=["mission"])


def take(made: DeskProject, coder: str, **others: Any) -> dict[str, Any]:
    coding = made.posts[0].codings.get(coder__username=coder)
    sent = {"post": made.posts[0].pk, "request_id": uuid.uuid4(), "take": coding.pk}
    return sent | {"seen": last_of(made.project, made.posts[0])} | others


def decision(made: DeskProject, **others: Any) -> dict[str, Any]:
    return {
        "post": made.posts[0].pk,
        "request_id": uuid.uuid4(),
        "seen": last_of(made.project, made.posts[0]),
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
    for name in ("settle", "unsettle", "give_back"):
        response = client.post(url(name), decision(desk_project, coding=1, note="Again?"))
        assert response.status_code == (302 if status == 200 else status), name


def test_answers_stand_side_by_side_and_differences_are_marked(
    desk_project: DeskProject, lead: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(32):
        response = client.get(url())
    assert [
        (comparison.question, comparison.answers, comparison.differs)
        for comparison in response.context["comparisons"]
    ] == [
        ("Topics", ["Elections", "Elections, Politics"], True),
        ("Asanova Ainura", ["Positive", "Neutral"], True),
    ]
    assert "3 posts wait for a decision" in response.content.decode()


def test_who_skipped_a_post_is_told_with_the_reason(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    third = desk_project.member("cholpon")
    desk_project.assign(third)
    codings.skip(
        project=desk_project.project,
        post=desk_project.posts[0],
        coder=third,
        version=desk_project.version,
        request_id=uuid.uuid4(),
        base_number=0,
        reason="Half of it is missing",
        seconds=3,
        at=timezone.now(),
    )
    page = client.get(url()).content.decode()
    assert "cholpon</bdi>: <bdi>Half of it is missing" in page


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


def test_one_key_takes_a_monitor_s_answers(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    response = client.post(url("settle"), take(desk_project, "bakyt"), follow=True)
    assert response.context["post"] == desk_project.posts[1]
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.coding is not None
    assert {topic.key for topic in final.coding.topics.all()} == {"elections", "politics"}
    assert final.coding.reason == "As the codebook defines it."


def test_a_decision_can_be_undone_by_a_lead_in_whose_queue_the_post_never_was(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    page = client.post(url("settle"), take(desk_project, "aida"), follow=True)
    undo = page.context["undo"]
    sent = {"post": undo.post_id, "request_id": uuid.uuid4(), "base_number": undo.number}
    response = client.post(url("unsettle"), sent, follow=True)
    assert response.context["post"] == desk_project.posts[0]
    assert FinalCoding.objects.get(post=desk_project.posts[0]).state == FinalState.UNSETTLED
    assert client.post(url("unsettle"), sent, follow=True).status_code == 200


def test_an_undone_decision_leaves_what_the_lead_had_answered_as_a_monitor(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    desk_project.assign(lead, desk_project.posts[:1])
    code(desk_project, lead, desk_project.posts[0], ("elections",), "negative")
    page = client.post(url("settle"), take(desk_project, "lead"), follow=True)
    undo = page.context["undo"]
    sent = {"post": undo.post_id, "request_id": uuid.uuid4(), "base_number": undo.number}
    page = client.post(url("unsettle"), sent, follow=True)
    assert [row.coder.username for row in page.context["rows"]] == ["aida", "bakyt", "lead"]
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.state == FinalState.UNSETTLED
    assert desk_project.posts[0].assignments.get(monitor=lead).state == AssignmentState.DONE
    assert codings.verify_history(project=desk_project.project).first_broken is None


@pytest.mark.parametrize("meanwhile", ["another lead decided", "the monitor answered anew"])
def test_what_was_said_while_a_lead_thought_is_looked_at_before_it_is_decided(
    desk_project: DeskProject, lead: User, client: Client, meanwhile: str
) -> None:
    sent = [
        take(desk_project, "aida", reason="A long reason."),
        decision(desk_project, reason="A long reason.", topic=["politics"]),
    ]
    if meanwhile == "another lead decided":
        other = Client()
        other.force_login(desk_project.member("other-lead", Role.LEAD))
        other.post(url("settle"), take(desk_project, "bakyt"))
    else:
        aida = User.objects.get(username="aida")
        code(desk_project, aida, desk_project.posts[0], ("politics",), "negative")
    before = desk_project.posts[0].codings.count()
    for each in sent:
        page = client.post(url("settle"), each)
        assert page.context["post"] == desk_project.posts[0]
        assert "Somebody answered or decided meanwhile" in page.content.decode()
        assert ">A long reason.</textarea>" in page.content.decode()
        # Its links lead to the queue, not to where the form was sent.
        assert 'href="?' not in page.content.decode()
    # Nothing that was chosen is lost.
    chosen = [each.entry.key for each in page.context["questions"].topics if each.is_chosen]
    assert chosen == ["politics"]
    assert desk_project.posts[0].codings.count() == before
    again = decision(desk_project, seen=page.context["seen"])
    assert client.post(url("settle"), again).status_code == 302


def test_nobody_undoes_the_decision_of_another(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    client.post(url("settle"), take(desk_project, "aida"))
    client.force_login(desk_project.member("other-lead", Role.LEAD))
    sent = {"post": desk_project.posts[0].pk, "request_id": uuid.uuid4(), "base_number": 1}
    assert client.post(url("unsettle"), sent).status_code == 404


def test_answers_of_another_post_cannot_be_taken(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    sent = take(desk_project, "aida", post=desk_project.posts[1].pk)
    assert client.post(url("settle"), sent).status_code == 404


@pytest.mark.parametrize(
    ("filters", "waiting"),
    [
        ({"variable": "topics"}, 3),
        ({"variable": "flag:manipulation"}, 1),
        ({"actor": "first"}, 3),
        ({"actor": "0"}, 0),
        ({"pair": "both"}, 3),
        ({"pair": "1-2-3"}, 0),
        ({"state": "returned"}, 0),
    ],
)
def test_the_queue_can_be_narrowed(
    desk_project: DeskProject,
    lead: User,
    client: Client,
    filters: dict[str, str],
    waiting: int,
) -> None:
    bakyt = User.objects.get(username="bakyt")
    flagged = codings.Answers(topics=("media",), flags=(codings.FlagAnswer("manipulation"),))
    save(desk_project, bakyt, desk_project.posts[1], flagged)
    aida = User.objects.get(username="aida")
    named = {"first": str(desk_project.actors[0].pk), "both": f"{aida.pk}-{bakyt.pk}"}
    given = {name: named.get(value, value) for name, value in filters.items()}
    page = client.get(url(), given)
    assert page.context["queue"].count == waiting
    # The filter stays on the way through the queue.
    if waiting > 1:
        kept = client.post(url("settle"), decision(desk_project) | given, follow=True)
        assert kept.context["queue"].count == waiting - 1


def test_the_oldest_disagreement_comes_first(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    aida = User.objects.get(username="aida")
    save(desk_project, aida, desk_project.posts[0], codings.Answers(topics=("media",)))
    assert client.get(url()).context["post"] == desk_project.posts[1]


def test_the_codebook_explains_the_disputed_answers_alone(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    entries = client.get(url()).context["entries"]
    assert [entry.label for entry in entries] == ["Politics", "Positive", "Neutral"]


def test_a_post_given_back_leaves_the_queue_until_it_is_answered(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    coding = take(desk_project, "bakyt")["take"]
    sent = {"coding": coding, "post": desk_project.posts[0].pk, "note": "Whose words are these?"}
    page = client.post(url("give_back"), sent, follow=True)
    assert page.context["queue"].count == 2
    assert page.context["queue"].returned == 1
    assert page.context["post"] == desk_project.posts[1]
    bakyt = User.objects.get(username="bakyt")
    save(desk_project, bakyt, desk_project.posts[0], codings.Answers(topics=("media",)))
    assert client.get(url()).context["queue"].count == 3


def test_a_settled_post_can_be_looked_at_and_decided_anew(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    client.post(url("settle"), take(desk_project, "aida"))
    page = client.get(url(), {"post": desk_project.posts[0].pk})
    assert page.context["settlement"].coder == lead
    client.post(url("settle"), take(desk_project, "bakyt", reason="Second thoughts."))
    final = FinalCoding.objects.get(post=desk_project.posts[0])
    assert final.coding is not None
    assert final.coding.reason == "Second thoughts."


@pytest.mark.parametrize("post", ["0", "x", "9" * 30, "-1"])
def test_a_post_that_nobody_coded_is_not_there(
    desk_project: DeskProject, lead: User, client: Client, post: str
) -> None:
    assert client.get(url(), {"post": post}).status_code == 404
    assert client.get(url(), {"post": desk_project.posts[5].pk}).status_code == 404


def test_a_lead_who_has_to_code_a_post_sees_its_answers_only_afterwards(
    desk_project: DeskProject, lead: User, client: Client
) -> None:
    desk_project.assign(lead, desk_project.posts[:1])
    page = client.get(url())
    assert (page.context["queue"].count, page.context["post"]) == (2, desk_project.posts[1])
    asked = client.get(url(), {"post": desk_project.posts[0].pk})
    assert asked["Location"] == f"{url('desk')}?post={desk_project.posts[0].pk}"
    items = {"variable": "tone", "one": "0", "other": "1"}
    assert client.get(url("agreement_items"), items).context["count"] == 2
    save(desk_project, lead, desk_project.posts[0], codings.Answers(topics=("media",)))
    assert client.get(url(), {"post": desk_project.posts[0].pk}).status_code == 200


def test_nothing_to_settle_is_said(desk_project: DeskProject, lead: User, client: Client) -> None:
    for post in desk_project.posts[:3]:
        client.post(url("settle"), decision(desk_project, post=post.pk))
    assert "Nothing waits for you" in client.get(url()).content.decode()
