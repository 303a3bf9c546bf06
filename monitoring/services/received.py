"""Files that came in: on the disk under their hash, so that no name from outside reaches it."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from monitoring.importers.conversion import WORKBOOKS, table_text
from monitoring.importers.tokens import without_tokens

FOLDER = "imports"
_AS_TABLE = ".utf8"


class Received(NamedTuple):
    """A file on the disk, whole and flushed."""

    path: Path
    sha256: str
    size: int  # bytes
    is_new: bool


class NotStored(Exception):
    """The disk did not take the file."""


def receive(chunks: Iterable[bytes]) -> Received:
    """Write a file as it arrives; nothing of it stays if that fails. Raises NotStored.

    Access tokens in it never reach the disk, and the hash is that of what is stored.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    digest = hashlib.sha256()
    size = 0
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f".{uuid.uuid4().hex}"
        try:
            with partial.open("xb") as file:
                for chunk in without_tokens(chunks):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
            path = folder / digest.hexdigest()
            is_new = not path.exists() and not path.with_suffix(_AS_TABLE).exists()
            partial.replace(path)
            _flush(folder)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    return Received(path, digest.hexdigest(), size, is_new)


def as_table(received: Received) -> tuple[Path, str]:
    """The table in UTF-8 and what the file was: the file itself, or a copy written beside it.

    Of a workbook only the copy stays, since nothing can be taken out of what is packed. Raises
    UnreadableFile and NotStored.
    """
    target = received.path.with_suffix(_AS_TABLE)
    partial = received.path.with_suffix(f".{uuid.uuid4().hex}")
    try:
        text, kind = table_text(received.path, partial)
        if text == partial:
            partial.replace(target)
            text = target
        if kind in WORKBOOKS:
            received.path.unlink(missing_ok=True)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return text, kind


def discard(received: Received) -> None:
    """Remove a file that turned out to be none we can read, unless it was there before."""
    if received.is_new:
        received.path.unlink(missing_ok=True)
        received.path.with_suffix(_AS_TABLE).unlink(missing_ok=True)


def stored(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


def relative(path: Path) -> str:
    return str(path.relative_to(Path(settings.MEDIA_ROOT)))


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
