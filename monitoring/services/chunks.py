"""A chunk of an import is loaded: its rows, its refused rows and its counts in one transaction.

There is no moment in between to crash in. A chunk that failed too often is halved, again and again,
until the row that does it stands alone and is refused.
"""

import zoneinfo
from collections.abc import Callable
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.db.models.functions import Now

from monitoring.importers import READERS
from monitoring.importers.mapping import mapping_of
from monitoring.importers.post_reader import PostReader
from monitoring.importers.problems import ROW_PROBLEMS
from monitoring.importers.reading import (
    KEPT_CHARACTERS,
    Reader,
    Setting,
    piece_of,
    read_piece,
)
from monitoring.importers.records import BadRow
from monitoring.importers.repair import Repair, mended_header
from monitoring.importers.splitting import count_lines, records
from monitoring.models import ChunkState, Import, ImportChunk, ImportState, RejectedRow
from monitoring.services.ads import load_ads, load_lines
from monitoring.services.coverage import note_seen
from monitoring.services.loading import Counts, load_posts
from monitoring.services.posts_to_store import posts_to_store
from monitoring.services.reading_ahead import Ahead, ReadChunk
from monitoring.services.repairs import repair_reader, settle_repair
from monitoring.services.repeating import seen_before, way_of_reading
from monitoring.services.revisions import note_change
from monitoring.services.tables import data_of, table_of_import

MOST_ATTEMPTS = 5

# What a reader makes, and who stores it.
_LOADERS: dict[str, Callable[..., Counts]] = {
    "posts": load_posts,
    "ad lines": load_lines,
    "ads": load_ads,
}


def load_chunk(source_import: Import, number: int, ahead: Ahead | None = None) -> None:
    """Load a chunk in the caller's transaction, unless another worker has it or did it.

    ``ahead`` is the chunk as it is being read already.
    """
    _allow_longer_waits()
    chunk = _locked(source_import, number)
    if chunk is None:
        return
    makes = READERS[source_import.source].makes
    chunk.digest = way_of_reading(source_import, _setting(source_import))
    if makes == "posts" and (seen := seen_before(source_import, chunk)) is not None:
        _settle(source_import, chunk, Counts(unchanged=chunk.records, seen=seen), rejected=0)
        return
    reader = _reader(source_import)
    read = (ahead and ahead.of(chunk)) or _read(source_import, chunk, reader)
    owner = source_import.repairs or source_import
    counts = _LOADERS[makes](project=owner.project, source_import=owner, content=read.content)
    own = read.bad
    if isinstance(reader, Repair):
        own = settle_repair(repair=source_import, reader=reader, counts=counts, bad=read.bad)
    _settle(source_import, chunk, counts, rejected=len(read.bad))
    _keep_refused(source_import, own)


def _locked(source_import: Import, number: int) -> ImportChunk | None:
    """A chunk that is nobody else's, unless its import was stopped before it could be locked.

    Who cancels waits for the lock, so nothing is loaded behind their back.
    """
    chunk = (
        ImportChunk.objects.select_for_update(skip_locked=True)
        .filter(source_import=source_import, number=number, state=ChunkState.PENDING)
        .first()
    )
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    if chunk is None or not mine.filter(state=ImportState.RUNNING).exists():
        return None
    return chunk


def _setting(source_import: Import) -> Setting:
    """What a reader is told of a file; of a repair, that of the export whose rows it mends."""
    header = table_of_import(source_import).header
    owner = source_import.repairs or source_import
    zone = zoneinfo.ZoneInfo(owner.timezone) if owner.timezone else None
    mapping = mapping_of(owner.mapping) if owner.mapping else None
    own_header = header if owner is source_import else mended_header(header)
    return Setting(own_header, owner.file_name, zone, mapping, owner.day_order)


def _reader(source_import: Import) -> Reader | Repair:
    """A reader for a chunk of the file; of a repair, by the kind of what it mends."""
    owner = source_import.repairs or source_import
    reader = READERS[owner.source](_setting(source_import))
    if owner is source_import:
        return reader
    return repair_reader(source_import, reader, table_of_import(source_import).header)


def read_chunk(source_import: Import, chunk: ImportChunk) -> ReadChunk:
    """Read a chunk, as far as it goes without the database."""
    return _read(source_import, chunk, _reader(source_import))


def _read(source_import: Import, chunk: ImportChunk, reader: Reader | Repair) -> ReadChunk:
    data = data_of(source_import, chunk)
    piece = piece_of(table_of_import(source_import), data, chunk.first_line)
    parsed = read_piece(cast(Reader, reader), piece, expected=chunk.records)
    owner = source_import.repairs or source_import
    content: Any = parsed
    if READERS[source_import.source].makes == "posts":
        untold = cast(PostReader | Repair, reader).untold
        content = posts_to_store(
            project=owner.project, source_import=owner, parsed=parsed, untold=untold
        )
    return ReadChunk(content, parsed.bad)


def _keep_refused(source_import: Import, bad: list[BadRow]) -> None:
    RejectedRow.objects.bulk_create(
        [RejectedRow(source_import=source_import, **row._asdict()) for row in bad], batch_size=500
    )


def _settle(source_import: Import, chunk: ImportChunk, counts: Counts, *, rejected: int) -> None:
    """Write down what became of each row; the import is done with its last chunk."""
    rows = {
        "rows_read": chunk.records,
        "rows_created": counts.created,
        "rows_updated": counts.updated,
        "rows_unchanged": counts.unchanged,
        "rows_rejected": rejected,
        "rows_waiting": counts.waiting,
    }
    ImportChunk.objects.filter(source_import=source_import, number=chunk.number).update(
        state=ChunkState.DONE,
        done_at=Now(),
        digest=chunk.digest,
        first_post=counts.first_post,
        last_post=counts.last_post,
        seen=dict(counts.seen),
        **rows,
    )
    is_last = Q(rows_total=F("rows_read") + chunk.records)
    # A pause and a cancellation may come while the last chunk is in work.
    is_done = is_last & Q(state__in=[ImportState.RUNNING, ImportState.PAUSED])
    project = source_import.project
    Import.objects.of(project).filter(pk=source_import.pk).update(
        **{name: F(name) + value for name, value in rows.items()},
        state=Case(When(is_done, then=Value(ImportState.DONE)), default=F("state")),
        finished_at=Case(When(is_done, then=Now()), default=F("finished_at")),
    )
    note_seen(source_import)
    note_change(project_id=project.pk)


def isolate(source_import: Import, number: int) -> None:
    """Halve a chunk that failed too often; a single row that did is refused."""
    with transaction.atomic():
        chunk = _locked(source_import, number)
        if chunk is None:
            return
        data = data_of(source_import, chunk)
        table = table_of_import(source_import)
        found = list(records(data, table.delimiter.encode(), complete=True))
        if len(found) <= 1:
            record = data.decode("utf-8", "replace").replace("\0", "�").strip("\r\n")
            line = piece_of(table, data, chunk.first_line).number_of(record, chunk.first_line)
            reason = ROW_PROBLEMS["poison"]
            row = BadRow(line, "", "poison", reason, record[:KEPT_CHARACTERS])
            _settle(source_import, chunk, Counts(), rejected=1)
            _keep_refused(source_import, [row])
            return
        middle = found[len(found) // 2]
        chunks = ImportChunk.objects.filter(source_import=source_import)
        last = chunks.aggregate(last=Max("number"))["last"]
        ImportChunk.objects.create(
            source_import=source_import,
            number=last + 1,
            byte_from=chunk.byte_from + middle.start,
            byte_to=chunk.byte_to,
            first_line=chunk.first_line + count_lines(data[: middle.start]),
            records=len(found) - len(found) // 2,
            attempts=MOST_ATTEMPTS - 1,
        )
        chunks.filter(number=number).update(
            byte_to=chunk.byte_from + middle.start,
            records=len(found) // 2,
            attempts=MOST_ATTEMPTS - 1,
            last_enqueued_at=None,
        )


def _allow_longer_waits() -> None:
    """Chunks of one file add to the same days, so they wait for each other at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', '20s', true),"
            " set_config('statement_timeout', '60s', true),"
            # If the machine fails, the rows and ``state = done`` are lost together: loaded again.
            " set_config('synchronous_commit', 'off', true)"
        )
