"""Open an import, and say how far it is.

A file is received whole, looked at, and written down as an import in one transaction; what it holds
is then loaded chunk by chunk (``ledger``). The row in the database is the job: the queue only
carries hints that there is one.
"""

import datetime
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q

from monitoring.importers import AUTO, READERS, reader_for
from monitoring.importers.files import Table, encoding_of, table_of
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.reading import Piece, Reader, Setting, try_first_rows
from monitoring.importers.zones import export_moment
from monitoring.models import (
    OPEN_STATES,
    UNFINISHED_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
    Project,
)
from monitoring.services.received import (
    NotStored,
    Received,
    as_utf8,
    discard,
    receive,
    relative,
    stored,
)
from monitoring.services.repairs import repaired_import
from monitoring.services.steering import CANCELLABLE, PAUSABLE, RESUMABLE

__all__ = [
    "NotStored",
    "Opened",
    "Progress",
    "SentFile",
    "Stated",
    "UnreadableFile",
    "header_of",
    "open_import",
    "progress_of",
]

# Longer than any chunk takes: when nothing has moved for so long, nobody is at work.
QUIET = datetime.timedelta(seconds=15)
_TRIAL_BYTES = 1 << 18


class Stated(NamedTuple):
    """What the person who sends a file says of it, where the file itself does not."""

    source: str = AUTO
    timezone: str = ""  # the IANA zone of the times in the file
    exported_at: datetime.datetime | None = None


NOTHING_STATED = Stated()


class SentFile(NamedTuple):
    """A file on its way in."""

    name: str
    chunks: Iterable[bytes]


class Opened(NamedTuple):
    """An import, and what the person who sent the file should know of it."""

    source_import: Import
    is_new: bool  # False: the same file is being imported already
    export_moment_unknown: bool


def open_import(
    *,
    project: Project,
    file: SentFile,
    received_at: datetime.datetime,
    stated: Stated = NOTHING_STATED,
    started_by: Any = None,
) -> Opened:
    """Receive a file and write down its import.

    The moment of export is the one in the file's name, else the stated one, else that of an earlier
    import of the same bytes, else ``received_at``. Raises UnreadableFile and NotStored; then
    nothing of the file is kept.
    """
    received = receive(file.chunks)
    if running := _open_import_of(project, received):
        return Opened(running, False, False)
    zone = zoneinfo.ZoneInfo(stated.timezone) if stated.timezone else None
    try:
        encoding = encoding_of(received.path)
        text = as_utf8(received, encoding)
        table = table_of(text, encoding)
        repaired = repaired_import(project, table.header)
        if repaired is not None:
            reader = READERS[repaired.source]
        else:
            reader = reader_for(table.header, stated.source)
            _try(reader(Setting(table.header, file.name, zone)), text, table)
    except (UnreadableFile, NotStored):
        discard(received)
        raise
    repeated = (
        Import.objects.of(project)
        .filter(sha256=received.sha256, state=ImportState.DONE)
        .order_by("pk")
        .last()
    )
    known_moment = export_moment(file.name, zone) or stated.exported_at
    if repaired is not None:
        known_moment = repaired.exported_at
    if known_moment is None and repeated is not None:
        known_moment = repeated.exported_at
    try:
        with transaction.atomic():
            source_import = Import.objects.create(
                project=project,
                started_by=started_by,
                file_name=file.name[-255:],
                stored_path=relative(text),
                sha256=received.sha256,
                size=received.size,
                source=reader.source,
                encoding=encoding,
                delimiter=table.delimiter,
                timezone=stated.timezone,
                exported_at=known_moment or received_at,
                repeats=repeated if repaired is None else None,
                repairs=repaired,
            )
    except IntegrityError:
        running = _open_import_of(project, received)
        if running is None:
            raise
        return Opened(running, False, False)
    is_dated = known_moment is not None or READERS[reader.source].makes == "ads"
    return Opened(source_import, True, not is_dated)


def _open_import_of(project: Project, received: Received) -> Import | None:
    return (
        Import.objects.of(project)
        .filter(sha256=received.sha256, state__in=UNFINISHED_STATES)
        .first()
    )


def _try(reader: Reader, text: Path, table: Table) -> None:
    with text.open("rb") as file:
        file.seek(table.body_from)
        data = file.read(_TRIAL_BYTES)
    try_first_rows(reader, Piece(data, table.delimiter, len(table.header), table.first_line))


class Progress(NamedTuple):
    """How far an import is, in the words of its page."""

    source_import: Import
    percent: int | None  # None until the file is split
    rows_per_second: int | None
    seconds_left: int | None
    no_worker: bool

    @property
    def tone(self) -> str:
        """How the state is coloured."""
        if self.source_import.state == ImportState.FAILED:
            return "danger"
        if self.source_import.state == ImportState.DONE:
            return "success"
        return "warning" if self.no_worker or self.source_import.state in _STOPPED else ""

    @property
    def delimiter(self) -> str:
        """The delimiter, visible."""
        return "TAB" if self.source_import.delimiter == "\t" else self.source_import.delimiter

    @property
    def may_pause(self) -> bool:
        return self.source_import.state in PAUSABLE

    @property
    def may_resume(self) -> bool:
        return self.source_import.state in RESUMABLE

    @property
    def may_cancel(self) -> bool:
        return self.source_import.state in CANCELLABLE


_STOPPED = (ImportState.PAUSED, ImportState.CANCELLED)


def progress_of(*, source_import: Import, now: datetime.datetime) -> Progress:
    """How far an import is at ``now``.

    Workers prove themselves by what they write: when no open import has moved for a while, none is
    running.
    """
    one = source_import
    percent = 100 * one.rows_read // one.rows_total if one.rows_total else None
    if not one.is_open:
        return Progress(one, percent, _rate(one, one.finished_at), None, False)
    no_worker = now - _last_movement(one) > QUIET
    if one.state == ImportState.CANCELLING:
        return Progress(one, _percent_taken_back(one), None, None, no_worker)
    rate = _rate(one, now)
    left = round(((one.rows_total or 0) - one.rows_read) / rate) if rate else None
    return Progress(one, percent, rate, left, no_worker)


def _rate(one: Import, until: datetime.datetime | None) -> int | None:
    if one.started_at is None or until is None or not one.rows_read or one.is_cancelled:
        return None
    seconds = max((until - one.started_at).total_seconds(), 0.001)
    return round(one.rows_read / seconds)


def _percent_taken_back(one: Import) -> int:
    chunks = ImportChunk.objects.filter(source_import=one).aggregate(
        all=Count("number"), done=Count("number", filter=Q(state=ChunkState.TAKEN_BACK))
    )
    return int(100 * chunks["done"] // max(chunks["all"], 1))


def _last_movement(one: Import) -> datetime.datetime:
    moved = ImportChunk.objects.filter(source_import__state__in=OPEN_STATES).aggregate(
        done=Max("done_at"), handed_out=Max("last_enqueued_at")
    )
    moments = [moved["done"], moved["handed_out"], one.started_at, one.offered_at]
    return max(moment for moment in moments if moment is not None)


def header_of(source_import: Import) -> tuple[str, ...]:
    """The columns of an import's file; empty where the file is no longer kept."""
    try:
        return table_of(stored(source_import.stored_path), source_import.encoding).header
    except (OSError, UnreadableFile):
        return ()
