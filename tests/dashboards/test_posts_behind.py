"""The posts behind a mark: exactly those it counts, for those who may see them."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboards.charts import CHARTS, MORE, Drawing
from dashboards.measures import Measures
from dashboards.measures.posts_behind import PAGE
from dashboards.measures.vocabulary import COUNTER_MEASURES
from monitoring.models import Account, Membership, Project
from monitoring.services.totals import rebuild_daily_totals
from tests import factories as make
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db

# Charts whose numbers are no counts of posts or of what posts drew.
NOT_COUNTED = {"interaction-rate", "ads-by-advertiser", "ads-by-candidate", "ads-by-number"}


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(coded_mission, 1)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


def signed_in(mission: Project, role: str) -> Client:
    user = User.objects.create_user(f"the-{role}")
    Membership.objects.create(project=mission, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def address(mission: Project, query: str) -> str:
    return f"{reverse('dashboards:posts', args=[mission.slug])}?{query}"


def bars_of(drawing: Drawing) -> Iterator[tuple[float, dict[str, Any]]]:
    """Length and words of each bar that leads somewhere."""
    for trace, marks in zip(drawing.figure["data"], drawing.behind.marks, strict=False):
        if trace["type"] == "bar":
            lengths = trace["x"] if trace.get("orientation") == "h" else trace["y"]
            for length, mark in list(zip(lengths, marks, strict=True))[:12]:
                if mark is not None:
                    yield length, mark


def test_every_mark_of_every_chart_leads_to_as_many_posts_as_it_counts(mission: Project) -> None:
    measures = Measures(mission)
    followed = 0
    charts = {chart.key: chart for chart in [*CHARTS.values(), *MORE.values()]}
    for key in charts.keys() - NOT_COUNTED:
        drawing = charts[key].draw(measures)
        for length, mark in bars_of(drawing):
            words = parse_qs(drawing.behind.query(mark), keep_blank_values=True)
            measure, period, scope = (words.pop(word)[0] for word in ("measure", "period", "scope"))
            behind = measures.posts_behind(measure, where=words, period=period, scope=scope).all()
            if measure in ("posts", "codings", "mentions"):
                assert behind.count() == length, (key, mark)
            elif measure in COUNTER_MEASURES:
                assert sum(getattr(post, measure) or 0 for post in behind) == length, (key, mark)
            followed += 1
    assert followed > 100


def test_the_marks_of_a_chart_of_tone_name_outlet_candidate_and_tone(mission: Project) -> None:
    drawing = CHARTS[6].draw(Measures(mission))
    for trace, marks in zip(drawing.figure["data"], drawing.behind.marks, strict=True):
        headings = [mark for mark in marks if mark is None]
        assert len(marks) == len(trace["x"])
        assert all(set(mark) == {"actor", "about", "tone"} for mark in marks if mark)
        assert bool(headings) == bool(drawing.rows)


def test_the_row_of_a_table_links_to_its_posts(mission: Project) -> None:
    monitor = signed_in(mission, "monitor")
    page = monitor.get(reverse("dashboards:chart", args=[mission.slug, 1])).content.decode()
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', page)
    for row, link in zip(CHARTS[1].draw(Measures(mission)).rows, links, strict=True):
        answer = monitor.get(unescape(link))
        assert answer.context["count"] == row[1].value


def test_a_viewer_sees_numbers_and_no_list_of_posts(mission: Project) -> None:
    viewer = signed_in(mission, "viewer")
    assert viewer.get(address(mission, "measure=posts")).status_code == 403
    page = viewer.get(reverse("dashboards:chart", args=[mission.slug, 1])).content.decode()
    assert reverse("dashboards:posts", args=[mission.slug]) not in page


@pytest.mark.parametrize("query", ["measure=mentions", "tone=negative", "measure=codings&topic=x"])
def test_a_monitor_cannot_learn_how_others_coded_a_post(query: str, mission: Project) -> None:
    assert signed_in(mission, "monitor").get(address(mission, query)).status_code == 403
    assert signed_in(mission, "lead").get(address(mission, query)).status_code == 200


def test_a_chart_of_codings_gives_a_viewer_no_links(mission: Project) -> None:
    url = reverse("dashboards:chart", args=[mission.slug, "topics"])
    assert "dashboard/posts/" not in signed_in(mission, "viewer").get(url).content.decode()
    assert "dashboard/posts/" in signed_in(mission, "lead").get(url).content.decode()


def test_nobody_reads_the_posts_of_another_project(mission: Project) -> None:
    other = make.project("other")
    theirs = make.post(make.account(make.actor(other)))
    lead = signed_in(mission, "lead")
    assert lead.get(address(other, "measure=posts")).status_code == 404
    assert lead.get(address(mission, f"measure=posts&after={theirs.pk}")).status_code == 404


def test_a_question_that_is_wrong_is_told_the_right_words(mission: Project) -> None:
    lead = signed_in(mission, "lead")
    for query, right in (
        ("measure=likez", "interactions"),
        ("colour=red", "category"),
        ("period=autumn", "campaign"),
        ("measure=spend", "no posts behind ads"),
    ):
        answer = lead.get(address(mission, query))
        assert answer.status_code == 400
        assert right in answer.content.decode()
    assert lead.get(address(mission, "after=x")).status_code == 404


def test_pages_of_posts_show_each_once_in_their_order() -> None:
    project = make.project()
    account = make.account(make.actor(project))
    for number in range(PAGE + 5):
        make.post(account, likes=number // 3, text=f"post {number}")
    rebuild_daily_totals(project=project)
    lead = signed_in(project, "lead")
    first = lead.get(address(project, urlencode({"measure": "posts", "account": account.pk})))
    second = lead.get(address(project, first.context["more"]))
    shown = [post.pk for post in (*first.context["posts"], *second.context["posts"])]
    expected = Measures(project).posts_behind("posts").all()
    assert len(shown) == PAGE + 5
    assert shown == [post.pk for post in expected]
    assert second.context["more"] == ""


def test_a_page_of_posts_is_a_handful_of_queries(mission: Project) -> None:
    lead = signed_in(mission, "lead")
    with CaptureQueriesContext(connection) as queries:
        lead.get(address(mission, "measure=posts"))
    assert len(queries) <= 14


def test_texts_of_posts_stay_texts(mission: Project) -> None:
    account = Account.objects.of(mission).monitored().first()
    make.post(account, text="<script>alert(1)</script>", url="javascript:alert(1)", likes=10**6)
    rebuild_daily_totals(project=mission)
    page = signed_in(mission, "lead").get(
        address(mission, "measure=posts&period=2021-01-05..2021-01-05")
    )
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert "javascript:" not in page.content.decode()
