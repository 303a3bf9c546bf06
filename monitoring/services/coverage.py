"""What exports cover, kept with the imports that brought them."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction

from monitoring.coverage import Days
from monitoring.models import (
    Account,
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
# The days of an import are those of all its posts, or as stated; its accounts are those that have
# posts in it and, where it is of a whole list, all monitored ones of its platforms.
_COVERED = """
    WITH held AS (
        SELECT import.id, coalesce(stated.start, min(each.first_day)) AS start,
            coalesce(stated.end, max(each.last_day)) AS until,
            coalesce(stated.accounts, 'file') AS accounts, stated.category_id,
            array_agg(DISTINCT account.platform) AS platforms
        FROM monitoring_import AS import
        JOIN monitoring_importedaccount AS each ON each.source_import_id = import.id
        JOIN monitoring_account AS account ON account.id = each.account_id
        LEFT JOIN monitoring_statedcoverage AS stated ON stated.source_import_id = import.id
        WHERE import.project_id = %(project)s AND import.state = 'done'
        GROUP BY import.id, stated.source_import_id
    )
    SELECT each.account_id, held.start, held.until
    FROM held JOIN monitoring_importedaccount AS each ON each.source_import_id = held.id
    UNION
    SELECT account.id, held.start, held.until
    FROM held
    JOIN monitoring_account AS account
        ON account.project_id = %(project)s AND account.platform = ANY (held.platforms)
        AND account.state = 'monitored'
    JOIN monitoring_actor AS actor ON actor.id = account.actor_id
    WHERE held.accounts = 'list'
        OR held.accounts = 'category' AND actor.category_id = held.category_id
    ORDER BY 1, 2
"""


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


def covered_days(*, project: Project) -> dict[int, list[Days]]:
    """The days that exports cover, by account; runs may overlap. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERED, {"project": project.pk})
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


@transaction.atomic
def state_coverage(
    *,
    source_import: Import,
    accounts: str,
    category: Category | None,
    start: datetime.date | None,
    end: datetime.date | None,
) -> None:
    """Say of which accounts and days an export is. Raises NotStated."""
    if (accounts == Covered.CATEGORY) != (category is not None):
        raise NotStated
    StatedCoverage.objects.update_or_create(
        source_import=source_import,
        defaults={"accounts": accounts, "category": category, "start": start, "end": end},
    )
    note_change(project_id=source_import.project_id)


def monitored_accounts(*, project: Project) -> list[Account]:
    """The accounts whose coverage counts, by category, actor and name."""
    return list(
        Account.objects.of(project)
        .monitored()
        .select_related("actor__category")
        .order_by("actor__category__position", "actor__name", "platform", "name", "id")
    )
