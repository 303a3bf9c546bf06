"""What exports cover, kept with the imports that brought them."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg2.sql import SQL

from monitoring.coverage import Days
from monitoring.importers import SEARCHES
from monitoring.models import (
    Category,
    Covered,
    Import,
    Project,
    StatedCoverage,
)
from monitoring.services.revisions import note_change

# Of an import that is done; what a repair brings in belongs to the import it mends.
_NOTE = """
    INSERT INTO monitoring_importedaccount (source_import_id, account_id, first_day, last_day)
    SELECT coalesce(import.repairs_id, import.id), seen.key::bigint,
        min((seen.value ->> 0)::date), max((seen.value ->> 1)::date)
    FROM monitoring_import AS import
    JOIN monitoring_importchunk AS chunk ON chunk.source_import_id = import.id
    CROSS JOIN LATERAL jsonb_each(chunk.seen) AS seen(key, value)
    JOIN monitoring_account AS account ON account.id = seen.key::bigint
    WHERE import.id = %(import)s AND import.state = 'done'
    GROUP BY 1, 2
    ORDER BY 2
    ON CONFLICT (source_import_id, account_id) DO UPDATE SET
        first_day = least(monitoring_importedaccount.first_day, excluded.first_day),
        last_day = greatest(monitoring_importedaccount.last_day, excluded.last_day)
"""
# What is exported covers the days of all its posts, or those stated, but none that was not over yet
# in the project's zone; and the accounts that have posts in it or, where it is of a whole list or
# category, all that were on the list of its platforms then.
COVERED = SQL("""
    said AS (
        SELECT import.id, import.exported_at, stated.category_id,
            coalesce(stated.start, seen.start) AS start,
            least(
                coalesce(stated."end", seen.until),
                (import.exported_at AT TIME ZONE project.timezone)::date - 1
            ) AS until,
            coalesce(
                stated.accounts,
                CASE WHEN import.source = ANY (%(searches)s) THEN 'nobody' ELSE 'file' END
            ) AS accounts
        FROM monitoring_import AS import
        JOIN monitoring_project AS project ON project.id = import.project_id
        CROSS JOIN LATERAL (
            SELECT min(first_day) AS start, max(last_day) AS until
            FROM monitoring_importedaccount WHERE source_import_id = import.id
        ) AS seen
        LEFT JOIN monitoring_statedcoverage AS stated ON stated.source_import_id = import.id
        WHERE import.project_id = %(project)s AND import.state = 'done'
    ),
    held AS (
        SELECT *, daterange(start, until, '[]') AS days FROM said
        WHERE accounts <> 'nobody' AND start <= until
    ),
    -- What was on the list when an export was first said to be of it, was on it from the start.
    founded AS (
        SELECT min(stated.stated_at) AS at
        FROM monitoring_statedcoverage AS stated
        JOIN monitoring_import AS import ON import.id = stated.source_import_id
        WHERE import.project_id = %(project)s AND stated.accounts IN ('list', 'category')
    ),
    covered AS (
        SELECT account_id, range_agg(days) AS days FROM (
            SELECT each.account_id, held.days
            FROM held JOIN monitoring_importedaccount AS each ON each.source_import_id = held.id
            UNION ALL
            SELECT account.id, held.days
            FROM held
            CROSS JOIN founded
            CROSS JOIN LATERAL (
                SELECT DISTINCT one.platform
                FROM monitoring_importedaccount AS each
                JOIN monitoring_account AS one ON one.id = each.account_id
                WHERE each.source_import_id = held.id AND held.accounts <> 'file'
            ) AS seen
            JOIN monitoring_account AS account
                ON account.project_id = %(project)s AND account.platform = seen.platform
                AND account.state = 'monitored'
                AND account.joined_at <= greatest(held.exported_at, founded.at)
            JOIN monitoring_actor AS actor ON actor.id = account.actor_id
            WHERE held.accounts = 'list'
                OR held.accounts = 'category' AND actor.category_id = held.category_id
        ) AS each
        GROUP BY account_id
    )
""")
_RUNS = SQL("""
    WITH {covered}
    SELECT account_id, lower(run), upper(run) - 1
    FROM covered CROSS JOIN LATERAL unnest(days) AS run
    ORDER BY 1, 2
""").format(covered=COVERED)


class NotStated(Exception):
    """What was said of an export makes no sense; the message says why."""


@dataclass(frozen=True)
class Held:
    """What a file holds: how many accounts, from which day to which."""

    accounts: int
    start: datetime.date
    end: datetime.date


def note_seen(source_import: Import) -> None:
    """Enter which accounts an import that is done now holds, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"import": source_import.pk})


def asked(project: Project) -> dict[str, Any]:
    """What ``COVERED`` needs to know."""
    return {"project": project.pk, "searches": list(SEARCHES)}


def covered_days(*, project: Project) -> dict[int, list[Days]]:
    """The runs of days that exports cover, by account. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, asked(project))
        found: dict[int, list[Days]] = defaultdict(list)
        for account, start, end in cursor.fetchall():
            found[account].append((start, end))
    return found


def held_by(source_import: Import) -> Held | None:
    """None of an import that holds no posts, or is not done."""
    rows = source_import.imported_accounts.values_list("first_day", "last_day")
    days = list(rows)
    if not days:
        return None
    return Held(len(days), min(first for first, _last in days), max(last for _first, last in days))


def state_in_a_word(*, source_import: Import, accounts: str) -> None:
    """Enter what somebody says with a file, if anything; mended rows belong to what they mend."""
    if accounts and source_import.repairs_id is None:
        state_coverage(source_import=source_import, accounts=accounts)


@transaction.atomic
def state_coverage(
    *,
    source_import: Import,
    accounts: str,
    category: Category | None = None,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
) -> None:
    """Say of which accounts and days an export is; of nobody, if it is a search. Raises NotStated.

    Other days keep the moment at which its accounts were said; other accounts are said now.
    """
    if (accounts == Covered.CATEGORY) != (category is not None):
        raise NotStated
    known = StatedCoverage.objects.filter(source_import=source_import)
    known.exclude(accounts=accounts, category=category).update(stated_at=Now())
    StatedCoverage.objects.update_or_create(
        source_import=source_import,
        defaults={"accounts": accounts, "category": category, "start": start, "end": end},
    )
    note_change(project_id=source_import.project_id)
