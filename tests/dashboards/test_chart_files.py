"""A chart as a file: from the page, the API and the command line."""

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from dashboards.models import BuiltChart, Form
from monitoring.models import Project
from tests import factories as make
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db

PAGES = ["dashboards:chart_svg", "dashboards:chart_png", "api-chart-svg", "api-chart-png"]


def noticed_mission() -> Project:
    mission = random_mission(2)
    mission.notice = "Reconstructed <data>"
    mission.save()
    return mission


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(noticed_mission)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def viewer(mission: Project, client: Client) -> Client:
    client.force_login(make.member(mission, "viewer"))
    return client


@pytest.fixture
def table(mission: Project) -> BuiltChart:
    lead = make.member(mission, "lead")
    return BuiltChart.objects.create(
        project=mission, title="Posts", measure="posts", by=["type"], form=Form.TABLE, made_by=lead
    )


def chart(mission: Project, key: str, path: Path, **options: str) -> bytes:
    call_command("chart", mission.slug, key, out=path, **options)
    return path.read_bytes()


@pytest.mark.parametrize("name", PAGES)
def test_a_picture_is_for_those_who_may_see_the_chart(
    name: str, viewer: Client, mission: Project
) -> None:
    address = reverse(name, args=[mission.slug, "1"])
    answer = viewer.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] in ("image/svg+xml", "image/png")
    assert f"{mission.slug}-chart-1." in answer["Content-Disposition"]
    stranger = Client()
    stranger.force_login(make.user("stranger"))
    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code in (302, 401, 403)


@pytest.mark.parametrize("name", PAGES)
def test_there_is_no_picture_of_a_table_nor_of_no_chart(
    name: str, viewer: Client, mission: Project, table: BuiltChart
) -> None:
    for key in (table.key, "99"):
        assert viewer.get(reverse(name, args=[mission.slug, key])).status_code == 404


def test_a_theme_that_is_not_known_is_refused(viewer: Client, mission: Project) -> None:
    page, api = (reverse(name, args=[mission.slug, "1"]) for name in PAGES[::2])
    assert viewer.get(page, {"theme": "neon"}).status_code == 404
    assert "colour, safe, print" in viewer.get(api, {"theme": "neon"}).json()["theme"]


def test_a_picture_carries_its_caption_its_base_and_the_notice_of_its_project(
    viewer: Client, mission: Project
) -> None:
    svg = viewer.get(reverse("dashboards:chart_svg", args=[mission.slug, "1"])).content
    written = " ".join(ElementTree.fromstring(svg).itertext())
    assert "Chart 1: Number of posts (entire period) | Candidates" in written
    assert "n = " in written
    assert "Reconstructed <data>" in written


def test_the_page_of_a_chart_leads_to_its_pictures_without_a_script(
    viewer: Client, mission: Project
) -> None:
    page = viewer.get(reverse("dashboards:chart", args=[mission.slug, "1"])).content.decode()
    for form in ("svg", "png"):
        assert f'href="{reverse(f"dashboards:chart_{form}", args=[mission.slug, "1"])}"' in page


def test_the_command_writes_each_format(mission: Project, tmp_path: Path) -> None:
    path = tmp_path / "chart"
    answer = json.loads(chart(mission, "1", path))
    assert answer["caption"] == "Chart 1: Number of posts (entire period) | Candidates"
    rows = list(csv.DictReader(io.StringIO(chart(mission, "1", path, format="csv").decode())))
    assert [row["name"] for row in rows[: len(answer["rows"])]] == [
        row["name"] for row in answer["rows"]
    ]
    assert chart(mission, "1", path, format="svg").startswith(b"<svg")
    assert Image.open(io.BytesIO(chart(mission, "1", path, format="png"))).format == "PNG"


def test_the_page_of_a_chart_opens_from_a_disk(mission: Project, tmp_path: Path) -> None:
    page = chart(mission, "1", tmp_path / "chart.html", format="html").decode()
    for part in ("<svg", "<table>", "n = ", "Reconstructed &lt;data&gt;", "Candidates"):
        assert part in page
    for outside in ("<script", "<link", "src=", "href=", "url("):
        assert outside not in page


def test_the_command_speaks_the_languages_of_the_pages(mission: Project, tmp_path: Path) -> None:
    page = chart(mission, "1", tmp_path / "chart", format="html", language="ru").decode()
    assert '<html lang="ru">' in page
    assert "Кандидаты" in page


def test_a_table_is_a_page_too_and_no_picture(
    mission: Project, table: BuiltChart, tmp_path: Path
) -> None:
    assert b"<svg" not in chart(mission, table.key, tmp_path / "chart", format="html")
    with pytest.raises(CommandError, match="is a table and has no picture"):
        chart(mission, table.key, tmp_path / "chart", format="png")


def test_the_command_names_the_charts_there_are(mission: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no chart 99; there are: .*leaderboard"):
        chart(mission, "99", tmp_path / "chart")
    with pytest.raises(CommandError, match="No such file or directory"):
        chart(mission, "1", tmp_path / "nowhere" / "chart")
