"""A received file becomes one table in UTF-8, or the files in it: the part that takes long.

Whoever converts a file holds it by a lock that goes with the process. An attempt is counted before
it is made, so that a file that kills its worker is known; how far it is stands in the import. What
an attempt writes lies beside the file under its name, so the next attempt, or whoever ends the
import, finds and removes it. The import changes with the outcome in one transaction.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from monitoring.importers.conversion import table_text
from monitoring.importers.first_look import Looks, first_look
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step
from monitoring.models import UNREAD_STATES, Import, ImportState
from monitoring.services.examining import examined, file_of, stated_of
from monitoring.services.failing import Lost, fail
from monitoring.services.received import (
    NotStored,
    clear,
    forget,
    held,
    pieces_of,
    place_of_table,
    stored,
    was_unpacked,
)
from monitoring.services.unpacking import unpack

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
_BETWEEN_REPORTS = 0.5  # seconds


def convert(*, source_import: Import, sign: Callable[[], None] = lambda: None) -> bool:
    """Convert or unpack the file of an import, unless somebody else is at it.

    ``sign`` is called now and then as a sign of life. Returns whether that came to an end here:
    then the import has another state, or is that of an archive's file, which is still to be read.
    """
    if source_import.state not in UNREAD_STATES:
        return False
    path = stored(source_import.stored_path)
    try:
        with held(path) as file:
            taken = _taken(source_import) if file else None
            return taken is not None and _attempt(taken, path, sign)
    except FileNotFoundError:
        mine = _mine(source_import).filter(stored_path=source_import.stored_path)
        if not mine.filter(state__in=UNREAD_STATES).exists():
            return False  # another worker has done it meanwhile
        fail(source_import, UnreadableFile("file_gone"))
        return True


def _taken(source_import: Import) -> Import | None:
    """The import, with one more attempt counted; None where there is nothing to be done."""
    with transaction.atomic():
        found = _mine(source_import).filter(
            stored_path=source_import.stored_path, state__in=UNREAD_STATES
        )
        locked = found.select_for_update(of=("self",)).select_related("project").first()
        if locked is None:
            return None
        if locked.attempts >= MOST_ATTEMPTS:
            for piece in pieces_of(stored(locked.stored_path)):
                piece.unlink(missing_ok=True)
            fail(locked, UnreadableFile("never_whole", times=locked.attempts))
            return None
        found.update(
            state=ImportState.CONVERTING,
            attempts=F("attempts") + 1,
            bytes_converted=0,
            converted_at=Now(),
        )
        locked.attempts += 1
    return locked


def _attempt(taken: Import, path: Path, sign: Callable[[], None]) -> bool:
    for piece in pieces_of(path):
        piece.unlink(missing_ok=True)  # of an attempt that was killed
    step = _reporting(taken, sign)
    try:
        looks, _encoding = first_look(path, taken.stated_encoding)
        if looks in (Looks.ZIP, Looks.GZIP):
            if was_unpacked(path):
                raise UnreadableFile("archive_nested", name=taken.file_name)
            unpack(taken, path, looks, step)
        else:
            _convert(taken, path, step)
    except UnreadableFile as problem:
        clear(path)
        fail(taken, problem, is_kept=False)
    except Lost:
        clear(path)
    except (NotStored, OSError):
        # A full disk, most likely: it may have room when the sweeper asks again.
        logger.exception("import %s was not converted", taken.pk)
        for piece in pieces_of(path):
            piece.unlink(missing_ok=True)
        return False
    return True


def _convert(taken: Import, path: Path, step: Step) -> None:
    partial = path.with_name(f"{path.name}.table")
    text, kind, left_out = table_text(path, partial, step, taken.stated_encoding)
    table = path
    if text == partial:
        table = place_of_table(taken.sha256, kind)
        partial.replace(table)
    try:
        with transaction.atomic():
            fields = examined(file_of(taken, table, kind), stated_of(taken))
            fields |= {"left_out": list(left_out), "bytes_converted": 0, "offered_at": Now()}
            if not _converting(taken).update(**fields):
                raise Lost
    except (UnreadableFile, Lost):
        forget(table)
        raise
    if table != path:
        clear(path)


def _reporting(taken: Import, sign: Callable[[], None]) -> Step:
    """Writes down how far it is, twice a second at most. Raises Lost."""
    reported = time.monotonic()

    def step(share: float) -> None:
        nonlocal reported
        if time.monotonic() < reported + _BETWEEN_REPORTS:
            return
        reported = time.monotonic()
        done = round(share * taken.size)
        if not _converting(taken).update(bytes_converted=done, converted_at=Now()):
            raise Lost
        sign()

    return step


def _mine(source_import: Import) -> QuerySet[Import]:
    return Import.objects.of(source_import.project).filter(pk=source_import.pk)


def _converting(taken: Import) -> QuerySet[Import]:
    """The import, as long as this attempt is the one that counts."""
    return _mine(taken).filter(state=ImportState.CONVERTING, attempts=taken.attempts)
