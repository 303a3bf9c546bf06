"""A chunk of an import is loaded: its rows, its refused rows and its counts in one transaction.

There is no moment in between to crash in. A chunk that failed too often is halved, again and again,
until the row that does it stands alone and is refused.
"""

import json
import zoneinfo
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Max

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
from monitoring.services.statements import listed, statement
from monitoring.services.tables import data_of, table_of_import

MOST_ATTEMPTS = 5
PLACE = ("number", "byte_from", "byte_to", "first_line", "records", "attempts")
PLACE_COLUMNS = listed(PLACE)

_LOCK = statement(
    """
    SELECT {place} FROM monitoring_importchunk
    WHERE source_import_id = %(import)s AND number = %(number)s AND state = %(pending)s
    FOR UPDATE SKIP LOCKED
    """,
    place=PLACE_COLUMNS,
)
_IS_RUNNING = """
    SELECT EXISTS (SELECT FROM monitoring_import WHERE id = %(import)s AND state = %(running)s)
"""
_SETTLE = """
    UPDATE monitoring_importchunk SET
        state = %(chunk_done)s,
        done_at = statement_timestamp(),
        digest = %(digest)s,
        first_post = %(first_post)s,
        last_post = %(last_post)s,
        seen = %(seen)s,
        rows_read = %(rows_read)s,
        rows_created = %(rows_created)s,
        rows_updated = %(rows_updated)s,
        rows_unchanged = %(rows_unchanged)s,
        rows_rejected = %(rows_rejected)s,
        rows_waiting = %(rows_waiting)s
    WHERE source_import_id = %(import)s AND number = %(number)s;
    UPDATE monitoring_import SET
        rows_read = rows_read + %(rows_read)s,
        rows_created = rows_created + %(rows_created)s,
        rows_updated = rows_updated + %(rows_updated)s,
        rows_unchanged = rows_unchanged + %(rows_unchanged)s,
        rows_rejected = rows_rejected + %(rows_rejected)s,
        rows_waiting = rows_waiting + %(rows_waiting)s,
        (state, finished_at) = (
            SELECT
                CASE WHEN is_done THEN %(done)s ELSE state END,
                CASE WHEN is_done THEN statement_timestamp() ELSE finished_at END
            FROM (
                SELECT rows_total = rows_read + %(rows_read)s AND state IN %(may_end)s AS is_done
            ) AS last
        )
    WHERE id = %(import)s
"""

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


def chunk_of(source_import: Import, place: Sequence[int]) -> ImportChunk:
    """A chunk as far as its ``PLACE`` tells it."""
    return ImportChunk(source_import=source_import, **dict(zip(PLACE, place, strict=True)))


def _locked(source_import: Import, number: int) -> ImportChunk | None:
    """A chunk that is nobody else's, unless its import was stopped before it could be locked.

    Who cancels waits for the lock, so nothing is loaded behind their back.
    """
    values: dict[str, Any] = {
        "import": source_import.pk,
        "number": number,
        "pending": ChunkState.PENDING,
        "running": ImportState.RUNNING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        place = cursor.fetchone()
        if place is None:
            return None
        cursor.execute(_IS_RUNNING, values)
        (is_running,) = cursor.fetchone()
    return chunk_of(source_import, place) if is_running else None


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


def read_chunk(source_import: Import, chunk: ImportChunk, *, judged: bool) -> ReadChunk:
    """Read a chunk, as far as it goes without the database."""
    return _read(source_import, chunk, _reader(source_import), judged=judged)


def _read(
    source_import: Import, chunk: ImportChunk, reader: Reader | Repair, *, judged: bool = False
) -> ReadChunk:
    data = data_of(source_import, chunk)
    piece = piece_of(table_of_import(source_import), data, chunk.first_line)
    parsed = read_piece(cast(Reader, reader), piece, expected=chunk.records)
    owner = source_import.repairs or source_import
    content: Any = parsed
    if READERS[source_import.source].makes == "posts":
        untold = cast(PostReader | Repair, reader).untold
        content = posts_to_store(
            project=owner.project,
            source_import=owner,
            parsed=parsed,
            untold=untold,
            judged=judged,
        )
    return ReadChunk(content, parsed.bad)


def _keep_refused(source_import: Import, bad: list[BadRow]) -> None:
    RejectedRow.objects.bulk_create(
        [RejectedRow(source_import=source_import, **row._asdict()) for row in bad], batch_size=500
    )


def _settle(source_import: Import, chunk: ImportChunk, counts: Counts, *, rejected: int) -> None:
    """Write down what became of each row; the import is done with its last chunk."""
    values: dict[str, Any] = {
        "import": source_import.pk,
        "number": chunk.number,
        "digest": chunk.digest,
        "first_post": counts.first_post,
        "last_post": counts.last_post,
        "seen": json.dumps(dict(counts.seen)),
        "rows_read": chunk.records,
        "rows_created": counts.created,
        "rows_updated": counts.updated,
        "rows_unchanged": counts.unchanged,
        "rows_rejected": rejected,
        "rows_waiting": counts.waiting,
        "chunk_done": ChunkState.DONE,
        "done": ImportState.DONE,
        # A pause and a cancellation may come while the last chunk is in work.
        "may_end": (ImportState.RUNNING, ImportState.PAUSED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)
    note_seen(source_import)
    note_change(project_id=source_import.project_id)


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
