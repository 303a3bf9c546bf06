"""The ledger of an import: who works on what of it, and what is to be done next.

Handing a chunk out is a transaction of its own, so that a chunk that kills its worker is known by
its attempts (``chunks`` says what becomes of it). Locks do the sharing. A chunk in work is locked
and others skip it; a worker that dies lets go of it, whether or not the queue ever hears of that.
"""

import datetime
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from monitoring.importers.problems import UnreadableFile
from monitoring.models import (
    OPEN_STATES,
    UNREAD_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
    Project,
)
from monitoring.services.attempts import Outcome, attempt
from monitoring.services.chunks import (
    MOST_ATTEMPTS,
    PLACE_COLUMNS,
    chunk_of,
    isolate,
    load_chunk,
    read_chunk,
)
from monitoring.services.converting import convert
from monitoring.services.failing import fail
from monitoring.services.reading_ahead import Ahead, thread_to_read_in
from monitoring.services.splitting import split
from monitoring.services.statements import statement
from monitoring.services.taking_back import take_back_next

# Between being handed out and being locked a chunk is free for so long at most.
HANDOVER = datetime.timedelta(seconds=5)
_HAND_OUT = statement(
    """
    UPDATE monitoring_importchunk SET attempts = attempts + 1, last_enqueued_at = now()
    -- A machine that fails forgets the attempt with what was attempted: no need to wait for a disk.
    FROM set_config('synchronous_commit', 'off', true)
    WHERE (source_import_id, number) = (
        SELECT source_import_id, number FROM monitoring_importchunk
        WHERE source_import_id = %(import)s AND state = %(pending)s
            AND (last_enqueued_at IS NULL OR last_enqueued_at < now() - %(handover)s)
        ORDER BY number
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {place}, coalesce(
        (
            SELECT rows_created > 0 FROM monitoring_importchunk
            WHERE source_import_id = %(import)s AND state = %(done)s
            ORDER BY done_at DESC LIMIT 1
        ),
        true
    )
    """,
    place=PLACE_COLUMNS,
)
# What PostgreSQL knows of its tables may be wrong after as many new ones.
_MANY_ROWS = 10_000


class Work(NamedTuple):
    """A chunk that was handed out to this worker.

    It is expected to bring new posts if the chunk did that was loaded last.
    """

    chunk: ImportChunk
    brings_new: bool
    ahead: Ahead | None = None

    @property
    def number(self) -> int:
        return self.chunk.number

    @property
    def attempts(self) -> int:
        """This one among them."""
        return self.chunk.attempts


def work(
    *, project_id: int, import_id: int, seconds: float, chunk_bytes: int | None = None
) -> bool:
    """Convert and split the file if nobody has, then load chunks while there are any, and time.

    Of a cancelled import they are taken back instead. Converting takes what it takes.

    Any number of workers may do so at once. Returns whether there may be more to do.
    """
    end = time.monotonic() + seconds
    source_import = begin(project_id=project_id, import_id=import_id, chunk_bytes=chunk_bytes)
    following: Work | None = None
    with thread_to_read_in() as thread:
        while source_import.state in (ImportState.RUNNING, ImportState.CANCELLING):
            if source_import.state == ImportState.CANCELLING:
                if not _take_back(source_import):
                    return False
            else:
                current = following or _take(source_import, thread)
                if current is None:
                    return False
                is_over = time.monotonic() > end or _is_read_late(source_import)
                following = None if is_over else _take(source_import, thread)
                _work_on(source_import, current)
            source_import.refresh_from_db(fields=["state"])
            if source_import.state == ImportState.DONE:
                _analyse(source_import)
            elif time.monotonic() > end and following is None:
                return True
        if following is not None:
            _forgive(source_import, following.number)
            _offer_again(source_import, following.number)
    return False


def _analyse(source_import: Import) -> None:
    """Let PostgreSQL look at tables that a large import has changed, before charts ask for them."""
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    if mine.filter(rows_created__gte=_MANY_ROWS).exists():
        with connection.cursor() as cursor:
            cursor.execute("SELECT monitoring_analyse()")


def _is_read_late(source_import: Import) -> bool:
    """Of a file that was imported before little is read, and of a repair row by row."""
    return bool(source_import.repeats_id or source_import.repairs_id)


def _take(source_import: Import, thread: ThreadPoolExecutor) -> Work | None:
    """Take a chunk, and begin to read it.

    One that was tried before is not read yet: if it kills the worker, then not while it loads
    another.
    """
    work = hand_out(source_import)
    if work is None or work.attempts > 1 or _is_read_late(source_import):
        return work
    read = partial(read_chunk, judged=work.brings_new)
    return work._replace(ahead=Ahead.begin(thread, read, source_import, work.chunk))


def _work_on(source_import: Import, work: Work) -> None:
    """Load a chunk, or halve it if it has failed too often."""
    if work.attempts > MOST_ATTEMPTS:
        isolate(source_import, work.number)
    else:
        _load(source_import, work)


def find(*, project_id: int, import_id: int) -> Import:
    """An import, and what its work asks of it."""
    project = Project.objects.get(pk=project_id)
    found = Import.objects.of(project).select_related("project", "repairs__project")
    return found.get(pk=import_id)


def begin(*, project_id: int, import_id: int, chunk_bytes: int | None = None) -> Import:
    """The import, converted and split into chunks unless it is already, asks, or has failed."""
    source_import = find(project_id=project_id, import_id=import_id)
    while source_import.state in UNREAD_STATES and convert(source_import=source_import):
        source_import = find(project_id=project_id, import_id=import_id)
    if source_import.state in (ImportState.WAITING, ImportState.SPLITTING):
        return split(source_import, chunk_bytes=chunk_bytes)
    return source_import


def hand_out(source_import: Import) -> Work | None:
    """Take the next chunk that nobody works on, counting the attempt before it is made."""
    values: dict[str, Any] = {
        "import": source_import.pk,
        "pending": ChunkState.PENDING,
        "done": ChunkState.DONE,
        "handover": HANDOVER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OUT, values)
        row = cursor.fetchone()
    if row is None:
        return None
    *place, brings_new = row
    return Work(chunk_of(source_import, place), brings_new)


def _load(source_import: Import, chunk: Work) -> None:
    """Load a chunk; what fails for a passing reason is tried again, at once or later."""
    what = f"chunk {chunk.number} of import {source_import.pk}"
    try:
        outcome = attempt(lambda: load_chunk(source_import, chunk.number, chunk.ahead), what=what)
    except FileNotFoundError:
        fail(source_import, UnreadableFile("file_gone"))
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
        fail(source_import, UnreadableFile("not_taken_back"))
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


def unattended(*, quiet: datetime.timedelta) -> list[tuple[int, int]]:
    """(project, import) of the open imports in which nothing has moved for ``quiet``."""
    before = Now() - quiet
    still = (
        Project.objects.filter(imports__state__in=OPEN_STATES, imports__offered_at__lt=before)
        .filter(Q(imports__converted_at=None) | Q(imports__converted_at__lt=before))
        .values("pk", "imports__pk")
        .annotate(
            done=Max("imports__chunks__done_at"),
            handed_out=Max("imports__chunks__last_enqueued_at"),
        )
        .filter(Q(done=None) | Q(done__lt=before), Q(handed_out=None) | Q(handed_out__lt=before))
    )
    return sorted((row["pk"], row["imports__pk"]) for row in still)
