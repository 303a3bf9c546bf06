"""The 24 charts: the report's list, drawn in one style, each with its base."""

import csv
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.charts import CHARTS, figures
from dashboards.measures import Measures
from monitoring.models import Actor, Project
from tests.dashboards.missions import make_project, random_mission

pytestmark = pytest.mark.django_db

PRINTED = list(
    csv.DictReader((Path(__file__).parent / "charts.csv").read_text(encoding="utf-8").splitlines())
)
TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text()


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(random_mission, 1)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


def roles_in(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value.removeprefix("role:")} if value.startswith("role:") else set()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(roles_in, value)) if value else set()
    return set()


def in_black(value: Any) -> Any:
    """The figure with a colour in place of every role, as the page resolves them."""
    if isinstance(value, str):
        return "#000000" if value.startswith("role:") else value
    if isinstance(value, dict):
        return {key: in_black(part) for key, part in value.items()}
    return [in_black(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("printed", PRINTED, ids=lambda row: row["number"])
def test_every_chart_of_the_report_is_there_under_its_number(printed: dict[str, str]) -> None:
    chart = CHARTS[int(printed["number"])]
    assert chart.platform == printed["section"].lower()
    title, subject = printed["title"].split(" | ")
    assert str(chart.title) == title
    assert str(chart.subject).lower().split(" ")[0] in f"{subject} each".lower()


def test_there_are_no_charts_but_the_reports_in_its_order() -> None:
    assert list(CHARTS) == [int(printed["number"]) for printed in PRINTED] == list(range(1, 25))


@pytest.mark.parametrize("number", list(CHARTS))
def test_plotly_accepts_the_figure_and_every_colour_is_a_token(
    number: int, mission: Project
) -> None:
    figure = CHARTS[number].draw(Measures(mission)).figure
    go.Figure(in_black(figure))
    for role in roles_in(figure):
        assert f"--{role}:" in TOKENS
    assert not re.search(r"#[0-9a-f]{6}", str(figure))


@pytest.mark.parametrize("number", list(CHARTS))
def test_a_chart_prints_what_it_rests_on(number: int, mission: Project) -> None:
    drawing = CHARTS[number].draw(Measures(mission))
    assert f"n = {drawing.base.n:,}" in str(drawing.base)
    assert all(len(row) == len(drawing.columns) for row in drawing.rows)


def test_a_silent_candidate_is_a_row_with_zero() -> None:
    project = make_project("silent")
    candidate = project.categories.get(key="candidate")
    actor = Actor.objects.create(project=project, category=candidate, name="Silent")
    actor.accounts.create(
        project=project, platform="facebook", kind="page", native_id="1", name="Silent page"
    )
    drawing = CHARTS[1].draw(Measures(project))
    assert [[cell.shown for cell in row] for row in drawing.rows] == [["Silent page", "0", "–"]]


def test_two_pages_of_one_name_are_two_rows() -> None:
    project = make_project("twice")
    party = project.categories.get(key="party")
    actor = Actor.objects.create(project=project, category=party, name="Party")
    for native_id in ("1", "2"):
        actor.accounts.create(
            project=project, platform="facebook", kind="page", native_id=native_id, name="The party"
        )
    assert len(CHARTS[7].draw(Measures(project)).rows) == 2


def add_silent_categories(project: Project, number: int) -> None:
    for place in range(number):
        category = project.categories.create(key=f"extra{place}", name=f"Extra {place}", position=9)
        actor = Actor.objects.create(project=project, category=category, name=category.name)
        actor.accounts.create(
            project=project, platform="facebook", kind="page", native_id=category.key, name="Page"
        )


def test_categories_that_drew_nothing_are_bars_of_zero() -> None:
    project = make_project("silent")
    add_silent_categories(project, 6)
    silent = CHARTS[9].draw(Measures(project))
    assert silent.figure["data"][0]["type"] == "bar"
    assert [row[1].value for row in silent.rows] == [0] * 6


def test_more_than_five_parts_are_areas_with_their_actors_and_not_a_donut(
    mission: Project,
) -> None:
    few = CHARTS[9].draw(Measures(mission))
    assert few.figure["data"][0]["type"] == "pie"
    add_silent_categories(mission, 5)
    many = CHARTS[9].draw(Measures(mission))
    [areas] = many.figure["data"]
    assert areas["type"] == "treemap"
    drew = {row[0].value: row[1].value for row in many.rows if row[1].value}
    tops = [place for place, parent in enumerate(areas["parents"]) if not parent]
    assert {areas["labels"][place]: areas["values"][place] for place in tops} == drew
    assert [*many.behind.marks[0][len(tops)]] == ["actor"]
    assert len(many.behind.marks[0]) == len(areas["ids"])


def test_the_number_of_an_outlet_is_never_cut_with_its_name() -> None:
    parts = [("Neutral", "tone-neutral", [0], None)]
    layout = figures.stacked_bars(["A very long name of an outlet"], parts, endings=[" · 106"])[
        "layout"
    ]
    assert layout["meta"]["short"] == ["A very lo… · 106"]


def test_a_silent_row_of_stacked_bars_has_its_zero() -> None:
    layout = figures.stacked_bars(["Loud", "Silent"], [("Likes", "accent", [5, 0], None)])["layout"]
    assert [one["text"] for one in layout["annotations"]] == ["5", "0"]


def test_the_longest_value_has_its_room_beside_the_bars() -> None:
    def room(value: int) -> int:
        layout = figures.ranked_bars(["Page"], [value], role="accent")["layout"]
        return int(layout["margin"]["r"])

    assert room(17_230_000) > room(66_693) > room(0)


def test_no_chart_reads_the_posts_of_all_accounts(mission: Project) -> None:
    """Only the sampled posts, and those that were coded, are looked up."""
    measures = Measures(mission)
    with CaptureQueriesContext(connection) as queries:
        for chart in CHARTS.values():
            chart.draw(measures)
    assert len(queries) <= 14
    for query in queries:
        if "monitoring_post " in query["sql"]:
            assert "coding_samplepost" in query["sql"] or "coding_finalcoding" in query["sql"]


def test_the_same_content_has_the_same_hash_and_other_content_another(mission: Project) -> None:
    before = CHARTS[9].draw(Measures(mission)).hash
    assert CHARTS[9].draw(Measures(mission)).hash == before
    mission.categories.update(name="Renamed")
    assert CHARTS[9].draw(Measures(mission)).hash != before


def test_our_style_sheet_holds_every_rule_the_plotly_bundle_would_insert() -> None:
    bundle = (Path(plotly.__file__).parent / "package_data/plotly.min.js").read_text()
    sheet = (settings.BASE_DIR / "static/css/plotly.css").read_text()
    version = re.search(r"plotly\.js v([\d.]+)", bundle)
    assert version
    assert f"plotly.js {version[1]}" in sheet
    frame = (settings.BASE_DIR / "templates/dashboards/_chart_styles.html").read_text()
    maps = re.search(r'getElementById\("([0-9a-f]{64})"\)', bundle)
    assert maps
    assert f'id="{maps[1]}"' in frame
    assert sheet.count("{") == 66
