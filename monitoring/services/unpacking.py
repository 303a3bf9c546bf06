"""An archive is the files in it: each becomes an import of its own.

The archive's import becomes that of its first file, so that whoever sent it can follow it; those of
the others say which one that is. All of them are there, or none. A file that is being imported
already is left out, unless that import only asks, and the archive says what it asks for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from monitoring.importers.archives import members_of, tables_in, unzipped
from monitoring.importers.first_look import Looks
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step
from monitoring.importers.questions import question_of
from monitoring.models import UNFINISHED_STATES, Import, ImportState, StatedCoverage
from monitoring.services.coverage import state_in_a_word
from monitoring.services.failing import Lost
from monitoring.services.received import Received, receive, relative
from monitoring.services.steering import cancel

_BLOCK = 1 << 18
_ANSWERS = ("timezone", "day_order", "stated_encoding", "mapping")
# What an archive's import knows, its files' imports know too.
_SAME = (
    "source",
    "stated_encoding",
    "timezone",
    "day_order",
    "mapping",
    "exported_at",
    "is_moment_assumed",
    "may_ask",
    "may_explain",
)


class Unpacked(NamedTuple):
    """A file that was in an archive."""

    name: str
    received: Received


def unpack(archive: Import, path: Path, looks: Looks, step: Step) -> None:
    """Put the files of an archive in its place. Raises UnreadableFile, NotStored, Lost."""
    files = _from_zip(path, step) if looks is Looks.ZIP else _from_gzip(archive, path, step)
    step(1)
    with transaction.atomic():
        mine = Import.objects.of(archive.project).filter(pk=archive.pk)
        is_mine = Q(state=ImportState.CONVERTING, attempts=archive.attempts)
        if not mine.filter(is_mine).select_for_update().exists():
            raise Lost
        for file in files:
            _give_up_asking(archive, file)
        new = [file for file in _different(files) if not _is_imported(archive, file)]
        if not new:
            raise UnreadableFile("already_imported")
        mine.update(**_fields(new[0]), attempts=0, bytes_converted=0, offered_at=Now())
        for file in new[1:]:
            same = {name: getattr(archive, name) for name in _SAME}
            made = Import.objects.create(
                project=archive.project,
                started_by=archive.started_by,
                unpacked_from=archive,
                **same,
                **_fields(file),
            )
            state_in_a_word(source_import=made, accounts=_covers(archive))
    for file in files:
        if file not in new:
            file.received.path.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _from_zip(path: Path, step: Step) -> list[Unpacked]:
    whole = max(sum(one.file_size for one in tables_in(path)), 1)
    files: list[Unpacked] = []
    before = 0
    for number, member in enumerate(members_of(path)):
        blocks = _watched(member.blocks, step, before=before, whole=whole)
        at = path.with_name(f"{path.name}.{number}")
        files.append(Unpacked(member.name, receive(blocks, at=at)))
        before += member.size
    return files


def _from_gzip(archive: Import, path: Path, step: Step) -> list[Unpacked]:
    with path.open("rb") as file:
        packed = iter(lambda: file.read(_BLOCK), b"")
        blocks = unzipped(_watched(packed, step, before=0, whole=max(archive.size, 1)))
        received = receive(blocks, at=path.with_name(f"{path.name}.0"))
    return [Unpacked(archive.file_name.removesuffix(".gz"), received)]


def _watched(blocks: Iterator[bytes], step: Step, *, before: int, whole: int) -> Iterator[bytes]:
    done = before
    for block in blocks:
        done += len(block)
        step(min(1, done / whole))
        yield block


def _different(files: list[Unpacked]) -> list[Unpacked]:
    """The files without those that are there twice."""
    return list({file.received.sha256: file for file in reversed(files)}.values())[::-1]


def _is_imported(archive: Import, file: Unpacked) -> bool:
    return _running(archive, file).exists()


def _give_up_asking(archive: Import, file: Unpacked) -> None:
    """End an import of the file that asks, where the archive says more of it."""
    for asking in _running(archive, file).filter(state=ImportState.ASKING):
        if _says_more(archive, asking):
            cancel(source_import=asking, by=archive.started_by)


def _says_more(archive: Import, asking: Import) -> bool:
    said = ((getattr(archive, name), getattr(asking, name)) for name in _ANSWERS)
    if any(now and now != before for now, before in said):
        return True
    if asking.is_moment_assumed and not archive.is_moment_assumed:
        return True
    refuted = any(question_of(one).is_refutation for one in asking.asks)
    return refuted and archive.timezone != asking.timezone


def _running(archive: Import, file: Unpacked) -> QuerySet[Import]:
    running = Import.objects.of(archive.project).filter(
        sha256=file.received.sha256, state__in=UNFINISHED_STATES
    )
    return running.exclude(pk=archive.pk)


def _covers(archive: Import) -> str:
    """What was said with the archive of whom it covers."""
    said = StatedCoverage.objects.filter(source_import=archive).first()
    return said.accounts if said and said.category_id is None else ""


def _fields(file: Unpacked) -> dict[str, object]:
    return {
        "state": ImportState.RECEIVED,
        "file_name": file.name[-255:],
        "stored_path": relative(file.received.path),
        "sha256": file.received.sha256,
        "size": file.received.size,
    }
