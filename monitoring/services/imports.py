"""Open an import, and say how far it is.

A file is received whole, looked at, and written down as an import in one transaction; what it holds
is then loaded chunk by chunk (``ledger``). The row in the database is the job: the queue only
carries hints that there is one.
"""

import datetime
import zoneinfo
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max

from monitoring.importers import AUTO, READERS, reader_for
from monitoring.importers.files import Table, encoding_of, table_of
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.reading import Reader, Setting, try_first_rows
from monitoring.importers.zones import export_moment
from monitoring.models import OPEN_STATES, Import, ImportChunk, ImportState, Project
from monitoring.services.received import (
    NotStored,
    Received,
    as_utf8,
    discard,
    receive,
    relative,
    stored,
)

__all__ = ["NotStored", "Opened", "Progress", "UnreadableFile", "open_import", "progress_of"]

# Longer than any chunk takes: when nothing has moved for so long, nobody is at work.
QUIET = datetime.timedelta(seconds=15)
_TRIAL_BYTES = 1 << 18


class Opened(NamedTuple):
    """An import, and what the person who sent the file should know of it."""

    source_import: Import
    is_new: bool  # False: the same file is being imported already
    export_moment_unknown: bool


def open_import(
    *,
    project: Project,
    chunks: Iterable[bytes],
    file_name: str,
    received_at: datetime.datetime,
    source: str = AUTO,
    timezone: str = "",
    exported_at: datetime.datetime | None = None,
    started_by: Any = None,
) -> Opened:
    """Receive a file and write down its import.

    The moment of export is the one in the file's name, else ``exported_at``, else that of an
    earlier import of the same bytes, else ``received_at``. ``timezone`` is the IANA zone of the
    times in the file, empty where they carry their own. Raises UnreadableFile and NotStored; then
    nothing of the file is kept.
    """
    received = receive(chunks)
    if running := _open_import_of(project, received):
        return Opened(running, False, False)
    zone = zoneinfo.ZoneInfo(timezone) if timezone else None
    try:
        encoding = encoding_of(received.path)
        text = as_utf8(received, encoding)
        table = table_of(text, encoding)
        reader = reader_for(table.header, source)
        _try(reader(Setting(table.header, file_name, zone)), relative(text), table)
    except (UnreadableFile, NotStored):
        discard(received)
        raise
    repeated = (
        Import.objects.of(project)
        .filter(sha256=received.sha256, state=ImportState.DONE)
        .order_by("pk")
        .last()
    )
    known_moment = export_moment(file_name, zone) or exported_at
    if known_moment is None and repeated is not None:
        known_moment = repeated.exported_at
    try:
        with transaction.atomic():
            source_import = Import.objects.create(
                project=project,
                started_by=started_by,
                file_name=file_name[-255:],
                stored_path=relative(text),
                sha256=received.sha256,
                size=received.size,
                source=reader.source,
                encoding=encoding,
                delimiter=table.delimiter,
                timezone=timezone,
                exported_at=known_moment or received_at,
                repeats=repeated,
            )
    except IntegrityError:
        running = _open_import_of(project, received)
        if running is None:
            raise
        return Opened(running, False, False)
    is_dated = known_moment is not None or READERS[reader.source].makes == "ads"
    return Opened(source_import, True, not is_dated)


def _open_import_of(project: Project, received: Received) -> Import | None:
    return Import.objects.of(project).filter(sha256=received.sha256, state__in=OPEN_STATES).first()


def _try(reader: Reader, path: str, table: Table) -> None:
    with stored(path).open("rb") as file:
        file.seek(table.body_from)
        data = file.read(_TRIAL_BYTES)
    try_first_rows(reader, data, delimiter=table.delimiter, width=len(table.header))


class Progress(NamedTuple):
    """How far an import is, in the words of its page."""

    source_import: Import
    percent: int | None  # None until the file is split
    rows_per_second: int | None
    seconds_left: int | None
    no_worker: bool


def progress_of(*, source_import: Import, now: datetime.datetime) -> Progress:
    """How far an import is at ``now``.

    Workers prove themselves by what they write: when no open import has moved for a while, none is
    running.
    """
    one = source_import
    percent = 100 * one.rows_read // one.rows_total if one.rows_total else None
    if not one.is_open:
        return Progress(one, percent, _rate(one, one.finished_at), None, False)
    rate = _rate(one, now)
    left = round(((one.rows_total or 0) - one.rows_read) / rate) if rate else None
    return Progress(one, percent, rate, left, now - _last_movement(one) > QUIET)


def _rate(one: Import, until: datetime.datetime | None) -> int | None:
    if one.started_at is None or until is None or not one.rows_read:
        return None
    seconds = max((until - one.started_at).total_seconds(), 0.001)
    return round(one.rows_read / seconds)


def _last_movement(one: Import) -> datetime.datetime:
    moved = ImportChunk.objects.filter(source_import__state__in=OPEN_STATES).aggregate(
        done=Max("done_at"), handed_out=Max("last_enqueued_at")
    )
    moments = [moved["done"], moved["handed_out"], one.started_at, one.created_at]
    return max(moment for moment in moments if moment is not None)
