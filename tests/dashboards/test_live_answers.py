"""Open pages that show the same get one answer a moment, however many they are."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards import live
from monitoring.models import Project, Role
from monitoring.services.revisions import RAISE_REVISION_OF_CODINGS, note_change
from tests import factories as make
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db

# Session, person, membership, revision: what an answer that is there already costs.
LOOK_UPS = 4


@pytest.fixture
def mission(settings: Any) -> Iterator[Project]:
    settings.LIVE_ANSWERS_SHARED_SECONDS = 60
    cache.clear()
    yield random_mission(2)
    cache.clear()


def reader(mission: Project, role: str = Role.VIEWER, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(make.member(mission, role))
    return client


def ask(client: Client, mission: Project, **question: Any) -> tuple[Any, int]:
    """The answer, and how many statements it took."""
    usual = {"revision": 0, "chart": ["1:stale", "6:stale"]}
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(
            reverse("dashboards:changes", args=[mission.slug]), {**usual, **question}
        )
    return answer, len(queries)


def test_the_second_reader_gets_what_was_computed_for_the_first(mission: Project) -> None:
    first, cost = ask(reader(mission), mission)
    second, cheap = ask(reader(mission), mission)
    assert second.json() == first.json()
    assert cheap == LOOK_UPS < cost


def test_each_gets_only_what_their_page_does_not_show_yet(mission: Project) -> None:
    told = ask(reader(mission), mission)[0].json()["charts"]
    shown = [f"{one['number']}:{one['hash']}" for one in told]
    answer, _cost = ask(reader(mission), mission, chart=[shown[0], "6:stale"])
    assert [one["number"] for one in answer.json()["charts"]] == ["6"]


def test_readers_of_another_role_or_language_get_their_own(mission: Project) -> None:
    viewers = ask(reader(mission), mission)[0].json()
    leads = ask(reader(mission, Role.LEAD), mission)[0].json()
    assert not viewers["charts"][0]["marks"]
    assert leads["charts"][0]["marks"]
    russian = ask(reader(mission, language="ru"), mission)[0].json()
    assert russian["charts"][0]["base"] != viewers["charts"][0]["base"]


def test_a_change_within_the_moment_is_told_after_it(mission: Project) -> None:
    client = reader(mission)
    before = ask(client, mission)[0].json()["revision"]
    note_change(project_id=mission.pk)
    assert ask(client, mission, revision=before)[0].status_code == 204
    cache.clear()  # as when the moment is over
    assert ask(client, mission, revision=before)[0].json()["revision"] == before + 1


def note_coding(mission: Project) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAISE_REVISION_OF_CODINGS, {"project": mission.pk})


def test_after_a_coding_charts_of_posts_are_left_alone(mission: Project) -> None:
    client = reader(mission)
    before = ask(client, mission)[0].json()["revision"]
    note_coding(mission)
    told = ask(client, mission, revision=before)[0].json()
    assert [one["number"] for one in told["charts"]] == ["6"]
    assert told["revision"] == before + 1
    note_change(project_id=mission.pk)
    note_coding(mission)
    cache.clear()
    told = ask(client, mission, revision=before + 1)[0].json()
    assert [one["number"] for one in told["charts"]] == ["1", "6"]


def test_posts_that_change_while_charts_of_codings_are_drawn_are_not_missed(
    mission: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reader(mission)
    before = ask(client, mission)[0].json()["revision"]
    note_coding(mission)
    drawn = live.drawn

    def interrupted(*arguments: Any) -> Any:
        monkeypatch.setattr(live, "drawn", drawn)
        note_change(project_id=mission.pk)
        return drawn(*arguments)

    monkeypatch.setattr(live, "drawn", interrupted)
    told = ask(client, mission, revision=before)[0].json()
    later = ask(client, mission, revision=told["revision"])[0]
    numbers = {one["number"] for answer in (told, later.json()) for one in answer["charts"]}
    assert numbers == {"1", "6"}
