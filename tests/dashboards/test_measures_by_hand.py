"""Measures of random projects against SQL over posts and codings that is written here."""

import datetime
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboards.measures import Measures, UnknownWord
from dashboards.measures.vocabulary import COUNTER_MEASURES
from monitoring.models import Account, Actor, Project
from monitoring.services.totals import rebuild_daily_totals
from tests.dashboards.missions import coded_mission, make_import, make_project, random_post

pytestmark = pytest.mark.django_db

LOCAL = "(post.published_at AT TIME ZONE 'Asia/Bishkek')"
COLUMNS = {
    "platform": "post.platform",
    "kind": "account.kind",
    "category": "category.key",
    "actor": "actor.name",
    "account": "account.id",
    "type": "post.type",
    "language": "post.language",
    "day": f"{LOCAL}::date::text",
    "week": f"date_trunc('week', {LOCAL})::date::text",
    "month": f"date_trunc('month', {LOCAL})::date::text",
    "about": "(SELECT name FROM monitoring_actor WHERE id = mention.actor_id)",
    "about_category": "(SELECT kind.key FROM monitoring_actor who JOIN monitoring_category kind"
    " ON kind.id = who.category_id WHERE who.id = mention.actor_id)",
    "tone": "(SELECT key FROM coding_tonegrade WHERE id = mention.tone_id)",
    "topic": "(SELECT key FROM coding_topic WHERE id = chosen.topic_id)",
    "flag": "(SELECT key FROM coding_flagkind WHERE id = flag.kind_id)",
}
DIMENSIONS = st.sampled_from([one for one in COLUMNS if one not in ("kind", "about_category")])
COUNTERS = tuple(name for name in COUNTER_MEASURES if name != "posts")
CODED = ("about", "about_category", "tone", "topic", "flag")
FILTERS = {
    "platform": ["facebook", "instagram"],
    "kind": ["page"],
    "actor": ["Actor 1"],
    "category": ["candidate", "media"],
    "about": ["Actor 0", "Actor 2"],
    "about_category": ["candidate", "party"],
    "political": ["true", "false"],
    "individual": ["true"],
    "type": ["photo", "link"],
    "language": ["ky", "en", ""],
    "day": ["2020-11-21", "2020-11-30"],
    "week": ["2020-11-23"],
    "month": ["2020-12-01"],
    "tone": ["positive", "negative"],
    "topic": ["elections"],
    "flag": ["manipulation"],
}
TIME = {"day", "week", "month"}
MISSIONS: dict[int, int] = {}


def by_hand(
    project: Project,
    measure: str,
    by: list[str],
    where: dict[str, str],
    scope: str,
    days: tuple[str, str],
) -> dict[tuple[Any, ...], int]:
    """Every row that counts, fetched one by one; added up in Python, each unit once per key."""
    coded = measure in ("mentions", "codings", "flags") or {*by, *where} & set(CODED)
    asked = {measure, *by, *where}
    joins = ""
    if coded:
        joins += " JOIN coding_finalcoding final ON final.post_id = post.id"
        joins += " AND final.coding_id IS NOT NULL"
    if asked & {"mentions", "about", "about_category", "tone"}:
        joins += " JOIN coding_mention mention ON mention.coding_id = final.coding_id"
    if asked & {"topic"}:
        joins += " JOIN coding_codingtopic chosen ON chosen.coding_id = final.coding_id"
    if asked & {"flag", "flags"}:
        joins += " JOIN coding_flag flag ON flag.coding_id = final.coding_id"
    conditions = [
        f"category.is_{key}::text = '{value}'"
        if key in ("political", "individual")
        else f"{COLUMNS[key]} = '{value}'"
        for key, value in where.items()
    ]
    if scope == "analysed" and not coded:
        conditions.append(
            "(category.key <> 'media' OR post.id IN"
            " (SELECT post_id FROM coding_samplepost WHERE left_at IS NULL))"
        )
    unit = {"mentions": "mention.id", "flags": "flag.id"}.get(measure, "post.id")
    amount = f"coalesce(post.{measure}, 0)" if measure in COUNTERS else "1"
    keys = "".join(f"{COLUMNS[name]}, " for name in by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {keys} {unit}, {amount}
            FROM monitoring_post post
            JOIN monitoring_account account ON account.id = post.account_id
                AND account.state = 'monitored'
            JOIN monitoring_actor actor ON actor.id = account.actor_id
            JOIN monitoring_category category ON category.id = actor.category_id
            {joins}
            WHERE post.project_id = {project.pk}
                AND {LOCAL}::date BETWEEN '{days[0]}' AND '{days[1]}'
                {"".join(f" AND {condition}" for condition in conditions)}
            """
        )
        units = {(row[:-2], row[-2]): int(row[-1]) for row in cursor.fetchall()}
    sums: dict[tuple[Any, ...], int] = {}
    for (key, _unit), amount_of_unit in units.items():
        sums[key] = sums.get(key, 0) + amount_of_unit
    return {key: value for key, value in sums.items() if value}


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    by = draw(st.lists(DIMENSIONS, unique=True, max_size=2))
    keys = draw(st.lists(st.sampled_from(list(FILTERS)), unique=True, max_size=3))
    measures = ["posts", *COUNTERS, "mentions", "codings", "flags"]
    if "language" in (*by, *keys):
        measures = ["posts", "interactions", "mentions", "codings", "flags"]
        by, keys = ([name for name in names if name != "type"] for names in (by, keys))
    return {
        "measure": draw(st.sampled_from(measures)),
        "by": by if len(TIME & set(by)) < 2 else by[:1],
        "where": {key: draw(st.sampled_from(FILTERS[key])) for key in keys},
        "scope": draw(st.sampled_from(["all", "analysed"])),
        "period": draw(st.sampled_from(["entire", "campaign", "2020-11-22..2020-11-24"])),
    }


DAYS = {
    "entire": ("2020-11-19", "2020-12-02"),
    "campaign": ("2020-11-26", "2020-12-02"),
    "2020-11-22..2020-11-24": ("2020-11-22", "2020-11-24"),
}


def question(measure: str, *by: str, **where: str) -> dict[str, Any]:
    return {
        "measure": measure,
        "by": list(by),
        "where": where,
        "scope": "all",
        "period": "entire",
    }


@given(seed=st.integers(0, 3), asked=st.lists(questions(), min_size=6, max_size=6))
@example(seed=1, asked=[question("mentions", "about", "tone", topic="elections")])
@example(seed=1, asked=[question("interactions", "topic", flag="manipulation")])
@example(seed=1, asked=[question("posts", "category", "language", platform="facebook")])
@example(seed=1, asked=[question("interactions", "actor", "week", language="ky")])
@example(seed=1, asked=[question("mentions", "language", "tone")])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_answer_is_what_posts_and_codings_add_up_to(
    seed: int, asked: list[dict[str, Any]]
) -> None:
    project = mission_of(seed)
    measures = Measures(project)
    for one in asked:
        words = {key: one[key] for key in ("by", "where", "scope", "period")}
        result = measures.ask(one["measure"], **words)
        names = ["account_id" if name == "account" else name for name in one["by"]]
        found = {tuple(row[n] for n in names): row["value"] for row in result.rows if row["value"]}
        days = DAYS[one["period"]]
        expected = by_hand(project, one["measure"], one["by"], one["where"], one["scope"], days)
        assert found == expected, one

        del words["by"]
        behind = measures.posts_behind(one["measure"], **words).all()
        listed = measures.posts_behind(one["measure"], **words)
        assert listed.page(7) == list(behind[:7])
        if one["measure"] in ("posts", "codings"):
            # Of a post with two topics there is one post behind the number, and it counts once.
            assert behind.count() == measures.ask(one["measure"], **words).value, one
        if one["measure"] == "interactions":
            listed = sum(post.interactions for post in behind)
            assert listed == measures.ask(one["measure"], **words).value, one


def mission_of(seed: int) -> Project:
    """The mission of a seed: examples of one test share it."""
    found = Project.objects.filter(slug=f"mission-{seed}").first()
    return found or coded_mission(seed)


def test_posts_of_accounts_that_wait_or_are_ignored_count_nowhere() -> None:
    project = coded_mission(1)
    measures = Measures(project)
    before = {by: measures.ask("posts", by=[by]).total for by in ("platform", "actor", "day")}
    gone = Account.objects.of(project).monitored().filter(posts__isnull=False).first()
    lost = measures.ask("posts", where={"account": str(gone.pk)}).value
    coded = measures.ask("codings").value
    its_codings = measures.ask("codings", where={"account": str(gone.pk)}).value
    Account.objects.of(project).filter(pk=gone.pk).update(state="ignored", actor=None)
    after = Measures(project)
    assert lost > 0
    for by, total in before.items():
        assert after.ask("posts", by=[by]).total == total - lost
    assert after.ask("codings").value == coded - its_codings
    for scope in ("all", "analysed"):
        behind = after.posts_behind("posts", scope=scope).all()
        assert behind.count() == after.ask("posts", scope=scope).value
        assert not behind.filter(account=gone.pk).exists()


def test_posts_of_an_actor_that_left_a_sampled_category_are_counted_once() -> None:
    project = coded_mission(2)
    media = project.categories.get(key="media")
    actor = Actor.objects.of(project).filter(category=media).first()
    if actor is None:
        actor = Actor.objects.create(project=project, category=media, name="Paper")
        page = actor.accounts.create(
            project=project, platform="facebook", kind="page", native_id="7", name="Paper"
        )
        dice = random.Random(1)
        batch = make_import(make_project("files"))
        for _number in range(4):
            random_post(dice, batch, page).save()
        rebuild_daily_totals(project=project)
    actor.category = project.categories.get(key="party")
    actor.save()
    posts = Measures(project).ask("posts", where={"actor": actor.name}).value
    analysed = Measures(project).ask("posts", where={"actor": actor.name}, scope="analysed").value
    assert analysed == posts


def test_two_periods_stand_beside_each_other_with_what_changed() -> None:
    project = coded_mission(3)
    measures = Measures(project)
    now = measures.ask("posts", by=["account"], period="campaign").rows
    then = measures.ask("posts", by=["account"], period="pre_campaign").rows
    before = {row["account_id"]: row["value"] for row in then}
    result = measures.ask("posts", by=["account"], period="campaign", against="pre_campaign")
    assert {(row["account_id"], row["before"], row["change"]) for row in result.rows} == {
        (row["account_id"], before[row["account_id"]], row["value"] - before[row["account_id"]])
        for row in now
    }
    assert "against 19 November 2020" in str(result.base)
    previous = measures.ask("posts", by=["account"], period="campaign", against="previous")
    assert previous.rows == result.rows


def test_periods_overlap_and_their_base_counts_no_post_twice() -> None:
    project = coded_mission(0)
    measures = Measures(project)
    alone = measures.ask("posts")
    assert measures.ask("posts", by=["period"]).base.n == alone.base.n
    by_period = measures.ask("share", by=["period", "platform"]).rows
    for key in ("entire", "campaign"):
        shares = [row["value"] for row in by_period if row["period"] == key]
        assert sum(shares) == pytest.approx(100)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ({"by": ["day", "week"]}, "day, week and month"),
        ({"where": {"platform": "facebok"}}, "facebook"),
        ({"where": {"day": "yesterday"}}, "2021-01-09"),
        ({"period": "2020-13-01..2020-14-01"}, "2021-01-09"),
        ({"period": "2020-12-02..2020-12-01"}, "campaign"),
        ({"by": ["day"], "against": "campaign"}, "second period"),
        ({"by": ["type"], "where": {"language": "ky"}}, "counted apart"),
        ({"where": {"language": "de"}}, "ky, ru, en, other"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(words: dict[str, Any], right: str) -> None:
    with pytest.raises(UnknownWord, match=right):
        Measures(make_project("words")).ask("posts", **words)


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("category", "candidat", "candidate"),
        ("about_category", "paper", "media"),
        ("actor", "Acto 1", "Actor 1"),
        ("about", "Nobody", "Actor 1"),
        ("account", "Page", "Page of"),
        ("tone", "good", "positive"),
        ("topic", "electoins", "elections"),
        ("flag", "lies", "manipulation"),
    ],
)
def test_a_value_that_nothing_has_is_answered_with_those_there_are(
    key: str, value: str, right: str
) -> None:
    measures = Measures(coded_mission(1))
    with pytest.raises(UnknownWord, match=right):
        measures.check_values({key: [value]})
    measures.check_values({"category": "media", "type": "photo", "platform": "facebook"})


def test_of_languages_posts_and_interactions_are_kept_and_no_other_counter() -> None:
    measures = Measures(coded_mission(1))
    shares = measures.ask("share", by=["language"], where={"platform": "facebook"})
    assert sum(row["value"] for row in shares.rows) == pytest.approx(100)
    assert "Kyrgyz" in str(measures.ask("posts", where={"language": "ky"}).base)
    for measure in ("likes", "comments", "avg_weekly_posts"):
        with pytest.raises(UnknownWord, match="not a dimension"):
            measures.ask(measure, by=["language"])
        with pytest.raises(UnknownWord, match="not a filter"):
            measures.ask(measure, where={"language": "ky"})


def test_a_result_says_as_of_when_in_the_zone_of_the_project() -> None:
    project = coded_mission(1)
    at = datetime.datetime(2021, 1, 9, 20, 30, tzinfo=datetime.UTC)
    project.revision.changed_at = at
    project.revision.save()
    base = Measures(project).ask("posts").base
    assert base.moment == "as of 10 January 2021, 02:30"
    assert base.printed == f"{base} · {base.moment}"


def test_an_ad_library_report_is_read_once_however_many_periods_are_asked() -> None:
    measures = Measures(make_project("ads"))
    with CaptureQueriesContext(connection) as queries:
        for period in ("entire", "pre_campaign", "campaign"):
            measures.ask("spend", period=period)
            measures.ask("ads", by=["advertiser"], period=period)
    assert len([one for one in queries if "adreportline" in one["sql"]]) == 1
