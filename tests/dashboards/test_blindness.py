"""Who codes blind sees no sum of codings, by whatever door."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dashboards.charts import CHARTS, MORE
from dashboards.measures import Measures, NotInProject, Withheld
from dashboards.models import BuiltChart
from dashboards.services.findings import write_finding
from monitoring.models import Project, Role
from tests import factories as make
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db

# How a monitor could learn of one post: its account, its day, and what was said of it.
ASKED = [
    {"measure": "codings", "by": ["account", "day"]},
    {"measure": "mentions", "by": ["account", "tone"]},
    {"measure": "flags", "by": "flag", "account": "any"},
    {"measure": "posts", "tone": "negative"},
    {"measure": "interactions", "by": "topic"},
    {"measure": "interactions", "by": ["period", "about"]},
    {"measure": "mentions", "against": "previous", "period": "campaign"},
]
OF_CODINGS = ["6", "18", "topics", "topics-by-actor", "flags", "tone-over-time"]


@pytest.fixture
def mission() -> Project:
    return coded_mission(1)


def signed_in(mission: Project, role: str) -> Client:
    client = Client()
    client.force_login(make.member(mission, role))
    return client


def page(name: str, mission: Project, *rest: Any) -> str:
    return reverse(f"dashboards:{name}", args=[mission.slug, *rest])


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_no_measure_of_codings_is_answered_to_who_codes_blind(
    mission: Project, asked: dict[str, Any]
) -> None:
    url = f"/api/v1/projects/{mission.slug}/measures/"
    if "account" in asked:
        asked = {**asked, "account": mission.accounts.monitored()[0].pk}
    answer = signed_in(mission, Role.MONITOR).get(url, asked)
    assert answer.status_code == 403
    assert "rows" not in answer.json()
    for role in (Role.VIEWER, Role.LEAD, Role.ADMIN):
        assert signed_in(mission, role).get(url, asked).status_code == 200


def test_measures_of_posts_are_answered_to_everybody(mission: Project) -> None:
    url = f"/api/v1/projects/{mission.slug}/measures/"
    asked = {"measure": "interactions", "by": "actor", "scope": "analysed"}
    assert signed_in(mission, Role.MONITOR).get(url, asked).json()["rows"]


def test_a_chart_says_of_itself_whether_it_is_made_of_codings(mission: Project) -> None:
    blind = Measures(mission, with_codings=False)
    for chart in [*CHARTS.values(), *MORE.values()]:
        try:
            chart.draw(blind)
            withheld = False
        except Withheld:
            withheld = True
        except NotInProject:
            continue
        assert withheld == chart.is_coded, chart.key
    assert [one.key for one in [*CHARTS.values(), *MORE.values()] if one.is_coded] == OF_CODINGS


def test_charts_of_codings_are_on_no_page_in_no_file_and_in_no_answer_for_who_codes_blind(
    mission: Project,
) -> None:
    built = BuiltChart.objects.create(
        project=mission,
        title="Tone by day",
        measure="mentions",
        by=["day", "tone"],
        where={},
        period="entire",
        scope="all",
        form="table",
        made_by=make.member(mission, Role.LEAD),
    )
    keys = [*OF_CODINGS, built.key]
    monitor, lead = signed_in(mission, Role.MONITOR), signed_in(mission, Role.LEAD)
    for key in keys:
        for name in ("chart", "chart_csv", "chart_svg"):
            assert monitor.get(page(name, mission, key)).status_code == 403
        assert lead.get(page("chart", mission, key)).status_code == 200
        for rest in ("", "data.csv", "picture.svg"):
            url = f"/api/v1/projects/{mission.slug}/charts/{key}/{rest}"
            assert monitor.get(url).status_code == 403
    listed = monitor.get(f"/api/v1/projects/{mission.slug}/charts/").json()
    assert not {one["id"] for one in listed} & set(keys)
    for name in ("dashboard", "report"):
        shown = monitor.get(page(name, mission)).text
        assert "You code blind" in shown
        assert not any(page("chart", mission, key) in shown for key in keys)
        assert 'id="chart-6"' not in shown
        assert "You code blind" not in lead.get(page(name, mission)).text
    asked = {"revision": "0", "chart": [f"{key}:" for key in [*keys, "1"]]}
    live = monitor.get(page("changes", mission), asked).json()
    assert [one["number"] for one in live["charts"]] == ["1"]
    assert len(lead.get(page("changes", mission), asked).json()["charts"]) == len(keys) + 1


def test_a_sentence_with_a_number_of_codings_is_left_out_for_who_codes_blind(
    mission: Project,
) -> None:
    lead = make.member(mission, Role.LEAD)
    for text, numbers in [
        ("Critical in {n} posts.", {"measure": "mentions", "where": {"tone": "negative"}}),
        ("There were {n} posts.", {"measure": "posts"}),
        ("There were {n} posts, 106 of them about candidates.", {"measure": "posts"}),
    ]:
        write_finding(
            project=mission,
            finding=None,
            by=lead,
            at=make.NOON,
            section="parties",
            texts={"en": text},
            numbers={"n": numbers},
            edition=0,
        )
    monitor = signed_in(mission, Role.MONITOR)
    places = [page("report", mission), page("findings", mission)]
    for url in [*places, f"/api/v1/projects/{mission.slug}/findings/"]:
        shown = monitor.get(url).text
        assert "There were" in shown
        assert "Critical in" not in shown
        # Typed by hand it may be a sum of codings.
        assert "106 of them" not in shown


def test_every_door_asks_who_is_there() -> None:
    """A view or an API class that makes ``Measures`` itself would ask for everybody."""
    rooms = [*Path(settings.BASE_DIR, "dashboards", "views").glob("*.py")]
    for path in [*rooms, Path(settings.BASE_DIR, "dashboards", "api.py")]:
        assert not re.search(r"(?<!\w)Measures\(", path.read_text()), path.name
