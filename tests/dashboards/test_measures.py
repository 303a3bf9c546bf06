"""Measures against an independent count of the posts themselves."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.measures import Measures, UnknownWord
from monitoring.coverage import DAY
from monitoring.models import Account, Actor, ImportedAccount, ImportState, Project, Revision
from tests import factories as make
from tests.dashboards.missions import make_project, random_mission

pytestmark = pytest.mark.django_db


def test_an_actor_without_posts_or_even_accounts_is_a_row_with_zero() -> None:
    project = make_project("silent")
    party = project.categories.get(key="party")
    Actor.objects.create(project=project, category=party, name="Silent party")
    rows = Measures(project).ask("posts", by=["actor"], where={"category": "party"}).rows
    assert [(row["actor"], row["value"]) for row in rows] == [("Silent party", 0)]


def test_a_day_without_posts_is_a_row_with_zero() -> None:
    rows = Measures(make_project("quiet")).ask("posts", by=["day"]).rows
    assert len(rows) == 14
    assert {row["value"] for row in rows} == {0}


def test_rows_come_by_value_and_then_by_name() -> None:
    project = random_mission(3)
    rows = Measures(project).ask("posts", by=["actor"]).rows
    places = [(-row["value"], row["actor"]) for row in rows]
    assert places == sorted(places)


def test_periods_stand_side_by_side() -> None:
    project = random_mission(2)
    by_period = {
        row["period"]: row["value"] for row in Measures(project).ask("posts", by=["period"]).rows
    }
    assert by_period["entire"] == by_period["pre_campaign"] + by_period["campaign"]
    alone = Measures(project).ask("posts", period="campaign").value
    assert by_period["campaign"] == alone


def test_averages_count_silent_accounts_and_begun_weeks() -> None:
    project = random_mission(1)
    measures = Measures(project)
    posts = measures.ask("posts").value
    accounts = len(measures.ask("posts", by=["account"]).rows)
    assert measures.ask("avg_weekly_posts").value == pytest.approx(posts / accounts / 2)
    interactions = measures.ask("interactions").value
    daily = measures.ask("avg_daily_interactions").value
    assert daily == pytest.approx(interactions / accounts / 14)


def test_the_interaction_rate_is_the_mean_over_the_accounts_that_posted() -> None:
    project = random_mission(4)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT avg(rate) FROM (
                SELECT avg(post.interactions::numeric / post.followers) AS rate
                FROM monitoring_post post JOIN monitoring_account account
                    ON account.id = post.account_id AND account.state = 'monitored'
                WHERE post.project_id = %s AND post.followers > 0
                    AND (post.published_at AT TIME ZONE 'Asia/Bishkek')::date
                        BETWEEN '2020-11-19' AND '2020-12-02'
                GROUP BY account.id
            ) AS per_account
            """,
            [project.pk],
        )
        expected = float(cursor.fetchone()[0])
    rate = Measures(project).ask("daily_interaction_rate").value
    assert rate == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("scope", ["all", "analysed"])
def test_averages_of_one_type_of_posts_are_over_all_accounts(scope: str) -> None:
    project = random_mission(4)
    measures = Measures(project)
    accounts = measures.ask("posts", by=["account"], scope=scope).rows

    def of_photos(measure: str, **account: str) -> float | None:
        return measures.ask(measure, where={"type": "photo", **account}, scope=scope).value

    posts, interactions, rates = (
        [of_photos(measure, account=str(row["account_id"])) for row in accounts]
        for measure in ("posts", "interactions", "daily_interaction_rate")
    )
    weekly, daily = of_photos("avg_weekly_posts"), of_photos("avg_daily_interactions")
    assert weekly == pytest.approx(sum(posts) / len(accounts) / 2)
    assert daily == pytest.approx(sum(interactions) / len(accounts) / 14)
    known = [rate for rate in rates if rate is not None]
    assert of_photos("daily_interaction_rate") == pytest.approx(sum(known) / len(known))


def test_who_is_silent_in_one_type_of_posts_is_a_row_with_zero_too() -> None:
    project = random_mission(3)
    actors = {row["actor"] for row in Measures(project).ask("posts", by=["actor"]).rows}
    rows = Measures(project).ask("posts", by=["actor"], where={"type": "photo"}).rows
    assert {row["actor"] for row in rows} == actors


def test_what_cannot_be_averaged_is_none_and_not_zero() -> None:
    measures = Measures(make_project("empty"))
    assert measures.ask("avg_weekly_posts").value is None
    assert measures.ask("daily_interaction_rate").value is None


def test_the_base_says_what_was_counted() -> None:
    project = random_mission(5)
    where = {"platform": "facebook", "category": "media"}
    result = Measures(project).ask("interactions", where=where, scope="analysed")
    size = project.samplerules.get().size
    assert f"{size} post" in str(result.base)
    assert "Facebook, media" in str(result.base)
    posts = Measures(project).ask("posts", where=where, scope="analysed").value
    assert result.base.n == posts


@pytest.mark.parametrize(
    ("ask", "right"),
    [
        (lambda m: m.ask("likez"), "interactions"),
        (lambda m: m.ask("posts", by=["advertiser"]), "platform"),
        (lambda m: m.ask("posts", where={"colour": "red"}), "category"),
        (lambda m: m.ask("posts", where={"political": "perhaps"}), "true, false"),
        (lambda m: m.ask("posts", period="autumn"), "pre_campaign"),
        (lambda m: m.ask("posts", scope="some"), "analysed"),
        (lambda m: m.ask("posts", by=["day", "day"]), "once"),
        (lambda m: m.table(["posts", "ads"]), "side by side"),
    ],
)
def test_a_word_that_is_not_in_the_vocabulary_is_answered_with_the_right_ones(
    ask: Callable[[Measures], object], right: str
) -> None:
    measures = Measures(make_project("words"))
    with pytest.raises(UnknownWord, match=right):
        ask(measures)


def test_many_questions_about_accounts_cost_no_more_queries_than_one() -> None:
    measures = Measures(random_mission(0))
    measures.ask("posts", by=["account"], where={"category": "media"})
    with CaptureQueriesContext(connection) as queries:
        for measure in ("posts", "interactions", "comments"):
            for category in ("candidate", "party", "media"):
                measures.ask(measure, by=["account"], where={"category": category})
    assert [query["sql"][:60] for query in queries] == []


def test_no_question_about_counters_reads_the_posts_table() -> None:
    measures = Measures(random_mission(0))
    with CaptureQueriesContext(connection) as queries:
        for by in (["account"], ["day"], ["type"], ["language"], ["period"], ["category", "week"]):
            measures.ask("interactions", by=by)
    assert not [query for query in queries if "monitoring_post" in query["sql"]]


def covered_until(project: Project, day: datetime.date, *, of: Account, source: str = "") -> None:
    """An export of the account from the first day of the project to ``day``, made the day after."""
    one = make.source_import(project)
    one.source, one.state, one.rows_total = source or one.source, ImportState.DONE, 0
    one.exported_at = datetime.datetime.combine(day, datetime.time(12), project.zone) + DAY
    one.save()
    ImportedAccount.objects.create(
        source_import=one, account=of, first_day=make.START, last_day=day
    )


def uncovered(project: Project, *, changed: datetime.date) -> int:
    noon = datetime.datetime.combine(changed, datetime.time(12), project.zone)
    Revision.objects.update_or_create(project=project, defaults={"changed_at": noon})
    return Measures(project).ask("posts").base.uncovered


def test_a_base_counts_accounts_with_missing_days_but_no_day_that_is_not_over() -> None:
    project = make.project()
    account = make.account(make.actor(project))
    assert uncovered(project, changed=make.END) == 0  # nobody can tell without an export
    today = datetime.date(2020, 12, 20)
    covered_until(project, today - DAY, of=account)
    assert uncovered(project, changed=today) == 0
    assert uncovered(project, changed=today + DAY) == 1
    make.account(make.actor(project))
    assert uncovered(project, changed=today) == 1


def test_where_all_exports_are_searches_every_account_has_missing_days() -> None:
    project = make.project()
    account = make.account(make.actor(project))
    covered_until(project, make.END, of=account, source="meltwater")
    assert uncovered(project, changed=make.END + DAY) == 1
