"""Take back what a cancelled import brought in, a chunk in each transaction.

A post is taken back with its readings and its share of the daily totals, unless somebody else
counts on it: another import that read it too, or another room that points at it (a sample, a
coding, a case). Newer readings and texts that the import gave to posts of others stay.
"""

from typing import Any

from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now

from monitoring.importers import READERS
from monitoring.models import (
    Account,
    Ad,
    AdReportLine,
    ChunkState,
    DailyLanguage,
    DailyTotal,
    Import,
    ImportChunk,
    ImportedAccount,
    ImportState,
    Observation,
    OtherObservation,
    Post,
)
from monitoring.services import totals
from monitoring.services.revisions import note_change

# In the order in which imports hold posts.
_FIND = """
    CREATE TEMP TABLE doomed ON COMMIT DROP AS
    SELECT id FROM monitoring_post
    WHERE id BETWEEN %(first)s AND %(last)s AND first_import_id = %(import)s
    ORDER BY platform, native_id FOR UPDATE
"""
_SPARE_SHARED = """
    DELETE FROM doomed USING monitoring_post AS post
    WHERE post.id = doomed.id AND (
        post.recounted_in_id <> %(import)s OR EXISTS (
            SELECT FROM monitoring_otherobservation
            WHERE post_id = post.id AND source_import_id <> %(import)s
        )
    )
"""
# An equal reading leaves no trace: what others of the same moment hold, they may have read.
_SPARE_ALIKE = """
    DELETE FROM doomed USING monitoring_post AS post, monitoring_importedaccount AS held
    WHERE post.id = doomed.id AND held.account_id = post.account_id
        AND held.source_import_id = ANY(%(alike)s)
        AND (post.published_at AT TIME ZONE %(zone)s)::date BETWEEN held.first_day AND held.last_day
"""
_OWN = (Observation, OtherObservation)
_REMOVE = (
    "DELETE FROM monitoring_otherobservation USING doomed WHERE post_id = doomed.id",
    "DELETE FROM monitoring_post AS post USING doomed WHERE post.id = doomed.id",
)


def take_back_next(source_import: Import) -> bool:
    """Take back a chunk that nobody else has, in the caller's transaction.

    False when there was none; after the last one the import is cancelled.
    """
    _wait_longer()
    chunk = _chunks(source_import).select_for_update(skip_locked=True, of=("self",)).first()
    if chunk is None:
        _end(source_import)
        return False
    _take_back(source_import, chunk)
    return True


def _chunks(source_import: Import) -> models.QuerySet[ImportChunk]:
    """The chunks still to be taken back, those of the import's repairs among them."""
    mine = Q(source_import=source_import) | Q(source_import__repairs=source_import)
    return (
        ImportChunk.objects.filter(mine)
        .exclude(state=ChunkState.TAKEN_BACK)
        .order_by("source_import_id", "number")
    )


def _take_back(source_import: Import, chunk: ImportChunk) -> None:
    taken = in_use = shared = 0
    if chunk.first_post is not None:
        taken, in_use, shared = _remove_posts(source_import, chunk)
    ImportChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.TAKEN_BACK, done_at=Now(), rows_taken_back=taken
    )
    Import.objects.of(source_import.project).filter(pk=source_import.pk).update(
        rows_taken_back=F("rows_taken_back") + taken,
        kept_in_use=F("kept_in_use") + in_use,
        kept_shared=F("kept_shared") + shared,
    )
    note_change(project_id=source_import.project_id)


def _remove_posts(source_import: Import, chunk: ImportChunk) -> tuple[int, int, int]:
    """How many were taken back, how many stay in use, how many others read too."""
    values: dict[str, Any] = {
        "import": source_import.pk,
        "first": chunk.first_post,
        "last": chunk.last_post,
        "zone": source_import.project.timezone,
    }
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(statement, values)
            return cursor.rowcount

        found = run(_FIND)
        in_use = sum(run(statement) for statement in _spare_used(Post, except_for=_OWN))
        shared = run(_SPARE_SHARED)
        alike = _of_the_same_moment(source_import)
        if alike.filter(~Q(state=ImportState.DONE) | Q(sha256=source_import.sha256)).exists():
            shared += run("DELETE FROM doomed")  # nobody has noted yet what they hold
        values["alike"] = list(alike.values_list("pk", flat=True))
        shared += run(_SPARE_ALIKE)
        totals.take_out(run)
        for statement in _REMOVE:
            run(statement)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("DROP TABLE doomed")
    return found - in_use - shared, in_use, shared


def _spare_used(model: type[models.Model], *, except_for: tuple[type, ...]) -> list[str]:
    """A statement for each table of another kind that points at doomed rows: it lets them go."""
    return [
        f"DELETE FROM doomed USING {relation.related_model._meta.db_table} AS user_of"  # noqa: S608
        f" WHERE user_of.{relation.field.column} = doomed.id"
        for relation in model._meta.related_objects
        if relation.field.concrete
        and not relation.many_to_many
        and relation.related_model not in except_for
    ]


def _of_the_same_moment(source_import: Import) -> models.QuerySet[Import]:
    """The other imports that may have read the same posts as they were at the same moment."""
    alike = Q(sha256=source_import.sha256) | Q(exported_at=source_import.exported_at)
    others = Import.objects.of(source_import.project).filter(alike, rows_read__gt=0)
    theirs = others.exclude(Q(pk=source_import.pk) | Q(repairs=source_import))
    return theirs.exclude(state=ImportState.CANCELLED)


def _end(source_import: Import) -> None:
    """Every chunk is taken back: so are lines of ads, and accounts nobody else has posts of."""
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    locked = mine.select_for_update().get()
    if locked.state != ImportState.CANCELLING or _chunks(source_import).exists():
        return
    taken = locked.rows_taken_back
    if READERS[locked.source].makes != "posts" and not locked.rows_updated:
        for model in (AdReportLine, Ad):
            rows = model.objects.of(locked.project).filter(source_import=locked)
            taken += rows.delete()[1].get(model._meta.label, 0)
    _forget_accounts(locked)
    mine.update(
        state=ImportState.CANCELLED,
        finished_at=Now(),
        rows_taken_back=taken,
        kept_shared=locked.rows_created - taken - locked.kept_in_use,
    )
    note_change(project_id=locked.project_id)


def _forget_accounts(source_import: Import) -> None:
    """Waiting accounts for which no post waits any more, unless something else points at them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE doomed ON COMMIT DROP AS SELECT id FROM monitoring_account"
            " WHERE project_id = %s AND state = 'waiting' ORDER BY id FOR UPDATE SKIP LOCKED",
            [source_import.project_id],
        )
        # What an import held of an account is no use of the account.
        own = (DailyTotal, DailyLanguage, ImportedAccount)
        for statement in _spare_used(Account, except_for=own):
            cursor.execute(statement)
        for model in own:
            table = model._meta.db_table
            cursor.execute(f"DELETE FROM {table} USING doomed WHERE account_id = doomed.id")  # noqa: S608
        cursor.execute("DELETE FROM monitoring_account AS a USING doomed WHERE a.id = doomed.id")
        cursor.execute("DROP TABLE doomed")


def _wait_longer() -> None:
    """Days are shared with imports that run meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '20s', true)")
