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

from monitoring.importers import AUTO, READERS, UnknownTable, reader_for
from monitoring.importers.files import CONVERTED, table_of
from monitoring.importers.files import Table as TableText
from monitoring.importers.mapping import Mapping
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.reading import Reader, Setting, try_first_rows
from monitoring.importers.table import Table
from monitoring.importers.zones import export_moment
from monitoring.models import (
    OPEN_STATES,
    UNFINISHED_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
    Project,
    UnmappedTable,
)
from monitoring.services.mappings import (
    keep_unmapped,
    kept_mapping,
    save_mapping,
    trial_piece,
)
from monitoring.services.received import (
    NotStored,
    Received,
    as_table,
    discard,
    receive,
    relative,
    stored,
)
from monitoring.services.repairs import repaired_import
from monitoring.services.steering import CANCELLABLE, PAUSABLE, RESUMABLE

__all__ = [
    "NeedsMapping",
    "NotStored",
    "Opened",
    "Progress",
    "SentFile",
    "Stated",
    "UnreadableFile",
    "header_of",
    "open_import",
    "open_unmapped",
    "progress_of",
]

# Longer than any chunk takes: when nothing has moved for so long, nobody is at work.
QUIET = datetime.timedelta(seconds=15)


class Stated(NamedTuple):
    """What the person who sends a file says of it, where the file itself does not."""

    source: str = AUTO
    timezone: str = ""  # the IANA zone of the times in the file
    exported_at: datetime.datetime | None = None
    mapping: Mapping | None = None  # of a table of no known kind


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
    may_wait: bool = False,
) -> Opened:
    """Receive a file and write down its import.

    The moment of export is the one in the file's name, else the stated one, else that of an earlier
    import of the same bytes, else ``received_at``. Raises UnreadableFile and NotStored; then
    nothing of the file is kept. Where it ``may_wait``, a table of no known kind is kept, and
    NeedsMapping says so.
    """
    received = receive(file.chunks)
    if running := _open_import_of(project, received.sha256):
        return Opened(running, False, False)
    try:
        examined = _examine(project, received, file.name, stated)
    except UnknownTable as problem:
        if not may_wait:
            discard(received)
            raise
        text, kind = as_table(received)
        raise NeedsMapping(
            keep_unmapped(
                project=project,
                file_name=file.name,
                received=received,
                stored_path=relative(text),
                encoding=kind,
                timezone=stated.timezone,
                exported_at=stated.exported_at,
                sent_by=started_by,
            )
        ) from problem
    except (UnreadableFile, NotStored):
        discard(received)
        raise
    return _register(
        project=project,
        file_name=file.name,
        sha256=received.sha256,
        size=received.size,
        examined=examined,
        stated=stated,
        received_at=received_at,
        started_by=started_by,
    )


@transaction.atomic
def open_unmapped(
    *,
    waiting: UnmappedTable,
    mapping: Mapping,
    name: str,
    stated: Stated,
    received_at: datetime.datetime,
    started_by: Any,
) -> Opened:
    """Import a table that waited, and keep its mapping under ``name`` for the next such table.

    Raises UnreadableFile where its first rows cannot be read this way; then it goes on waiting.
    """
    stated = stated._replace(source=Table.source, mapping=mapping)
    text = stored(waiting.stored_path)
    if not text.exists():
        raise UnreadableFile("file_gone")
    examined = _examine_table(waiting.project, text, waiting.encoding, waiting.file_name, stated)
    save_mapping(
        project=waiting.project,
        name=name,
        header=examined.table.header,
        mapping=mapping,
        made_by=started_by,
    )
    opened = _register(
        project=waiting.project,
        file_name=waiting.file_name,
        sha256=waiting.sha256,
        size=waiting.size,
        examined=examined,
        stated=stated,
        received_at=received_at,
        started_by=started_by,
    )
    waiting.delete()
    return opened


class NeedsMapping(UnreadableFile):
    """The columns are of no known kind: the file waits for somebody to say what they are."""

    def __init__(self, waiting: UnmappedTable) -> None:
        super().__init__("unknown_table")
        self.waiting = waiting

    @property
    def near_miss(self) -> UnreadableFile | None:
        """Which columns are missing, where the table is nearly of a known kind."""
        cause = self.__cause__
        is_near = isinstance(cause, UnreadableFile) and cause.code == "missing_columns"
        return cause if is_near else None  # type: ignore[return-value]


class Examined(NamedTuple):
    """A file that can be imported, and how it will be read."""

    text: Path
    table: TableText
    source: str
    mapping: Mapping | None
    repairs: Import | None = None


def _examine(project: Project, received: Received, file_name: str, stated: Stated) -> Examined:
    text, kind = as_table(received)
    return _examine_table(project, text, kind, file_name, stated)


def _examine_table(
    project: Project, text: Path, kind: str, file_name: str, stated: Stated
) -> Examined:
    table = table_of(text, kind)
    if repaired := repaired_import(project, table.header):
        return Examined(text, table, repaired.source, None, repaired)
    zone = zoneinfo.ZoneInfo(stated.timezone) if stated.timezone else None
    kind_of_reader, mapping = _reader_for(project, table, stated)
    reader = kind_of_reader(Setting(table.header, file_name, zone, mapping))
    try_first_rows(reader, trial_piece(text, table))
    return Examined(text, table, kind_of_reader.source, mapping)


def _reader_for(
    project: Project, table: TableText, stated: Stated
) -> tuple[type[Reader], Mapping | None]:
    """How a table is read: as what it is, by the mapping that is stated, or by one that is kept."""
    if stated.mapping is not None:
        return Table, stated.mapping
    try:
        reader = reader_for(table.header, stated.source)
    except UnknownTable:
        reader = Table
        if kept := kept_mapping(project, table.header):
            return Table, kept
        raise
    if reader is not Table:
        return reader, None
    if kept := kept_mapping(project, table.header):
        return Table, kept
    raise UnknownTable("mapping_missing")


def _register(
    *,
    project: Project,
    file_name: str,
    sha256: str,
    size: int,
    examined: Examined,
    stated: Stated,
    received_at: datetime.datetime,
    started_by: Any,
) -> Opened:
    """Write down the import of a stored file, unless it is running already."""
    repeated = (
        Import.objects.of(project)
        .filter(sha256=sha256, state=ImportState.DONE)
        .order_by("pk")
        .last()
    )
    zone = zoneinfo.ZoneInfo(stated.timezone) if stated.timezone else None
    known_moment = export_moment(file_name, zone) or stated.exported_at
    if known_moment is None and repeated is not None:
        known_moment = repeated.exported_at
    if examined.repairs is not None:
        known_moment = examined.repairs.exported_at
    try:
        with transaction.atomic():
            source_import = Import.objects.create(
                project=project,
                started_by=started_by,
                file_name=file_name[-255:],
                stored_path=relative(examined.text),
                sha256=sha256,
                size=size,
                source=examined.source,
                encoding=examined.table.encoding,
                delimiter=examined.table.delimiter,
                mapping=examined.mapping.as_dict() if examined.mapping else None,
                timezone=stated.timezone,
                exported_at=known_moment or received_at,
                repeats=repeated if examined.repairs is None else None,
                repairs=examined.repairs,
            )
    except IntegrityError:
        running = _open_import_of(project, sha256)
        if running is None:
            raise
        return Opened(running, False, False)
    is_dated = known_moment is not None or not READERS[examined.source].dated_by_export
    return Opened(source_import, True, not is_dated)


def _open_import_of(project: Project, sha256: str) -> Import | None:
    return Import.objects.of(project).filter(sha256=sha256, state__in=UNFINISHED_STATES).first()


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
    def is_converted(self) -> bool:
        """Whether the file was no text with delimiters."""
        return self.source_import.encoding in CONVERTED

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
