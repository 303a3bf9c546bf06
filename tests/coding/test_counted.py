"""Answers given under an older version of the codebook, wherever they are shown or amended."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from coding.answers import Answers, FlagAnswer
from coding.services.codings import settle
from coding.services.counted import as_counted
from coding.services.drafts import merge_entries, start_draft
from coding.services.publishing import publish
from monitoring.models import Role
from tests.coding.coded_twice import code
from tests.coding.desk_project import NOON, DeskProject, make_desk_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> DeskProject:
    """Aida answered before topics were merged and a flag was renamed, Bakyt after it: the same but
    for the tone."""
    made = make_desk_project()
    aida, bakyt = made.member("aida"), made.member("bakyt")
    made.assign(aida)
    made.assign(bakyt)
    flags = ("disinformation",)
    code(made, aida, made.posts[0], topics=("economy", "politics"), tone="positive", flags=flags)
    draft = start_draft(project=made.project)
    topics = {topic.key: topic for topic in draft.topics.all()}
    merge_entries(entry=topics["politics"], into=topics["elections"])
    draft.flag_kinds.filter(key="disinformation").update(name="A false claim")
    made.version = publish(version=draft, at=NOON)
    code(made, bakyt, made.posts[0], topics=("economy", "elections"), tone="neutral", flags=flags)
    return made


def page(client: Client, made: DeskProject, user: User, view: str, **query: Any) -> Any:
    client.force_login(user)
    return client.get(reverse(f"coding:{view}", args=["mission"]), query)


def test_are_compared_in_the_keys_that_count_now(merged: DeskProject, client: Client) -> None:
    lead = merged.member("lead", Role.LEAD)
    shown = page(client, merged, lead, "review").context["comparisons"]
    said = [(one.question, one.differs) for one in shown]
    assert said == [("Topics", False), ("Asanova Ainura", True), ("A false claim", False)]


def test_a_lead_who_starts_from_them_loses_none(merged: DeskProject, client: Client) -> None:
    lead = merged.member("lead", Role.LEAD)
    coding = merged.posts[0].codings.get(coder__username="aida")
    shown = page(client, merged, lead, "review", take=coding.pk).context["questions"]
    assert {topic.entry.key for topic in shown.topics if topic.is_chosen} == {
        "economy",
        "elections",
    }


def test_whoever_amends_them_loses_none(merged: DeskProject, client: Client) -> None:
    aida = User.objects.get(username="aida")
    shown = page(client, merged, aida, "desk", post=merged.posts[0].pk).content.decode()
    assert 'value="elections" checked' in shown
    assert 'value="economy" checked' in shown


def test_a_decision_in_the_new_words_is_as_one_answered(
    merged: DeskProject, client: Client
) -> None:
    settle(
        project=merged.project,
        post=merged.posts[0],
        lead=merged.member("lead", Role.LEAD),
        version=merged.version,
        request_id=uuid.uuid4(),
        answers=Answers(
            topics=("economy", "elections"),
            mentions=((merged.actors[0].pk, "positive"),),
            flags=(FlagAnswer("disinformation"),),
        ),
        reason="So.",
        at=NOON,
    )
    aida = User.objects.get(username="aida")
    [outcome] = page(client, merged, aida, "outcomes").context["outcomes"]
    assert outcome.is_right


def test_two_flags_that_became_one_keep_the_quote() -> None:
    carried = {("flags", "lie"): "disinformation", ("questions", "where"): "place"}
    given = Answers(
        flags=(FlagAnswer("disinformation"), FlagAnswer("lie", "a quote")),
        extra=(("where", "town"),),
    )
    assert as_counted(given, carried) == Answers(
        flags=(FlagAnswer("disinformation", "a quote"),), extra=(("place", "town"),)
    )
