"""Blind coding: until one's own answers are saved, nothing says what another monitor answered.

Not even that somebody did: every page and API answer is asked for before and after another monitor
codes the same posts, and has to be the same in every byte and header, after as many queries.
"""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from coding.services import codings
from monitoring.services.projects import add_period
from tests.coding.desk_project import NOON, DeskProject, make_desk_project
from tests.test_architecture import api_routes, project_routes

pytestmark = pytest.mark.django_db

# What adds up the whole team's answers, for every member: it shows sums, never a post's answers.
SUMS = {
    *("p/<slug:slug>/dashboard/", "p/<slug:slug>/dashboard/changes/", "p/<slug:slug>/report/"),
    *("p/<slug:slug>/findings/", "api/v1/projects/<slug:slug>/findings/"),
    # Says as of when, as all of them do; a list by how posts were coded is for those who review.
    *("p/<slug:slug>/dashboard/posts/", "p/<slug:slug>/dashboard/ads/behind/"),
    *("api/v1/projects/<slug:slug>/measures/", "api/v1/projects/<slug:slug>/charts/"),
}
# New with every answer, whatever is in it.
CHANGING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{64}|nonce-[^'\"]+")
QUOTE = "words that only the other monitor marked"


@pytest.fixture
def desk_project() -> DeskProject:
    made = make_desk_project()
    for key in ("entire", "pre_campaign", "campaign"):
        names = (key, key, key)
        add_period(project=made.project, key=key, start=NOON.date(), end=NOON.date(), names=names)
    return made


@pytest.fixture
def monitor(desk_project: DeskProject) -> User:
    user = desk_project.member("monitor")
    desk_project.assign(user)
    return user


@pytest.fixture
def other(desk_project: DeskProject) -> User:
    user = desk_project.member("the-other-one")
    desk_project.assign(user)
    return user


def addresses() -> dict[str, str]:
    """Every page and API view that needs no more than the project, by its route."""
    patterns = get_resolver().url_patterns
    routes = [route for route, _view in (*project_routes(patterns), *api_routes(patterns))]
    return {
        route: "/" + route.replace("<slug:slug>", "mission")
        for route in routes
        if route.count("<") == 1
    }


def answer_as(user: User, desk_project: DeskProject, place: int, **others: Any) -> None:
    codings.save_coding(
        **{
            "project": desk_project.project,
            "post": desk_project.posts[place],
            "coder": user,
            "version": desk_project.version,
            "request_id": uuid.uuid4(),
            "base_number": 0,
            "answers": codings.Answers(
                topics=("crime",),
                mentions=((desk_project.actors[0].pk, "negative"),),
                flags=(codings.FlagAnswer("manipulation", QUOTE),),
            ),
            "seconds": 9,
            "at": NOON,
            **others,
        }
    )


def told(response: HttpResponse) -> tuple[int, dict[str, str], str]:
    headers = {name: value for name, value in response.items() if name != "Set-Cookie"}
    body = b"".join(response) if response.streaming else response.content
    return response.status_code, headers, CHANGING.sub("", body.decode("utf-8", "replace"))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_no_answer_tells_that_another_monitor_coded_the_same_posts(
    desk_project: DeskProject, monitor: User, other: User, accept: str
) -> None:
    client = Client(headers={"accept": accept})
    client.force_login(monitor)
    places = {**addresses(), "one post": f"/p/mission/code/?post={desk_project.posts[0].pk}"}
    assert {"p/<slug:slug>/code/next/", "api/v1/projects/<slug:slug>/codings/"} <= places.keys()

    def ask_all() -> dict[str, Any]:
        answers = {}
        for route, address in places.items():
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            answers[route] = (*told(response), len(queries))
        return answers

    ask_all()  # what is remembered from now on
    before = ask_all()
    for place in (0, 1):
        answer_as(other, desk_project, place, reason=QUOTE, asks="lead")
    after = ask_all()
    for route in places:
        assert QUOTE not in after[route][2], route
        assert "the-other-one" not in after[route][2], route
        if route not in SUMS:
            assert after[route] == before[route], route


def test_saving_tells_the_same_whether_or_not_another_answered(
    desk_project: DeskProject, monitor: User, other: User
) -> None:
    client = Client(headers={"accept": "application/json"})
    client.force_login(monitor)
    answer_as(other, desk_project, 0)

    def save(place: int, **others: Any) -> tuple[int, dict[str, str], str]:
        sent = {
            "post": desk_project.posts[place].pk,
            "request_id": uuid.uuid4(),
            "base_number": 0,
            "version": desk_project.version.pk,
            "coder": monitor.pk,
            "action": "save",
            "topic": ["elections"],
            **others,
        }
        status, headers, body = told(client.post("/p/mission/code/save/", sent))
        return status, headers, re.sub(r"\d\d:\d\d:\d\d", "", body)

    assert save(0, base_number=1) == save(1, base_number=1)
    assert save(0, topic=[]) == save(1, topic=[])
    assert save(0) == save(1)


def test_somebody_asked_for_a_second_opinion_is_not_told_that_it_is_one(
    desk_project: DeskProject, monitor: User
) -> None:
    second, plain = desk_project.member("second"), desk_project.posts[0]
    answer_as(monitor, desk_project, 1, asks="second", reason=QUOTE)
    desk_project.assign(second, [plain])
    client = Client(headers={"accept": "application/json"})
    client.force_login(second)
    sheets = client.get("/p/mission/code/next/").json()["sheets"]
    assert {sheet["post"] for sheet in sheets} == {plain.pk, desk_project.posts[1].pk}
    assert len({frozenset(sheet) for sheet in sheets}) == 1
    assert QUOTE not in str(sheets)
