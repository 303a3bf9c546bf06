"""Daily totals: what charts read instead of the posts, kept with them in one transaction."""

from collections.abc import Callable

from django.db import connection, transaction
from psycopg2.sql import SQL

from monitoring.interactions import COUNTERS
from monitoring.models import DailyTotal, Project
from monitoring.services.revisions import note_change

_SUMS = ("interactions", "reactions", *COUNTERS)
_COLUMNS = ("posts", *_SUMS, "provisional_posts", "rated_posts", "rate_sum")


def _joined(template: str, names: tuple[str, ...]) -> SQL:
    return SQL(", ".join(template.replace("{}", name) for name in names))


# One post's share of its day, as columns of DailyTotal. Followers of zero give no rate.
_SHARE = SQL(
    """
    account_id, (published_at AT TIME ZONE %(zone)s)::date AS day, type, 1 AS posts, {sums},
    is_provisional::int AS provisional_posts,
    (followers > 0)::int AS rated_posts,
    CASE WHEN followers > 0 THEN round(interactions::numeric / followers, 9) END AS rate_sum
    """
).format(sums=_joined("{}", _SUMS))
_KEYS = SQL("account_id, day, type")
_ADDED_UP = _joined("sum(coalesce({}, 0)) AS {}", _COLUMNS)
_LIST = _joined("{}", _COLUMNS)

# New posts only ever add, so one statement does; keys in order, so that workers cannot deadlock.
_ADD = SQL(
    """
    INSERT INTO monitoring_dailytotal AS total ({keys}, {columns})
    SELECT {keys}, {added_up}
    FROM (SELECT {share} FROM monitoring_post WHERE {these}) AS post
    GROUP BY {keys} ORDER BY {keys}
    ON CONFLICT (account_id, day, type) DO UPDATE SET {added}
    """
)


def _adding(these: str) -> str:
    added = _joined("{} = total.{} + excluded.{}", _COLUMNS)
    parts = {"keys": _KEYS, "columns": _LIST, "added_up": _ADDED_UP, "share": _SHARE}
    return _ADD.format(**parts, these=SQL(these), added=added).as_string(None)


ADD_NEW_POSTS = _adding("id IN (SELECT id FROM incoming)")
ADD_COPIED_POSTS = _adding("id = ANY(%(ids)s::bigint[])")
# Changed posts are taken out as they were (in ``known``) and put in again as they are.
CHANGES = (
    SQL(
        """
        CREATE TEMP TABLE delta ON COMMIT DROP AS
        SELECT {keys}, {added_up}
        FROM (
            SELECT {share} FROM monitoring_post
            WHERE id IN (
                SELECT id FROM incoming
                UNION ALL SELECT post_id FROM known WHERE is_touched
            )
            UNION ALL
            SELECT account_id, day, type, -posts, {negative}
            FROM (SELECT {share} FROM known WHERE is_touched) AS before
        ) AS post
        GROUP BY {keys}
        HAVING {any_change}
        """
    )
    .format(
        keys=_KEYS,
        added_up=_ADDED_UP,
        share=_SHARE,
        negative=_joined("-{}", _COLUMNS[1:]),
        any_change=SQL(" OR ".join(f"sum(coalesce({name}, 0)) <> 0" for name in _COLUMNS)),
    )
    .as_string(None)
)
MAKE_ROOM = (
    SQL(
        """
        INSERT INTO monitoring_dailytotal ({keys}, {columns})
        SELECT {keys}, {zeros} FROM delta ORDER BY {keys} ON CONFLICT DO NOTHING
        """
    )
    .format(keys=_KEYS, columns=_LIST, zeros=SQL(", ".join("0" for _name in _COLUMNS)))
    .as_string(None)
)
LOCK_DAYS = """
    SELECT FROM monitoring_dailytotal JOIN delta USING (account_id, day, type)
    ORDER BY account_id, day, type FOR UPDATE OF monitoring_dailytotal
"""
ADD_CHANGES = (
    SQL(
        """
        UPDATE monitoring_dailytotal AS total SET {added}
        FROM delta
        WHERE (total.account_id, total.day, total.type)
            = (delta.account_id, delta.day, delta.type)
        """
    )
    .format(added=_joined("{} = total.{} + delta.{}", _COLUMNS))
    .as_string(None)
)
# Posts that are about to be removed are taken out, and days on which nothing is left.
_LOSSES = (
    SQL(
        """
        CREATE TEMP TABLE delta ON COMMIT DROP AS
        SELECT {keys}, {lost}
        FROM (
            SELECT {share} FROM monitoring_post WHERE id IN (SELECT id FROM doomed)
        ) AS post
        GROUP BY {keys}
        """
    )
    .format(keys=_KEYS, lost=_joined("-sum(coalesce({}, 0)) AS {}", _COLUMNS), share=_SHARE)
    .as_string(None)
)
_FORGET_EMPTY_DAYS = """
    DELETE FROM monitoring_dailytotal AS total USING delta
    WHERE (total.account_id, total.day, total.type) = (delta.account_id, delta.day, delta.type)
        AND total.posts = 0
"""
_REBUILD = (
    SQL(
        """
        INSERT INTO monitoring_dailytotal ({keys}, {columns})
        SELECT {keys}, {added_up}
        FROM (SELECT {share} FROM monitoring_post WHERE project_id = %(project)s) AS post
        GROUP BY {keys}
        """
    )
    .format(keys=_KEYS, columns=_LIST, added_up=_ADDED_UP, share=_SHARE)
    .as_string(None)
)


def take_out(run: Callable[[str], int]) -> None:
    """Take the posts in ``doomed`` out of their days; ``run`` executes with the project's zone."""
    for statement in (_LOSSES, LOCK_DAYS, ADD_CHANGES, _FORGET_EMPTY_DAYS, "DROP TABLE delta"):
        run(statement)


@transaction.atomic
def rebuild_daily_totals(*, project: Project) -> None:
    """Count a project's days anew, after its time zone changed. Days are days of its zone."""
    Project.objects.select_for_update().get(pk=project.pk)
    DailyTotal.objects.filter(account__project=project).delete()
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD, {"zone": project.timezone, "project": project.pk})
    note_change(project_id=project.pk)
