"""The only SQL behind the numbers: fixed text, bound values.

Posts are read from ``DailyTotal``, never from the posts table; where only the analysed posts of
sampled categories count (footnotes 14 and 15 of the report) the few hundred sampled posts are read
in place of their accounts' totals.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from monitoring.models import Period, Project

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

_ALL = f"SELECT account_id, day, type, {', '.join(SUMS)} FROM monitoring_dailytotal"

# The totals of census categories, and in place of the others' the posts that were sampled.
_ANALYSED = f"""
    SELECT total.account_id, day, type, {", ".join(SUMS)}
    FROM monitoring_dailytotal total
    JOIN monitoring_account account ON account.id = total.account_id
    JOIN monitoring_actor actor ON actor.id = account.actor_id
    WHERE NOT EXISTS (
        SELECT 1 FROM coding_samplerule rule
        WHERE rule.category_id = actor.category_id AND rule.method = 'top'
    )
    UNION ALL
    SELECT post.account_id, (post.published_at AT TIME ZONE %(zone)s)::date, post.type, 1,
        post.interactions, post.reactions,
        {
    ", ".join(
        f"coalesce(post.{name}, 0)"
        for name in SUMS[SUMS.index("likes") : SUMS.index("provisional_posts")]
    )
},
        post.is_provisional::int, coalesce(post.followers > 0, false)::int,
        CASE WHEN post.followers > 0
            THEN round(post.interactions::numeric / post.followers, 9) ELSE 0 END
    FROM coding_samplepost sampled
    JOIN coding_sample sample ON sample.id = sampled.sample_id
    JOIN monitoring_post post ON post.id = sampled.post_id
    WHERE sample.project_id = %(project)s AND sample.method = 'top' AND sampled.left_at IS NULL
"""

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
    by_type: bool = False,
    types: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Sums over posts, a row per label, time and type.

    ``labels`` maps the accounts that count to the number of their group; without it every account
    of the project is its own group. ``time`` is day, week or month.
    """
    groups = ["label"]
    columns = ["label"]
    if time:
        columns.append(f"{_TIME[time]} AS time")
        groups.append("time")
    if by_type:
        columns.append("type")
        groups.append("type")
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    sql = f"""
        SELECT {", ".join(columns)}, {sums}
        FROM ({_ALL if scope == "all" else _ANALYSED}) fact
        JOIN unnest(%(accounts)s::bigint[], %(labels)s::int[]) AS who (account_id, label)
            USING (account_id)
        WHERE day BETWEEN %(start)s AND %(end)s
            {"AND type = ANY(%(types)s)" if types is not None else ""}
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
            "types": list(types or []),
            "zone": project.timezone,
            "project": project.pk,
        },
    )


_ANSWERS = {
    "mentions": "count(DISTINCT mention.id)",
    "codings": "count(DISTINCT final.post_id)",
    "flags": "count(DISTINCT flag.id)",
}
_ANSWER_COLUMNS = {
    "account": "post.account_id AS account",
    "about": "mention.actor_id AS about",
    "tone": "grade.key AS tone",
    "topic": "topic.key AS topic",
    "flag": "kind.key AS flag",
    "day": f"{_LOCAL_DAY} AS day",
    "week": f"date_trunc('week', {_LOCAL_DAY}::timestamp)::date AS week",
    "month": f"date_trunc('month', {_LOCAL_DAY}::timestamp)::date AS month",
}


def answers(
    *,
    project: Project,
    measure: str,
    window: Window,
    columns: Sequence[str],
    about: Sequence[int] | None = None,
    tones: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    flags: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Counts over the answers that count (final codings), a row per combination of ``columns``."""
    needs = set(columns)
    joins = []
    if measure == "mentions" or needs & {"about", "tone"} or about is not None or tones is not None:
        joins.append("JOIN coding_mention mention ON mention.coding_id = final.coding_id")
        joins.append("JOIN coding_counted_tones grade ON grade.id = mention.tone_id")
    if "topic" in needs or topics is not None:
        joins.append("JOIN coding_codingtopic chosen ON chosen.coding_id = final.coding_id")
        joins.append("JOIN coding_counted_topics topic ON topic.id = chosen.topic_id")
    if measure == "flags" or "flag" in needs or flags is not None:
        joins.append("JOIN coding_flag flag ON flag.coding_id = final.coding_id")
        joins.append("JOIN coding_counted_flags kind ON kind.id = flag.kind_id")
    conditions = [
        f"AND {column} = ANY(%({name})s)"
        for column, name, wanted in (
            ("mention.actor_id", "about", about),
            ("grade.key", "tones", tones),
            ("topic.key", "topics", topics),
            ("kind.key", "flags", flags),
        )
        if wanted is not None
    ]
    sql = f"""
        SELECT {"".join(f"{_ANSWER_COLUMNS[column]}, " for column in columns)}
            {_ANSWERS[measure]} AS value
        FROM coding_finalcoding final
        JOIN monitoring_post post ON post.id = final.post_id
        {" ".join(joins)}
        WHERE final.project_id = %(project)s AND final.coding_id IS NOT NULL
            AND {_LOCAL_DAY} BETWEEN %(start)s AND %(end)s
            {" ".join(conditions)}
        {"GROUP BY " + ", ".join(columns) if columns else ""}
    """
    return _rows(
        sql,
        {
            "project": project.pk,
            "zone": project.timezone,
            "start": window.start,
            "end": window.end,
            "about": list(about or []),
            "tones": list(tones or []),
            "topics": list(topics or []),
            "flags": list(flags or []),
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


def ad_window(*, project: Project, period: Period) -> Window | None:
    """The widest window of an Ad Library report that lies within the period, the latest of them."""
    found = _rows(
        """
        SELECT covers_from, covers_to FROM monitoring_adreportline
        WHERE project_id = %(project)s AND covers_from >= %(start)s AND covers_to <= %(end)s
        ORDER BY covers_to - covers_from DESC, covers_to DESC LIMIT 1
        """,
        {"project": project.pk, "start": period.start, "end": period.end},
    )
    return Window(found[0]["covers_from"], found[0]["covers_to"]) if found else None


def ad_lines(*, project: Project, window: Window) -> list[dict[str, Any]]:
    """The lines of one Ad Library report: a row per advertiser, and one for all locations."""
    return _rows(
        """
        SELECT line.kind, advertiser.id AS advertiser_id, advertiser.name AS advertiser,
            advertiser.page_id, advertiser.actor_id, min(line.currency) AS currency,
            coalesce(sum(line.ads), 0) AS ads, sum(line.spend_lower) AS low,
            CASE WHEN count(*) = count(line.spend_upper) THEN sum(line.spend_upper) END AS high
        FROM monitoring_adreportline line
        LEFT JOIN monitoring_advertiser advertiser ON advertiser.id = line.advertiser_id
        WHERE line.project_id = %(project)s AND line.kind IN ('advertiser', 'location')
            AND line.covers_from = %(start)s AND line.covers_to = %(end)s
        GROUP BY line.kind, advertiser.id
        """,
        {"project": project.pk, "start": window.start, "end": window.end},
    )
