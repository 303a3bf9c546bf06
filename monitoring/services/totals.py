"""Daily totals: what charts read instead of the posts, kept with them in one transaction.

Each statement here is made for every table of totals; a worker locks the rows of one table after
those of the one before it, and in the order of their keys, so that workers cannot deadlock.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection, transaction
from psycopg2.sql import SQL

from monitoring.interactions import COUNTERS
from monitoring.models import DailyLanguage, DailyTotal, Project
from monitoring.services.revisions import note_change
from monitoring.services.statements import listed, statement


class Totals(NamedTuple):
    """A table of totals: what a row of it is of, besides account and day, and what it adds up."""

    table: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...]


_SUMS = ("interactions", "reactions", *COUNTERS)
_ALL_TOTALS = (
    Totals(
        DailyTotal._meta.db_table,
        ("type",),
        ("posts", *_SUMS, "provisional_posts", "rated_posts", "rate_sum"),
    ),
    Totals(
        DailyLanguage._meta.db_table,
        ("language",),
        ("posts", "interactions", "provisional_posts"),
    ),
)
# What all of them are added up from: new posts are read once, for all tables.
_DELTA = Totals("delta", ("type", "language"), _ALL_TOTALS[0].columns)
# One post's share of its day, where that is no column of the post. Followers of zero give no rate.
_SHARES = {
    "posts": "1",
    "provisional_posts": "is_provisional::int",
    "rated_posts": "(followers > 0)::int",
    "rate_sum": "CASE WHEN followers > 0 THEN round(interactions::numeric / followers, 9) END",
}

Run = Callable[[str], int]
# A statement for each of the tables.
Statements = tuple[str, ...]


def _statements(text: str, **parts: str) -> Statements:
    return tuple(_of_table(text, totals, parts) for totals in _ALL_TOTALS)


def _of_table(text: str, totals: Totals, parts: dict[str, str]) -> str:
    columns, keys = totals.columns, ("account_id", "day", *totals.kinds)
    shares = (f"{_SHARES.get(name, name)} AS {name}" for name in columns)
    words = {
        "table": SQL(totals.table),
        "keys": listed(keys),
        "is_same": SQL("({}) = ({})").format(listed(keys, "total.{}"), listed(keys, "delta.{}")),
        "columns": listed(columns),
        "share": SQL(
            "account_id, (published_at AT TIME ZONE %(zone)s)::date AS day,"
            f" {', '.join((*totals.kinds, *shares))}"
        ),
        "added_up": listed(columns, "sum(coalesce({}, 0)) AS {}"),
        "lost": listed(columns, "-sum(coalesce({}, 0)) AS {}"),
        "negative": listed(columns, "-{}"),
        "zeros": listed(columns, "0"),
        "plus_excluded": listed(columns, "{} = total.{} + excluded.{}"),
        "plus_delta": listed(columns, "{} = total.{} + delta.{}"),
        "any_change": listed(columns, "sum(coalesce({}, 0)) <> 0", " OR "),
    }
    return statement(text, **words, **{name: SQL(part) for name, part in parts.items()})


# The fences (``OFFSET 0``) have posts looked up by their ids. After a large import was taken back
# PostgreSQL believes that there are hardly any, and would read all of them in the order of a key.
_OF_NEW_POSTS = _of_table(
    """
    CREATE TEMP TABLE {table} ON COMMIT DROP AS
    SELECT {keys}, {added_up} FROM (
        SELECT {share} FROM (
            SELECT * FROM monitoring_post WHERE id = ANY(%(ids)s::bigint[]) OFFSET 0
        ) AS post
    ) AS shares
    GROUP BY {keys}
    """,
    _DELTA,
    {},
)
# New posts only ever add, so one statement does.
_ADD = _statements(
    """
    INSERT INTO {table} AS total ({keys}, {columns})
    SELECT {keys}, {added_up} FROM delta GROUP BY {keys} ORDER BY {keys}
    ON CONFLICT ({keys}) DO UPDATE SET {plus_excluded}
    """
)
# Changed posts are taken out as they were (in ``known``) and put in again as they are.
_CHANGES = _statements(
    """
    CREATE TEMP TABLE delta ON COMMIT DROP AS
    SELECT {keys}, {added_up}
    FROM (
        SELECT {share} FROM (
            SELECT * FROM monitoring_post
            WHERE id = ANY(%(ids)s::bigint[] || ARRAY(SELECT post_id FROM known)) OFFSET 0
        ) AS post
        UNION ALL
        SELECT {keys}, {negative} FROM (SELECT {share} FROM known) AS before
    ) AS post
    GROUP BY {keys}
    HAVING {any_change}
    """
)
_MAKE_ROOM = _statements(
    """
    INSERT INTO {table} ({keys}, {columns})
    SELECT {keys}, {zeros} FROM delta ORDER BY {keys} ON CONFLICT DO NOTHING
    """
)
_LOCK_DAYS = _statements(
    "SELECT FROM {table} AS total JOIN delta USING ({keys}) ORDER BY {keys} FOR UPDATE OF total"
)
_ADD_DELTA = _statements("UPDATE {table} AS total SET {plus_delta} FROM delta WHERE {is_same}")
# Posts that are about to be removed are taken out, and days on which nothing is left.
_LOSSES = _statements(
    """
    CREATE TEMP TABLE delta ON COMMIT DROP AS
    SELECT {keys}, {lost}
    FROM (SELECT {share} FROM monitoring_post WHERE id IN (SELECT id FROM doomed)) AS post
    GROUP BY {keys}
    """
)
_FORGET_EMPTY_DAYS = _statements(
    "DELETE FROM {table} AS total USING delta WHERE {is_same} AND total.posts = 0"
)
_CLEAR = _statements(
    """
    DELETE FROM {table}
    WHERE account_id IN (SELECT id FROM monitoring_account WHERE project_id = %(project)s)
    """
)
_REBUILD = _statements(
    """
    INSERT INTO {table} ({keys}, {columns})
    SELECT {keys}, {added_up}
    FROM (SELECT {share} FROM monitoring_post WHERE project_id = %(project)s) AS post
    GROUP BY {keys}
    """
)
_DROP_DELTA = "DROP TABLE delta"
_ADD_NEW_POSTS = ";".join((_OF_NEW_POSTS, *_ADD, _DROP_DELTA))


# ``run`` executes a statement with the values of its caller, the project's zone among them, and
# says how many rows there were.


def add_new_posts(run: Run) -> None:
    """Add the posts of the value ``ids``."""
    run(_ADD_NEW_POSTS)


def add_changes(run: Run) -> None:
    """Add the posts of the value ``ids``, and what changed of those in ``known``."""
    statements = zip(_CHANGES, _MAKE_ROOM, _LOCK_DAYS, _ADD_DELTA, strict=True)
    for changes, make_room, lock, add in statements:
        if days := run(changes):
            run(make_room)
            # Who empties a day removes it, also while it is waited for here.
            while run(lock) < days:
                run(make_room)
            run(add)
        run(_DROP_DELTA)


def take_out(run: Run) -> None:
    """Take the posts in ``doomed`` out of their days."""
    for each in zip(_LOSSES, _LOCK_DAYS, _ADD_DELTA, _FORGET_EMPTY_DAYS, strict=True):
        for one in (*each, _DROP_DELTA):
            run(one)


@transaction.atomic
def rebuild_daily_totals(*, project: Project) -> None:
    """Count a project's days anew, after its time zone changed. Days are days of its zone."""
    Project.objects.select_for_update().get(pk=project.pk)
    with connection.cursor() as cursor:
        for one in (*_CLEAR, *_REBUILD):
            cursor.execute(one, {"zone": project.timezone, "project": project.pk})
    note_change(project_id=project.pk)
