"""The charts beyond the report's: drawn of any project, true to their measures."""

import csv
import io
from collections.abc import Callable
from copy import deepcopy

import plotly.graph_objects as go
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.charts import MORE
from dashboards.charts.facets import mean_line
from dashboards.exports.charts import chart_csv
from dashboards.measures import Measures, NotInProject
from monitoring.models import DailyLanguage, Project, Revision
from tests.dashboards.missions import coded_mission, make_project
from tests.dashboards.test_charts import TOKENS, in_black, roles_in

pytestmark = pytest.mark.django_db

ADS = {"ads-by-advertiser", "ads-by-candidate", "ads-by-number"}


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(coded_mission, 1)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


def test_every_chart_is_drawn_in_the_colours_of_the_tokens(mission: Project) -> None:
    measures = Measures(mission)
    for key in MORE.keys() - ADS:
        drawing = MORE[key].draw(measures)
        go.Figure(in_black(drawing.figure))
        for role in roles_in(drawing.figure):
            assert f"--{role}:" in TOKENS
        assert "n = " in str(drawing.base)
        assert all(len(row) == len(drawing.columns) for row in drawing.rows)
        assert not drawing.behind.rows or len(drawing.behind.rows) == len(drawing.rows)


def test_a_project_without_data_has_charts_without_rows() -> None:
    measures = Measures(make_project("empty"))
    for key in MORE.keys() - ADS:
        go.Figure(in_black(MORE[key].draw(measures).figure))
    for key in ADS:
        with pytest.raises(NotInProject):
            MORE[key].draw(measures)


def test_the_colour_of_an_actor_is_the_same_in_every_chart(mission: Project) -> None:
    directory = Measures(mission).background.directory
    roles = {actor: directory.role_of(actor) for actor in directory.actors}
    candidate = mission.categories.get(key="candidate")
    candidate.actors.create(project=mission, name="AAA comes later")
    later = Measures(mission).background.directory
    assert {actor: later.role_of(actor) for actor in roles} == roles


def test_the_languages_of_posts_are_shares_of_a_category_with_its_n(mission: Project) -> None:
    measures = Measures(mission)
    drawing = MORE["languages"].draw(measures)
    names = [str(column.label) for column in drawing.columns[2:]]
    assert names == ["Kyrgyz", "Russian", "English", "another language", "without words"]
    posts = {row["category"]: row["value"] for row in measures.ask("posts", by=["category"]).rows}
    in_kyrgyz = measures.ask("posts", by=["category"], where={"language": "ky"})
    known = {row["category"]: row["value"] for row in in_kyrgyz.rows}
    for (name, total, kyrgyz, *others), note in zip(
        drawing.rows, drawing.figure["layout"]["annotations"], strict=True
    ):
        assert total.value == sum(cell.value for cell in (kyrgyz, *others))
        assert total.value == posts.get(name.value, 0)
        assert kyrgyz.value == known.get(name.value, 0)
        assert note["text"] == total.shown
    assert drawing.figure["layout"]["barnorm"] == "percent"

    colours = {trace["name"]: trace["marker"]["color"] for trace in drawing.figure["data"]}
    DailyLanguage.objects.filter(language="ru").delete()
    Revision.objects.filter(project=mission).update(number=10**6)
    fewer = MORE["languages"].draw(Measures(mission)).figure["data"]
    assert {one["name"]: one["marker"]["color"] for one in fewer} == {
        name: colour for name, colour in colours.items() if name != "Russian"
    }


def test_a_day_without_posts_is_a_bar_of_zero(mission: Project) -> None:
    drawing = MORE["activity-by-category"].draw(Measures(mission))
    bars = [trace for trace in drawing.figure["data"] if trace["type"] == "bar"]
    assert {len(trace["y"]) for trace in bars} == {14}
    assert sum(sum(trace["y"]) for trace in bars) == Measures(mission).ask("posts").value


def test_the_first_day_of_the_campaign_is_marked(mission: Project) -> None:
    layout = MORE["activity-by-category"].draw(Measures(mission)).figure["layout"]
    assert {shape["x0"] for shape in layout["shapes"]} == {"2020-11-26"}
    assert "campaign ▸" in [note["text"] for note in layout["annotations"]]


def test_the_mean_of_seven_days_looks_back_only() -> None:
    assert mean_line([], [7, 0, 0, 0, 0, 0, 0, 7], name="")["y"] == [
        7,
        3.5,
        2.33,
        1.75,
        1.4,
        1.17,
        1,
        1,
    ]


def test_the_leaderboard_sets_the_campaign_against_as_many_days_before(mission: Project) -> None:
    measures = Measures(mission)
    drawing = MORE["leaderboard"].draw(measures)
    before = measures.ask("interactions", by=["account"], period="pre_campaign").total
    assert sum(row[3].value for row in drawing.rows) == before
    assert "against 19 November 2020 – 25 November 2020" in str(drawing.base)


def test_the_charts_of_a_page_share_what_they_fetch(mission: Project) -> None:
    measures = Measures(mission)
    MORE["shares-of-candidates"].draw(measures)
    with CaptureQueriesContext(connection) as queries:
        MORE["interactions-map"].draw(measures)
        MORE["interaction-rate"].draw(measures)
    assert not [one["sql"] for one in queries if "dailytotal" in one["sql"]]


def test_a_csv_ends_with_what_its_numbers_rest_on(mission: Project) -> None:
    drawing = MORE["leaderboard"].draw(Measures(mission))
    text = chart_csv(drawing, file_name="x.csv").content.decode("utf-8-sig")
    last = list(csv.reader(io.StringIO(text)))[-1][0]
    assert last == drawing.base.printed
    assert "as of" in last
