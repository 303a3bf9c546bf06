"""Measures against an independent count of the posts themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.measures import Measures, UnknownWord
from monitoring.models import Actor, Project
from tests.dashboards.missions import make_project, random_mission

pytestmark = pytest.mark.django_db

SEEDS = range(4)

PARTS = {
    "platform": "post.platform",
    "category": "category.key",
    "actor": "actor.name",
    "account": "account.id",
    "type": "post.type",
    "day": "((post.published_at AT TIME ZONE 'Asia/Bishkek')::date)::text",
    "week": "(date_trunc('week', post.published_at AT TIME ZONE 'Asia/Bishkek')::date)::text",
    "month": "(date_trunc('month', post.published_at AT TIME ZONE 'Asia/Bishkek')::date)::text",
}


def counted_by_hand(
    project: Project, measure: str, by: list[str], condition: str = "true", scope: str = "all"
) -> dict[tuple[Any, ...], int]:
    """The same question asked of the posts table, in SQL of the test's own."""
    value = "count(*)" if measure == "posts" else f"sum(coalesce(post.{measure}, 0))"
    keys = ", ".join(PARTS[name] for name in by)
    sampled = """
        (category.key <> 'media' OR EXISTS (SELECT 1 FROM coding_samplepost sampled
            WHERE sampled.post_id = post.id AND sampled.left_at IS NULL))
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {keys}{"," if keys else ""} {value}
            FROM monitoring_post post
            JOIN monitoring_account account ON account.id = post.account_id
            JOIN monitoring_actor actor ON actor.id = account.actor_id
            JOIN monitoring_category category ON category.id = actor.category_id
            JOIN monitoring_period period ON period.project_id = post.project_id
                AND period.key = 'entire'
            WHERE post.project_id = {project.pk} AND {condition}
                AND (post.published_at AT TIME ZONE 'Asia/Bishkek')::date
                    BETWEEN period.start AND period."end"
                AND {sampled if scope == "analysed" else "true"}
            {"GROUP BY " + keys if keys else ""}
            """
        )
        return {row[:-1]: int(row[-1] or 0) for row in cursor.fetchall()}


def asked(
    project: Project, measure: str, by: list[str], where: dict[str, str], scope: str = "all"
) -> dict[tuple[Any, ...], int]:
    rows = Measures(project).ask(measure, by=by, where=where, scope=scope).rows
    names = ["account_id" if name == "account" else name for name in by]
    return {tuple(row[name] for name in names): row["value"] for row in rows if row["value"]}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scope", ["all", "analysed"])
@pytest.mark.parametrize(
    "by",
    [
        [],
        ["platform"],
        ["category"],
        ["actor"],
        ["account"],
        ["type"],
        ["day"],
        ["week"],
        ["month"],
        ["actor", "type"],
        ["day", "platform"],
        ["category", "week"],
    ],
    ids=" x ".join,
)
def test_a_measure_is_what_the_posts_add_up_to(seed: int, scope: str, by: list[str]) -> None:
    project = random_mission(seed)
    for measure in ("posts", "interactions", "reactions", "love", "comments", "shares"):
        by_hand = counted_by_hand(project, measure, by, scope=scope)
        expected = {key: value for key, value in by_hand.items() if value}
        assert asked(project, measure, by, {}, scope) == expected


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ({"platform": "facebook"}, "post.platform = 'facebook'"),
        ({"kind": "page"}, "account.kind = 'page'"),
        ({"category": "media"}, "category.key = 'media'"),
        ({"political": "true"}, "category.is_political"),
        ({"individual": "false"}, "NOT category.is_individual"),
        ({"type": "photo"}, "post.type = 'photo'"),
        ({"actor": "Actor 1", "kind": "page"}, "actor.name = 'Actor 1' AND account.kind = 'page'"),
    ],
    ids=str,
)  # fmt: skip
def test_a_filter_leaves_the_posts_it_names(
    seed: int, where: dict[str, str], condition: str
) -> None:
    project = random_mission(seed)
    for by in (["actor"], ["account"], ["day"]):
        by_hand = counted_by_hand(project, "interactions", by, condition)
        expected = {key: value for key, value in by_hand.items() if value}
        assert asked(project, "interactions", by, where) == expected


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
        (lambda m: m.ask("posts", by=["tone"]), "platform"),
        (lambda m: m.ask("posts", where={"colour": "red"}), "category"),
        (lambda m: m.ask("posts", where={"political": "perhaps"}), "true or false"),
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
        for by in (["account"], ["day"], ["type"], ["period"], ["category", "week"]):
            measures.ask("interactions", by=by)
    assert not [query for query in queries if "monitoring_post" in query["sql"]]
