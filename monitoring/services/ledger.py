"""The ledger of an import: its chunks, who works on them, and what became of each row.

A chunk's rows, its refused rows, its counts, the daily totals and ``state = done`` are one
transaction: there is no moment in between to crash in. Handing a chunk out is a transaction of its
own, so that a chunk that kills its worker is known by its attempts: it is then halved, again and
again, until the row that does it stands alone and is refused.

Locks do the sharing. A chunk in work is locked and others skip it; a worker that dies lets go of
it, whether or not the queue ever hears of that.
"""

import datetime
import functools
import time
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, cast

from django.db import connection, transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.db.models.functions import Now

from monitoring.importers import READERS
from monitoring.importers.files import Table, table_of
from monitoring.importers.mapping import mapping_of
from monitoring.importers.problems import ROW_PROBLEMS, UnreadableFile
from monitoring.importers.reading import (
    KEPT_CHARACTERS,
    Reader,
    Setting,
    piece_of,
    read_piece,
)
from monitoring.importers.records import BadRow, Parsed
from monitoring.importers.repair import Repair, mended_header
from monitoring.importers.splitting import count_lines, records, spans
from monitoring.models import (
    OPEN_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
    Project,
    RejectedRow,
)
from monitoring.services.ads import load_ads, load_lines
from monitoring.services.attempts import Outcome, attempt
from monitoring.services.coverage import note_seen
from monitoring.services.loading import Counts, load_posts
from monitoring.services.reading_ahead import Ahead
from monitoring.services.received import stored
from monitoring.services.repairs import repair_reader, settle_repair
from monitoring.services.repeating import is_repeated, way_of_reading
from monitoring.services.revisions import note_change
from monitoring.services.taking_back import take_back_next

MOST_ATTEMPTS = 5
# Between being handed out and being locked a chunk is free for so long at most.
HANDOVER = datetime.timedelta(seconds=5)


# What a reader makes, and who stores it.
_LOADERS = {"posts": load_posts, "ad lines": load_lines, "ads": load_ads}


class Work(NamedTuple):
    """A chunk that was handed out to this worker."""

    chunk: ImportChunk
    attempts: int
    ahead: Ahead | None = None

    @property
    def number(self) -> int:
        return self.chunk.number


def work(
    *, project_id: int, import_id: int, seconds: float, chunk_bytes: int | None = None
) -> bool:
    """Split the file if nobody has, then load chunks until none is free or time is over.

    Of a cancelled import they are taken back instead.

    Any number of workers may do so at once. Returns whether there may be more to do.
    """
    end = time.monotonic() + seconds
    source_import = begin(project_id=project_id, import_id=import_id, chunk_bytes=chunk_bytes)
    following: Work | None = None
    with ThreadPoolExecutor(1) as thread:
        while source_import.state in (ImportState.RUNNING, ImportState.CANCELLING):
            if source_import.state == ImportState.CANCELLING:
                if not _take_back(source_import):
                    return False
            else:
                current = following or hand_out(source_import)
                if current is None:
                    return False
                is_over = time.monotonic() > end
                following = None if is_over else _read_ahead(source_import, thread)
                _work_on(source_import, current)
            if time.monotonic() > end and following is None:
                return True
            source_import.refresh_from_db(fields=["state"])
        if following is not None:
            _forgive(source_import, following.number)
            _offer_again(source_import, following.number)
    return False


def _read_ahead(source_import: Import, thread: ThreadPoolExecutor) -> Work | None:
    """Take a chunk for later, and begin to read it.

    One that was tried before is not read yet: if it kills the worker, then not while it loads
    another. Of a file that was imported before little is read, and of a repair row by row.
    """
    if source_import.repeats_id or source_import.repairs_id:
        return None
    work = hand_out(source_import)
    if work is None or work.attempts > 1:
        return work
    return work._replace(ahead=Ahead.begin(thread, read_chunk, source_import, work.chunk))


def _work_on(source_import: Import, work: Work) -> None:
    """Load a chunk, or halve it if it has failed too often."""
    if work.attempts > MOST_ATTEMPTS:
        isolate(source_import, work.number)
    else:
        _load(source_import, work)


def begin(*, project_id: int, import_id: int, chunk_bytes: int | None = None) -> Import:
    """The import, split into chunks unless it is already, or has failed."""
    project = Project.objects.get(pk=project_id)
    source_import = (
        Import.objects.of(project).select_related("project", "repairs__project").get(pk=import_id)
    )
    if source_import.state in (ImportState.WAITING, ImportState.SPLITTING):
        return split(source_import, chunk_bytes=chunk_bytes)
    return source_import


def split(source_import: Import, *, chunk_bytes: int | None = None) -> Import:
    """Find the file's records and write down its chunks, once, whoever else tries."""
    project = source_import.project
    mine = Import.objects.of(project).filter(pk=source_import.pk)
    mine.filter(state=ImportState.WAITING).update(state=ImportState.SPLITTING)
    try:
        chunks = _chunks_of(source_import, chunk_bytes)
    except (UnreadableFile, OSError) as problem:
        return fail(source_import, str(problem))
    with transaction.atomic():
        locked = mine.select_for_update().get()
        if locked.state != ImportState.SPLITTING:
            return locked
        ImportChunk.objects.bulk_create(chunks, batch_size=1000)
        mine.update(
            rows_total=sum(chunk.records for chunk in chunks),
            state=ImportState.RUNNING,
            started_at=Now(),
        )
    return mine.select_related("project", "repairs__project").get()


def _chunks_of(source_import: Import, chunk_bytes: int | None) -> list[ImportChunk]:
    table = _table(stored(source_import.stored_path), source_import.encoding)
    size = {"size": chunk_bytes} if chunk_bytes else {}
    with stored(source_import.stored_path).open("rb") as file:
        found = spans(
            file,
            delimiter=table.delimiter,
            body_from=table.body_from,
            first_line=table.first_line,
            **size,
        )
        chunks = [
            ImportChunk(source_import=source_import, number=number, **span._asdict())
            for number, span in enumerate(found)
        ]
    if not chunks:
        raise UnreadableFile("no_rows")
    return chunks


def fail(source_import: Import, reason: str) -> Import:
    """End an import that cannot go on; what it stored before stays."""
    Import.objects.of(source_import.project).filter(pk=source_import.pk).update(
        state=ImportState.FAILED, error=reason, finished_at=Now()
    )
    source_import.refresh_from_db()
    return source_import


def hand_out(source_import: Import) -> Work | None:
    """Take the next chunk that nobody works on, counting the attempt before it is made."""
    with transaction.atomic():
        free = Q(last_enqueued_at=None) | Q(last_enqueued_at__lt=Now() - HANDOVER)
        chunk = (
            ImportChunk.objects.select_for_update(skip_locked=True)
            .filter(free, source_import=source_import, state=ChunkState.PENDING)
            .order_by("number")
            .first()
        )
        if chunk is None:
            return None
        ImportChunk.objects.filter(source_import=source_import, number=chunk.number).update(
            attempts=chunk.attempts + 1, last_enqueued_at=Now()
        )
    return Work(chunk, chunk.attempts + 1)


def _load(source_import: Import, chunk: Work) -> None:
    """Load a chunk; what fails for a passing reason is tried again, at once or later."""
    what = f"chunk {chunk.number} of import {source_import.pk}"
    try:
        outcome = attempt(lambda: load_chunk(source_import, chunk.number, chunk.ahead), what=what)
    except FileNotFoundError as problem:
        fail(source_import, f"The file is gone from the disk: {problem.filename}")
        return
    if outcome is Outcome.GAVE_UP:
        _forgive(source_import, chunk.number)
    elif outcome is Outcome.FAILED and chunk.attempts >= MOST_ATTEMPTS:
        isolate(source_import, chunk.number)
    elif outcome is Outcome.FAILED:
        _offer_again(source_import, chunk.number)


def _take_back(source_import: Import) -> bool:
    """Take back a chunk of a cancelled import; whether there may be more."""
    found: list[bool] = []
    what = f"taking back import {source_import.pk}"
    outcome = attempt(lambda: found.append(take_back_next(source_import)), what=what)
    if outcome is Outcome.FAILED:
        fail(source_import, "Its posts could not be taken back; the log of the worker says why.")
    return outcome is Outcome.DONE and found[-1]


def _forgive(source_import: Import, number: int) -> None:
    """The attempt is not held against the chunk: something else was wrong. The sweeper retries."""
    ImportChunk.objects.filter(source_import=source_import, number=number).update(
        attempts=F("attempts") - 1
    )


def _offer_again(source_import: Import, number: int) -> None:
    ImportChunk.objects.filter(source_import=source_import, number=number).update(
        last_enqueued_at=None
    )


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
    if makes == "posts" and is_repeated(source_import, chunk):
        _settle(source_import, chunk, Counts(unchanged=chunk.records), rejected=0)
        return
    reader = _reader(source_import)
    parsed = (ahead and ahead.of(chunk)) or _parse(source_import, chunk, reader)
    owner = source_import.repairs or source_import
    counts = _LOADERS[makes](project=owner.project, source_import=owner, parsed=parsed)
    own = parsed.bad
    if isinstance(reader, Repair):
        own = settle_repair(repair=source_import, reader=reader, counts=counts, bad=parsed.bad)
    _settle(source_import, chunk, counts, rejected=len(parsed.bad))
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


def _data_of(source_import: Import, chunk: ImportChunk) -> bytes:
    with stored(source_import.stored_path).open("rb") as file:
        file.seek(chunk.byte_from)
        return file.read(chunk.byte_to - chunk.byte_from)


@functools.lru_cache(maxsize=16)
def _table(path: Path, encoding: str) -> Table:
    """A stored file is named by its hash, so what is known of it never changes."""
    return table_of(path, encoding)


def _table_of(source_import: Import) -> Table:
    return _table(stored(source_import.stored_path), source_import.encoding)


def _setting(source_import: Import) -> Setting:
    """What a reader is told of a file; of a repair, that of the export whose rows it mends."""
    header = _table_of(source_import).header
    owner = source_import.repairs or source_import
    zone = zoneinfo.ZoneInfo(owner.timezone) if owner.timezone else None
    mapping = mapping_of(owner.mapping) if owner.mapping else None
    own_header = header if owner is source_import else mended_header(header)
    return Setting(own_header, owner.file_name, zone, mapping)


def _reader(source_import: Import) -> Reader | Repair:
    """A reader for a chunk of the file; of a repair, by the kind of what it mends."""
    owner = source_import.repairs or source_import
    reader = READERS[owner.source](_setting(source_import))
    if owner is source_import:
        return reader
    return repair_reader(source_import, reader, _table_of(source_import).header)


def read_chunk(source_import: Import, chunk: ImportChunk) -> Parsed:
    """Read a chunk, as far as it goes without the database."""
    parsed = _parse(source_import, chunk, _reader(source_import))
    if READERS[source_import.source].makes == "posts":
        parsed.lines  # noqa: B018 (made when first asked for)
    return parsed


def _parse(source_import: Import, chunk: ImportChunk, reader: Reader | Repair) -> Parsed:
    data = _data_of(source_import, chunk)
    piece = piece_of(_table_of(source_import), data, chunk.first_line)
    return read_piece(cast(Reader, reader), piece, expected=chunk.records)


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
        data = _data_of(source_import, chunk)
        delimiter = _table(stored(source_import.stored_path), source_import.encoding).delimiter
        found = list(records(data, delimiter.encode(), complete=True))
        if len(found) <= 1:
            record = data.decode("utf-8", "replace").replace("\0", "�").strip("\r\n")
            reason = ROW_PROBLEMS["poison"]
            row = BadRow(chunk.first_line, "", "poison", reason, record[:KEPT_CHARACTERS])
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


def unattended(*, quiet: datetime.timedelta) -> list[tuple[int, int]]:
    """(project, import) of the open imports in which nothing has moved for ``quiet``."""
    before = Now() - quiet
    still = (
        Project.objects.filter(imports__state__in=OPEN_STATES, imports__offered_at__lt=before)
        .values("pk", "imports__pk")
        .annotate(
            done=Max("imports__chunks__done_at"),
            handed_out=Max("imports__chunks__last_enqueued_at"),
        )
        .filter(Q(done=None) | Q(done__lt=before), Q(handed_out=None) | Q(handed_out__lt=before))
    )
    return sorted((row["pk"], row["imports__pk"]) for row in still)


def _allow_longer_waits() -> None:
    """Chunks of one file add to the same days, so they wait for each other at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', '20s', true),"
            " set_config('statement_timeout', '60s', true),"
            # If the machine fails, the rows and ``state = done`` are lost together: loaded again.
            " set_config('synchronous_commit', 'off', true)"
        )
