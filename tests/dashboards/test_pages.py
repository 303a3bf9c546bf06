"""Dashboard, chart and report pages, and what open pages ask for."""

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards.exports.cells import safe
from monitoring.models import Account, Membership, Post, Project
from monitoring.services.revisions import note_change
from tests import factories as make
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(random_mission, 2)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def viewer(mission: Project) -> Client:
    user = User.objects.create_user("viewer")
    Membership.objects.create(project=mission, user=user, role="viewer")
    client = Client()
    client.force_login(user)
    return client


def address(page: str, mission: Project, *rest: int) -> str:
    return reverse(f"dashboards:{page}", args=[mission.slug, *rest])


def get(client: Client, page: str, mission: Project) -> str:
    return client.get(address(page, mission)).content.decode()


def test_the_report_holds_all_charts_in_order(viewer: Client, mission: Project) -> None:
    page = viewer.get(address("report", mission)).content.decode()
    places = [page.index(f'id="chart-{number}"') for number in range(1, 25)]
    assert places == sorted(places)
    assert "Top posts" in page
    assert "Ad Library" in page


def test_the_report_page_asks_no_more_queries_of_a_large_project(
    viewer: Client, mission: Project
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert viewer.get(address("report", mission)).status_code == 200
        return len(captured)

    before = queries()
    for account in Account.objects.of(mission).monitored():
        account.actor.accounts.create(
            project=mission,
            platform=account.platform,
            kind="page",
            native_id=f"more-{account.pk}",
            name="One more page",
        )
    assert queries() == before
    assert before <= 30


def test_a_top_post_leads_to_where_it_was_published_and_nowhere_else(
    viewer: Client, mission: Project
) -> None:
    posts = Post.objects.of(mission)
    posts.update(url="https://www.facebook.com/posts/1")
    assert 'href="https://www.facebook.com/posts/1"' in get(viewer, "report", mission)
    posts.update(url="javascript:alert(1)")
    assert "javascript:" not in get(viewer, "report", mission)


@pytest.mark.parametrize("page", ["dashboard", "report"])
def test_a_page_of_charts_belongs_to_the_members_of_the_project(
    page: str, viewer: Client, mission: Project
) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger"))
    assert viewer.get(address(page, mission)).status_code == 200
    assert stranger.get(address(page, mission)).status_code == 404


def test_a_chart_that_does_not_exist_is_not_found(viewer: Client, mission: Project) -> None:
    assert viewer.get(address("chart", mission, 25)).status_code == 404
    assert viewer.get(address("chart_csv", mission, 0)).status_code == 404


def test_a_project_without_a_campaign_has_its_other_charts(client: Client) -> None:
    project = make.project("no-campaign")
    client.force_login(make.member(project, "viewer"))
    page = client.get(reverse("dashboards:report", args=[project.slug])).content.decode()
    assert 'id="chart-1"' in page
    assert 'id="chart-2"' not in page
    for name in ("chart", "chart_csv"):
        address = reverse(f"dashboards:{name}", args=[project.slug, 2])
        assert client.get(address).status_code == 404


def test_the_csv_of_a_chart_is_its_table_and_its_base(viewer: Client, mission: Project) -> None:
    response = viewer.get(address("chart_csv", mission, 1))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["name", "total", "share_percent"]
    assert "n = " in rows[-1][0]
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =x", "＝x", "\u200b=x"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Жапаров", "1 = 1", 7, -7, None, ""])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert safe(cell) == cell


def test_an_open_page_is_told_nothing_while_nothing_changed(
    viewer: Client, mission: Project
) -> None:
    revision = mission.revision.number
    with CaptureQueriesContext(connection) as captured:
        response = viewer.get(address("changes", mission), {"revision": revision})
    assert response.status_code == 204
    # Session, person, membership, revision.
    assert len(captured) == 4


def test_an_open_page_gets_the_charts_that_changed_and_no_others(
    viewer: Client, mission: Project
) -> None:
    known = {"revision": mission.revision.number, "chart": ["1:stale", "2:stale"]}
    note_change(project_id=mission.pk)
    both = viewer.get(address("changes", mission), known).json()
    assert [one["number"] for one in both["charts"]] == ["1", "2"]
    assert both["revision"] == known["revision"] + 1

    shown = [f"{one['number']}:{one['hash']}" for one in both["charts"]]
    none = viewer.get(address("changes", mission), {"revision": 0, "chart": shown}).json()
    assert none["charts"] == []


def test_what_a_page_claims_to_show_is_not_trusted(viewer: Client, mission: Project) -> None:
    odd = {"revision": "x", "chart": ["99:a", "one:b", "", "1", "1:<script>"]}
    answer = viewer.get(address("changes", mission), odd)
    assert answer.status_code == 200
    assert [one["number"] for one in answer.json()["charts"]] == ["1"]


def test_names_from_outside_cannot_leave_the_data_of_a_figure(
    viewer: Client, mission: Project
) -> None:
    Account.objects.of(mission).update(name="</script><script>alert(1)</script>")
    page = viewer.get(address("report", mission)).content.decode()
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("number", [1, 6, 9])
def test_the_api_gives_a_charts_rows_and_base(
    number: int, viewer: Client, mission: Project
) -> None:
    answer = viewer.get(f"/api/v1/projects/{mission.slug}/charts/{number}/").json()
    assert answer["number"] == number
    assert answer["base"]["n"] >= 0
    assert isinstance(answer["rows"], list)


def test_the_api_answers_a_question_and_refuses_words_it_does_not_know(
    viewer: Client, mission: Project
) -> None:
    url = f"/api/v1/projects/{mission.slug}/measures/"
    answer = viewer.get(url, {"measure": "posts", "by": "category", "kind": "page"})
    assert {"category", "value"} <= set(answer.json()["rows"][0])
    wrong = viewer.get(url, {"measure": "posts", "colour": "red"})
    assert wrong.status_code == 400
    assert "category" in json.dumps(wrong.json())
    nowhere = viewer.get(url, {"measure": "posts", "by": "platform,day", "category": "candidat"})
    assert nowhere.status_code == 400
    assert "candidate" in json.dumps(nowhere.json())


def test_the_api_belongs_to_the_members_of_the_project(mission: Project) -> None:
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger"))
    for rest in ("measures/?measure=posts", "charts/", "charts/1/", "charts/1/data.csv"):
        assert stranger.get(f"/api/v1/projects/{mission.slug}/{rest}").status_code == 404
        assert Client().get(f"/api/v1/projects/{mission.slug}/{rest}").status_code in (401, 403)
