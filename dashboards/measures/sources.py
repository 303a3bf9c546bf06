"""The only SQL behind the numbers: fixed text, bound values.

Posts are read from ``DailyTotal`` and ``DailyLanguage``, never from the posts table; where only the
analysed posts of sampled categories count (footnotes 14 and 15 of the report) the few hundred
sampled posts are read in place of their accounts' totals.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from monitoring.models import Project

SUMS = (
    "posts",
    "interactions",
    "reactions",
    "likes",
    "love",
    "wow",
    "haha",
    "sad",
    "angry",
    "care",
    "other_reactions",
    "comments",
    "shares",
    "views",
    "provisional_posts",
    "rated_posts",
    "rate_sum",
)

# What posts are of, besides an account and a day: where that is stored, and what is summed there.
_STORED = {
    "type": ("monitoring_dailytotal", SUMS),
    "language": ("monitoring_dailylanguage", ("posts", "interactions", "provisional_posts")),
}

# One post as the columns of a daily total.
_OF_A_POST = {
    **{name: f"coalesce(post.{name}, 0)" for name in SUMS},
    "posts": "1",
    "provisional_posts": "post.is_provisional::int",
    "rated_posts": "coalesce(post.followers > 0, false)::int",
    "rate_sum": "CASE WHEN post.followers > 0"
    " THEN round(post.interactions::numeric / post.followers, 9) ELSE 0 END",
}


def _of_one_post(sums: Sequence[str]) -> str:
    return ", ".join(f"{_OF_A_POST[name]} AS {name}" for name in sums)


# A sampled post by its key, one after the other. A census is in the table of sampled posts too, so
# that the planner takes a few hundred drawn ones for a great part of all posts, and would read the
# whole table of posts for them: the LIMIT keeps it from that.
_EACH_SAMPLED_POST = """CROSS JOIN LATERAL (
        SELECT * FROM monitoring_post WHERE id = sampled.post_id LIMIT 1
    ) AS post"""


def _all(kind: str) -> str:
    table, sums = _STORED[kind]
    return f"SELECT account_id, day, {kind}, {', '.join(sums)} FROM {table}"


def _analysed(kind: str) -> str:
    """The totals of census categories, and in place of the others' the posts that were sampled."""
    table, sums = _STORED[kind]
    return f"""
    SELECT total.account_id, day, {kind}, {", ".join(sums)}
    FROM {table} total
    JOIN monitoring_account account ON account.id = total.account_id
    JOIN monitoring_actor actor ON actor.id = account.actor_id
    WHERE NOT EXISTS (
        SELECT 1 FROM coding_samplerule rule
        WHERE rule.category_id = actor.category_id AND rule.method = 'top'
    )
    UNION ALL
    SELECT post.account_id, (post.published_at AT TIME ZONE %(zone)s)::date, post.{kind},
        {_of_one_post(sums)}
    FROM coding_samplepost sampled
    JOIN coding_sample sample ON sample.id = sampled.sample_id
    {_EACH_SAMPLED_POST}
    -- The category of today: who left it is counted with the posts of the new one, or not at all.
    JOIN monitoring_account account ON account.id = post.account_id
    JOIN monitoring_actor actor ON actor.id = account.actor_id
        AND actor.category_id = sample.category_id
    JOIN coding_samplerule rule ON rule.category_id = actor.category_id AND rule.method = 'top'
    WHERE sample.project_id = %(project)s AND sample.method = 'top' AND sampled.left_at IS NULL
    """


def _added_up(sums: Sequence[str]) -> str:
    """Whole numbers, but the sum of rates; the database would make decimals of them all."""
    return ", ".join(
        f"sum({name}) AS {name}" if name == "rate_sum" else f"sum({name})::bigint AS {name}"
        for name in sums
    )


_TIME = {
    "day": "day",
    "week": "date_trunc('week', day)::date",
    "month": "date_trunc('month', day)::date",
}
_LOCAL_DAY = "(post.published_at AT TIME ZONE %(zone)s)::date"


@dataclass(frozen=True)
class Window:
    """A range of days, both ends inclusive, in the project's zone."""

    start: datetime.date
    end: datetime.date


def _rows(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def post_totals(
    *,
    project: Project,
    window: Window,
    scope: str,
    labels: dict[int, int] | None = None,
    time: str = "",
    kind: str = "type",
    by_kind: bool = False,
    kinds: Sequence[str] | None = None,
    days: Sequence[datetime.date] | None = None,
) -> list[dict[str, Any]]:
    """Sums over posts, a row per label, time and kind, which is type or language.

    ``labels`` maps the accounts that count to the number of their group; without it every account
    of the project is its own group. ``time`` is day, week or month.
    """
    groups = ["label"]
    columns = ["label"]
    if time:
        columns.append(f"{_TIME[time]} AS time")
        groups.append("time")
    if by_kind:
        columns.append(kind)
        groups.append(kind)
    sql = f"""
        SELECT {", ".join(columns)}, {_added_up(_STORED[kind][1])}
        FROM ({_all(kind) if scope == "all" else _analysed(kind)}) fact
        JOIN unnest(%(accounts)s::bigint[], %(labels)s::int[]) AS who (account_id, label)
            USING (account_id)
        WHERE day BETWEEN %(start)s AND %(end)s
            {f"AND {kind} = ANY(%(kinds)s)" if kinds is not None else ""}
            {"AND day = ANY(%(days)s::date[])" if days is not None else ""}
        GROUP BY {", ".join(groups)}
    """
    labels = labels or {}
    return _rows(
        sql,
        {
            "accounts": list(labels),
            "labels": list(labels.values()),
            "start": window.start,
            "end": window.end,
            "kinds": list(kinds or []),
            "days": list(days or []),
            "zone": project.timezone,
            "project": project.pk,
        },
    )


def account_totals(*, project: Project, window: Window) -> list[dict[str, Any]]:
    """Sums over all posts, a row per ``account`` that published, whoever it belongs to."""
    return _rows(
        f"""
        SELECT account_id AS account, {_added_up(SUMS)} FROM monitoring_dailytotal
        WHERE account_id IN (SELECT id FROM monitoring_account WHERE project_id = %(project)s)
            AND day BETWEEN %(start)s AND %(end)s
        GROUP BY account_id
        """,
        {"project": project.pk, "start": window.start, "end": window.end},
    )


def sampled_totals(*, project: Project, window: Window) -> list[dict[str, Any]]:
    """Sums over the drawn posts, a row per ``account`` and ``category`` they were drawn for."""
    return _rows(
        f"""
        SELECT account_id AS account, category, {_added_up(SUMS)}
        FROM (
            SELECT post.account_id, category.key AS category, {_of_one_post(SUMS)}
            FROM coding_sample sample
            JOIN monitoring_category category ON category.id = sample.category_id
            JOIN coding_samplepost sampled
                ON sampled.sample_id = sample.id AND sampled.left_at IS NULL
            {_EACH_SAMPLED_POST}
            WHERE sample.project_id = %(project)s AND sample.method = 'top'
                AND {_LOCAL_DAY} BETWEEN %(start)s AND %(end)s
        ) AS fact
        GROUP BY account_id, category
        """,
        {
            "project": project.pk,
            "zone": project.timezone,
            "start": window.start,
            "end": window.end,
        },
    )


# What one row of an answer counts, and how much it adds: a post that names three topics counts
# once in each, and once where topics are not asked for.
_UNITS = {"mentions": "mention.id", "flags": "flag.id"}
_ANSWER_COLUMNS = {
    "account": "post.account_id",
    "type": "post.type",
    "language": "post.language",
    "about": "mention.actor_id",
    "tone": "grade.key",
    "topic": "topic.key",
    "flag": "kind.key",
    "day": _LOCAL_DAY,
    "week": f"date_trunc('week', {_LOCAL_DAY}::timestamp)::date",
    "month": f"date_trunc('month', {_LOCAL_DAY}::timestamp)::date",
}
_FILTERS = {
    "about": "mention.actor_id = ANY(%(about)s::bigint[])",
    "tone": "grade.key = ANY(%(tone)s)",
    "topic": "topic.key = ANY(%(topic)s)",
    "flag": "kind.key = ANY(%(flag)s)",
    "type": "post.type = ANY(%(type)s)",
    "language": "post.language = ANY(%(language)s)",
    "day": f"{_LOCAL_DAY} = ANY(%(day)s::date[])",
}
_JOINS = (
    (
        {"about", "tone", "mentions"},
        "JOIN coding_counted_mentions mention ON mention.coding_id = final.coding_id"
        " JOIN coding_counted_tones grade ON grade.id = mention.tone_id",
    ),
    (
        {"topic"},
        "JOIN coding_codingtopic chosen ON chosen.coding_id = final.coding_id"
        " JOIN coding_counted_topics topic ON topic.id = chosen.topic_id",
    ),
    (
        {"flag", "flags"},
        "JOIN coding_flag flag ON flag.coding_id = final.coding_id"
        " JOIN coding_counted_flags kind ON kind.id = flag.kind_id",
    ),
)


def answers(
    *,
    project: Project,
    measure: str,
    window: Window,
    columns: Sequence[str],
    wanted: Mapping[str, Sequence[Any]],
) -> list[dict[str, Any]]:
    """Sums over the posts whose answers count (final codings), a row per value of ``columns``.

    ``wanted`` holds the values that the filters about, tone, topic, flag, type, language and day
    leave.
    """
    asked = {measure, *columns, *wanted}
    shown = "".join(f"{_ANSWER_COLUMNS[column]} AS {column}, " for column in columns)
    is_counter = measure in SUMS and measure != "posts"
    sql = f"""
        SELECT {"".join(f"{column}, " for column in columns)}sum(amount) AS value
        FROM (
            SELECT DISTINCT {shown} {_UNITS.get(measure, "post.id")} AS unit,
                {f"coalesce(post.{measure}, 0)" if is_counter else "1"} AS amount
            FROM coding_finalcoding final
            JOIN monitoring_post post ON post.id = final.post_id
            {" ".join(join for needs, join in _JOINS if needs & asked)}
            WHERE final.project_id = %(project)s AND final.coding_id IS NOT NULL
                AND {_LOCAL_DAY} BETWEEN %(start)s AND %(end)s
                {" ".join(f"AND {_FILTERS[name]}" for name in wanted)}
        ) AS counted
        {"GROUP BY " + ", ".join(columns) if columns else ""}
    """
    values = {name: list(chosen) for name, chosen in wanted.items()}
    rows = _rows(
        sql,
        {
            "project": project.pk,
            "zone": project.timezone,
            "start": window.start,
            "end": window.end,
            **values,
        },
    )
    return [row | {"value": int(row["value"] or 0)} for row in rows]


_ENTRIES = {
    section: f"SELECT id FROM coding_counted_{section}"
    " WHERE project_id = %(project)s AND key = ANY(%(keys)s)"
    for section in ("tones", "topics", "flags")
}


def counted_entries(*, project: Project, section: str, keys: Collection[str]) -> list[int]:
    """The entries of all versions of the codebook whose codings count as one of the keys."""
    found = _rows(_ENTRIES[section], {"project": project.pk, "keys": list(keys)})
    return [row["id"] for row in found]


def top_posts(
    *,
    project: Project,
    accounts: Mapping[int, int],
    start: datetime.datetime,
    end: datetime.datetime,
    count: int,
) -> list[dict[str, Any]]:
    """The most interacted posts of each group: ``label``, ``rank`` and ``id``.

    ``accounts`` maps those that count to the number of their group. Of each account only its
    first ``count`` posts are read, from the index that ranks them.
    """
    return _rows(
        """
        SELECT label, rank, id FROM (
            SELECT who.label, post.id, row_number() OVER (
                PARTITION BY who.label
                ORDER BY post.interactions DESC, post.published_at, post.native_id
            ) AS rank
            FROM unnest(%(accounts)s::bigint[], %(labels)s::int[]) AS who (account_id, label)
            CROSS JOIN LATERAL (
                SELECT id, interactions, published_at, native_id FROM monitoring_post
                WHERE account_id = who.account_id AND project_id = %(project)s
                    AND published_at >= %(start)s AND published_at < %(end)s
                ORDER BY interactions DESC, published_at, native_id
                LIMIT %(count)s
            ) AS post
        ) AS ranked
        WHERE rank <= %(count)s ORDER BY label, rank
        """,
        {
            "accounts": list(accounts),
            "labels": list(accounts.values()),
            "project": project.pk,
            "start": start,
            "end": end,
            "count": count,
        },
    )


def unsettled_posts(*, project: Project) -> list[dict[str, Any]]:
    """How many posts of each account wait for a lead's decision."""
    return _rows(
        """
        SELECT post.account_id AS account, count(*) AS value
        FROM coding_finalcoding final JOIN monitoring_post post ON post.id = final.post_id
        WHERE final.project_id = %(project)s AND final.state = 'unsettled'
        GROUP BY post.account_id
        """,
        {"project": project.pk},
    )


def ad_reports(*, project: Project) -> dict[str, list[Window]]:
    """The windows of each country's Ad Library reports, the widest first, of equals the latest.

    The countries are in the order in which their first reports came in.
    """
    found = _rows(
        """
        SELECT country, covers_from, covers_to FROM monitoring_adreportline
        WHERE project_id = %(project)s GROUP BY country, covers_from, covers_to
        ORDER BY min(min(id)) OVER (PARTITION BY country), country,
            covers_to - covers_from DESC, covers_to DESC
        """,
        {"project": project.pk},
    )
    reports: dict[str, list[Window]] = {}
    for row in found:
        reports.setdefault(row["country"], []).append(Window(row["covers_from"], row["covers_to"]))
    return reports


# What Meta prints in place of a disclaimer where an ad ran without one.
UNDISCLOSED = ("", "These ads ran without a disclaimer")


def ad_lines(*, project: Project, window: Window, country: str) -> list[dict[str, Any]]:
    """The lines of one country's report: a row per advertiser, and one for all locations."""
    return _rows(
        """
        SELECT line.kind, advertiser.id AS advertiser_id, advertiser.name AS advertiser,
            advertiser.page_id, advertiser.actor_id, min(line.currency) AS currency,
            coalesce(sum(line.ads), 0) AS ads, sum(line.spend_lower) AS low,
            CASE WHEN count(*) = count(line.spend_upper) THEN sum(line.spend_upper) END AS high,
            coalesce(sum(line.ads) FILTER (WHERE line.disclaimer = ANY(%(undisclosed)s)), 0)
                AS undisclosed
        FROM monitoring_adreportline line
        LEFT JOIN monitoring_advertiser advertiser ON advertiser.id = line.advertiser_id
        WHERE line.project_id = %(project)s AND line.kind IN ('advertiser', 'location')
            AND line.country = %(country)s
            AND line.covers_from = %(start)s AND line.covers_to = %(end)s
        GROUP BY line.kind, advertiser.id
        """,
        {
            "project": project.pk,
            "country": country,
            "start": window.start,
            "end": window.end,
            "undisclosed": list(UNDISCLOSED),
        },
    )


def single_ads(*, project: Project, window: Window) -> list[dict[str, Any]]:
    """Ads of the Ad Library's API that ran in the window, a row per advertiser as ``ad_lines``."""
    return _rows(
        """
        SELECT 'advertiser' AS kind, advertiser.id AS advertiser_id,
            advertiser.name AS advertiser, advertiser.page_id, advertiser.actor_id,
            min(ad.currency) AS currency, count(*) AS ads, sum(ad.spend_lower) AS low,
            CASE WHEN count(*) = count(ad.spend_upper) THEN sum(ad.spend_upper) END AS high,
            count(*) FILTER (WHERE ad.disclaimer = ANY(%(undisclosed)s)) AS undisclosed
        FROM monitoring_ad ad
        JOIN monitoring_advertiser advertiser ON advertiser.id = ad.advertiser_id
        WHERE ad.project_id = %(project)s AND ad.starts_on <= %(end)s
            AND (ad.ends_on IS NULL OR ad.ends_on >= %(start)s)
        GROUP BY advertiser.id
        """,
        {
            "project": project.pk,
            "start": window.start,
            "end": window.end,
            "undisclosed": list(UNDISCLOSED),
        },
    )
