"""A file comes in: it is received whole, and an import is written down for it.

What the sender waits for is the bytes and a first look. A CSV in UTF-8 is examined at once; what is
anything else is unpacked or converted by a worker (``converting``). What the file holds is then
loaded chunk by chunk (``ledger``). The row in the database is the job: the queue only carries
hints.
"""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from monitoring.importers import AUTO
from monitoring.importers.first_look import Looks, first_look
from monitoring.importers.problems import UnreadableFile
from monitoring.models import UNFINISHED_STATES, Import, ImportState, Project
from monitoring.services.answering import answer
from monitoring.services.examining import (
    NOTHING_STATED,
    FileOf,
    Stated,
    examined,
)
from monitoring.services.received import (
    NotStored,
    Received,
    clear,
    discard,
    forget,
    keep,
    receive,
    relative,
    set_aside,
    stored,
)
from monitoring.services.steering import NotPossible

__all__ = [
    "NotStored",
    "Opened",
    "SentFile",
    "Stated",
    "UnreadableFile",
    "open_import",
]


class SentFile(NamedTuple):
    """A file on its way in."""

    name: str
    chunks: Iterable[bytes]


class Opened(NamedTuple):
    """An import, and whether it is a new one."""

    source_import: Import
    is_new: bool  # False: the same file is being imported already


def open_import(
    *,
    project: Project,
    file: SentFile,
    received_at: datetime.datetime,
    stated: Stated = NOTHING_STATED,
    started_by: Any = None,
    may_ask: bool = False,
    may_explain: bool = False,
    mends: Import | None = None,
) -> Opened:
    """Receive a file and write down its import, whose state says what comes next.

    What is plainly no export is refused: raises UnreadableFile and NotStored; then nothing of the
    file is kept. A file that waits for an answer and is sent again takes what is stated as the
    answer. Where its sender can be asked (``may_ask``), an import also waits to be told when the
    file was exported; where its sender is in the browser (``may_explain``), what the columns of an
    unknown table are. What ``mends`` an import must be a table of its rejected rows.
    """
    received = receive(file.chunks)
    if running := _unfinished(project, received.sha256):
        discard(received)
        return Opened(_answered(running, stated), is_new=False)
    try:
        looks, encoding = first_look(received.path, stated.encoding)
        if looks is Looks.PLAIN:
            plain = FileOf(
                *(project, file.name, received.sha256, received.path, encoding, received_at),
                may_ask=may_ask,
                may_explain=may_explain,
                mends=mends,
            )
            fields = examined(plain, stated)
            fields["stored_path"] = relative(keep(received))
        elif mends is not None and looks is not Looks.FOREIGN:
            raise UnreadableFile("repair_other")
        else:
            fields = {**_unread(received, stated, received_at), "repairs": mends}
    except (UnreadableFile, NotStored):
        discard(received)
        raise
    return _written_down(
        project=project,
        started_by=started_by,
        file_name=file.name[-255:],
        sha256=received.sha256,
        size=received.size,
        may_ask=may_ask,
        may_explain=may_explain,
        **fields,
    )


def _unread(received: Received, stated: Stated, received_at: datetime.datetime) -> dict[str, Any]:
    """The fields of an import whose file a worker has yet to read."""
    return {
        "state": ImportState.RECEIVED,
        "stored_path": relative(set_aside(received)),
        "source": "" if stated.source == AUTO else stated.source,
        "stated_encoding": stated.encoding,
        "timezone": stated.zone_name,
        "day_order": stated.day_order,
        "mapping": stated.mapping.as_dict() if stated.mapping else None,
        "exported_at": stated.exported_at or received_at,
        "is_moment_assumed": stated.exported_at is None,
    }


def _written_down(*, project: Project, sha256: str, stored_path: str, **fields: Any) -> Opened:
    """An import, unless another one of the same bytes was quicker."""
    try:
        with transaction.atomic():
            made = Import.objects.create(
                project=project, sha256=sha256, stored_path=stored_path, **fields
            )
    except IntegrityError:
        running = _unfinished(project, sha256)
        if running is None:
            raise
        if fields["state"] == ImportState.RECEIVED:
            clear(stored(stored_path))
        else:
            forget(stored(stored_path))
        return Opened(running, is_new=False)
    return Opened(made, is_new=True)


def _unfinished(project: Project, sha256: str) -> Import | None:
    return Import.objects.of(project).filter(sha256=sha256, state__in=UNFINISHED_STATES).first()


def _answered(running: Import, stated: Stated) -> Import:
    """The import of a file that is sent again, with what is stated this time."""
    if running.state != ImportState.ASKING or stated == NOTHING_STATED:
        return running
    try:
        return answer(source_import=running, stated=stated)
    except NotPossible:  # somebody else has answered meanwhile
        return running
