"""Account by day: what is known of each account of the list, added up by the database.

A thousand accounts over sixty days are sixty thousand cells: the database leaves a line of each
account, and cells are made of the accounts that are shown.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from psycopg2.sql import SQL

from monitoring.coverage import DAY, Gap
from monitoring.interactions import PLATFORMS
from monitoring.models import Project
from monitoring.services.coverage import COVERED, asked

# The first day of the week, or of what the span has of it, in which a day lies; or the day itself.
_PART = SQL("""
    CASE WHEN %(by_week)s THEN greatest(date_trunc('week', day)::date, %(start)s) ELSE day END
""")
_LINES = SQL("""
    WITH {covered},
    listed AS (
        SELECT account.id, account.name, account.platform, actor.name AS actor,
            category.key AS category, category.position
        FROM monitoring_account AS account
        JOIN monitoring_actor AS actor ON actor.id = account.actor_id
        JOIN monitoring_category AS category ON category.id = actor.category_id
        WHERE account.project_id = %(project)s AND account.state = 'monitored'
            AND (%(platform)s = '' OR account.platform = %(platform)s)
            AND (%(category)s = '' OR category.key = %(category)s)
    )
    SELECT listed.id, listed.name, listed.actor, listed.platform, listed.category,
        EXISTS (
            SELECT FROM monitoring_dailytotal AS total WHERE total.account_id = listed.id
            AND total.day BETWEEN %(start)s AND %(end)s AND total.posts > 0
        ),
        %(over)s - %(start)s,
        gaps.starts, gaps.ends
    FROM listed
    LEFT JOIN covered ON covered.account_id = listed.id
    CROSS JOIN LATERAL (
        SELECT array_agg(lower(gap) ORDER BY gap) AS starts,
            array_agg(upper(gap) - 1 ORDER BY gap) AS ends
        FROM unnest(
            datemultirange(daterange(%(start)s, %(over)s)) - coalesce(covered.days, '{{}}')
        ) AS gap
    ) AS gaps
    ORDER BY listed.position, listed.category, listed.actor, listed.platform, listed.name, listed.id
""").format(covered=COVERED)
_POSTS = SQL("""
    SELECT account_id, {part} AS part, sum(posts)::bigint
    FROM monitoring_dailytotal
    WHERE account_id = ANY (%(accounts)s) AND day BETWEEN %(start)s AND %(end)s
    GROUP BY 1, 2
""").format(part=_PART)


class Line(NamedTuple):
    """An account over a span of days: has it posts, and which days does no export cover?"""

    id: int
    name: str
    actor: str
    platform: str
    category: str  # its key
    has_posts: bool
    days_over: int
    gaps: tuple[Gap, ...]

    @property
    def platform_name(self) -> str:
        return PLATFORMS[self.platform].name

    @property
    def missing_days(self) -> int:
        return sum(gap.days for gap in self.gaps)

    @property
    def is_silent(self) -> bool:
        """Whether it published nothing on the days that exports cover, of which there are some."""
        return not self.has_posts and self.missing_days < self.days_over


class Asked(NamedTuple):
    """Whose coverage, over which days; ``today``, in the project's zone, is not over yet."""

    project: Project
    start: datetime.date
    end: datetime.date
    today: datetime.date
    by_week: bool
    platform: str = ""
    category: str = ""  # a key

    def values(self) -> dict[str, Any]:
        over = max(self.start, min(self.end + DAY, self.today))
        return {**self._asdict(), **asked(self.project), "over": over}


def lines(about: Asked) -> list[Line]:
    """A line of each monitored account, by category, actor, platform and name. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, about.values())
        return [
            Line._make((*known, tuple(map(Gap, starts or (), ends or ()))))
            for *known, starts, ends in cursor.fetchall()
        ]


def posts_by_part(about: Asked, accounts: Sequence[int]) -> dict[int, dict[datetime.date, int]]:
    """The posts of some accounts by the first day of each day or week. One query."""
    found: dict[int, dict[datetime.date, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {**about.values(), "accounts": list(accounts)})
        for account, part, posts in cursor.fetchall():
            found[account][part] = posts
    return found


class SharedGap(NamedTuple):
    """The same missing days of several accounts: mostly one export that is not in."""

    gap: Gap
    lines: tuple[Line, ...]

    @property
    def platforms(self) -> list[tuple[str, int]]:
        """The names of the platforms, each with how many of the accounts it has."""
        return Counter(line.platform_name for line in self.lines).most_common()


def shared_gaps(found: Sequence[Line]) -> list[SharedGap]:
    """What is missing, the most days of the most accounts first."""
    accounts: dict[Gap, list[Line]] = defaultdict(list)
    for line in found:
        for gap in line.gaps:
            accounts[gap].append(line)
    shared = [SharedGap(gap, tuple(some)) for gap, some in accounts.items()]
    return sorted(shared, key=lambda one: (-one.gap.days * len(one.lines), one.gap))
