"""Leads build charts, arrange the dashboard, write notes and translations; others cannot."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboards.charts.lookup import dashboard_keys
from dashboards.models import BuiltChart, ChartNote, Form, Place, PostTranslation
from dashboards.services.charts import NotArranged, arrange_dashboard, write_note
from monitoring.models import Membership, Post, Project
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db

QUESTION = {
    "title": "Comments",
    "measure": "comments",
    "first": "category",
    "form": "bars",
    "period": "entire",
    "scope": "all",
}


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(coded_mission, 1)


@pytest.fixture
def mission(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def lead(mission: Project) -> Client:
    return signed_in(mission, "lead")


def signed_in(mission: Project, role: str) -> Client:
    user = User.objects.create_user(f"the-{role}")
    Membership.objects.create(project=mission, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def page(name: str, mission: Project, *rest: object) -> str:
    return reverse(f"dashboards:{name}", args=[mission.slug, *rest])


def build(client: Client, mission: Project, **changed: Any) -> Any:
    return client.post(page("build", mission), {**QUESTION, "save": "", **changed})


def test_a_chart_is_built_without_code_and_stands_on_the_dashboard(
    lead: Client, mission: Project
) -> None:
    answer = build(lead, mission, category=["media", "party"], title_ru="Комментарии")
    built = BuiltChart.objects.of(mission).get()
    assert answer.url == page("chart", mission, built.key)
    assert dashboard_keys(mission)[-1] == built.key
    assert "Comments" in lead.get(page("dashboard", mission)).content.decode()
    shown = lead.get(answer.url, headers={"accept-language": "ru"}).content.decode()
    assert "Комментарии" in shown
    rows = lead.get(page("chart_csv", mission, built.key)).content.decode()
    assert "media" in rows
    assert "candidate" not in rows
    api = lead.get(f"/api/v1/projects/{mission.slug}/charts/{built.key}/").json()
    assert (api["id"], api["number"]) == (built.key, None)


@pytest.mark.parametrize(
    "question",
    [
        {"first": "actor", "form": "bars"},
        {"first": "category", "second": "type", "form": "stacked"},
        {"first": "category", "second": "language", "form": "stacked", "measure": "posts"},
        {"first": "topic", "second": "actor", "form": "heat", "measure": "codings"},
        {"first": "about", "second": "tone", "form": "stacked", "measure": "mentions"},
        {"first": "day", "form": "days"},
        {"first": "week", "second": "category", "form": "days"},
        {"first": "account", "second": "month", "form": "table"},
        {"first": "period", "form": "bars", "measure": "share"},
        {"first": "account", "form": "bars", "measure": "daily_interaction_rate"},
    ],
    ids=str,
)
def test_any_question_is_drawn_before_it_is_kept(
    question: dict[str, str], lead: Client, mission: Project
) -> None:
    answer = lead.post(page("build", mission), {**QUESTION, **question, "preview": ""})
    assert answer.status_code == 200, answer.context["form"].errors
    assert answer.context["preview"].drawing.base
    assert not BuiltChart.objects.of(mission).exists()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"measure": "spend", "first": "day"}, "advertiser"),
        ({"form": "stacked"}, "two dimensions"),
        ({"form": "days"}, "day, week or month"),
        ({"first": "day", "second": "week", "form": "days"}, "one can be a dimension"),
        ({"title": ""}, "required"),
    ],
    ids=str,
)
def test_a_question_that_cannot_be_drawn_is_not_kept(
    question: dict[str, str], said: str, lead: Client, mission: Project
) -> None:
    answer = build(lead, mission, **question)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not BuiltChart.objects.of(mission).exists()


def test_the_dashboard_stands_as_it_was_arranged(lead: Client, mission: Project) -> None:
    lead.post(page("arrange", mission), {"chart": ["9", "topics", "nonsense", "1", "9"]})
    assert dashboard_keys(mission) == ["9", "topics", "1"]
    shown = lead.get(page("dashboard", mission)).context["charts"]
    assert [one.chart.key for one in shown] == ["9", "topics", "1"]


def test_a_dashboard_holds_so_many_charts_and_no_more(mission: Project) -> None:
    with pytest.raises(NotArranged):
        arrange_dashboard(project=mission, keys=[str(number) for number in range(25)])


def test_a_deleted_chart_takes_its_place_and_note_with_it(lead: Client, mission: Project) -> None:
    build(lead, mission)
    built = BuiltChart.objects.of(mission).get()
    lead.post(page("chart_note", mission, built.key), {"text": "Mind the outlier."})
    lead.post(page("delete_chart", mission, built.pk))
    assert lead.get(page("chart", mission, built.key)).status_code == 404
    assert not Place.objects.of(mission).filter(chart_key=built.key).exists()
    assert not ChartNote.objects.of(mission).exists()


def test_a_note_is_printed_under_the_chart_and_raises_the_revision(
    lead: Client, mission: Project
) -> None:
    before = mission.revision.number
    lead.post(page("chart_note", mission, "1"), {"text": "One page was <b>silent</b>."})
    shown = lead.get(page("report", mission)).content.decode()
    assert "One page was &lt;b&gt;silent&lt;/b&gt;." in shown
    mission.revision.refresh_from_db()
    assert mission.revision.number == before + 1
    lead.post(page("chart_note", mission, "1"), {"text": ""})
    assert not ChartNote.objects.of(mission).exists()


def test_only_leads_build_arrange_and_write(mission: Project) -> None:
    monitor = signed_in(mission, "monitor")
    for name, rest in (("build", []), ("arrange", []), ("chart_note", ["1"])):
        assert monitor.post(page(name, mission, *rest)).status_code == 403
    assert "Build a chart" not in monitor.get(page("dashboard", mission)).content.decode()


def test_a_built_chart_of_another_project_is_not_found(lead: Client, mission: Project) -> None:
    build(lead, mission)
    built = BuiltChart.objects.of(mission).get()
    other = coded_mission(2)
    stranger = signed_in(other, "admin")
    assert stranger.get(page("chart", other, built.key)).status_code == 404
    assert stranger.post(page("delete_chart", other, built.pk)).status_code == 404
    assert BuiltChart.objects.of(mission).exists()


def test_a_translation_stands_under_the_top_post_in_its_language(
    lead: Client, mission: Project
) -> None:
    first = lead.get(page("top_posts", mission)).context["groups"][0].posts[0]
    lead.post(
        page("translate_post", mission, first.pk),
        {"language": "en", "text": "Vote early.", "next": "https://elsewhere.example/"},
    )
    assert "Vote early." in lead.get(page("top_posts", mission)).content.decode()
    russian = lead.get(page("top_posts", mission), headers={"accept-language": "ru"})
    assert "Vote early." not in russian.content.decode()


def test_top_posts_need_no_sample_and_skip_accounts_nobody_claimed(
    lead: Client, mission: Project
) -> None:
    shown = lead.get(page("top_posts", mission), {"count": 20}).context["groups"]
    for group in shown:
        period = mission.periods.get(key="entire")
        ranked = (
            Post.objects.of(mission)
            .counted()
            .on_platform(group.platform)
            .by_category(group.category.key)
            .published_between(*period.bounds())
            .most_interacted()[:20]
        )
        assert [post.pk for post in group.posts] == [post.pk for post in ranked]
    assert shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"form": "pie"},
        {"by": []},
    ],
    ids=str,
)
def test_the_database_keeps_no_chart_that_cannot_be_drawn(
    wrong: dict[str, Any], mission: Project
) -> None:
    right = {"title": "Right", "form": Form.BARS, "by": ["actor"], "measure": "posts"}
    author = User.objects.create_user("author")
    with pytest.raises(IntegrityError), transaction.atomic():
        BuiltChart.objects.create(project=mission, made_by=author, **{**right, **wrong})


def test_a_note_and_a_translation_say_something(mission: Project) -> None:
    author = User.objects.create_user("author")
    now = timezone.now()
    words = {"written_by": author, "written_at": now, "text": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        ChartNote.objects.create(project=mission, chart_key="1", **words)
    post = Post.objects.of(mission).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        PostTranslation.objects.create(post=post, language="en", **words)
    write_note(project=mission, chart_key="1", text="Once", by=author, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChartNote.objects.create(project=mission, chart_key="1", **{**words, "text": "Twice"})
