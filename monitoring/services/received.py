"""Files that came in: on the disk under their hash, so that no name from outside reaches it."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from monitoring.importers import files

FOLDER = "imports"


class Received(NamedTuple):
    """A file on the disk, whole and flushed."""

    path: Path
    sha256: str
    size: int  # bytes
    is_new: bool


class NotStored(Exception):
    """The disk did not take the file."""


def receive(chunks: Iterable[bytes]) -> Received:
    """Write a file as it arrives; nothing of it stays if that fails. Raises NotStored."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    digest = hashlib.sha256()
    size = 0
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f".{uuid.uuid4().hex}"
        try:
            with partial.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
            path = folder / digest.hexdigest()
            is_new = not path.exists()
            partial.replace(path)
            _flush(folder)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    return Received(path, digest.hexdigest(), size, is_new)


def as_utf8(received: Received, encoding: str) -> Path:
    """The file as UTF-8: itself, or a rewritten copy beside it."""
    if encoding in ("utf-8", "utf-8-sig"):
        return received.path
    target = received.path.with_suffix(".utf8")
    partial = received.path.with_suffix(f".{uuid.uuid4().hex}")
    try:
        files.rewrite_as_utf8(received.path, encoding, partial)
        partial.replace(target)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def discard(received: Received) -> None:
    """Remove a file that turned out to be none we can read, unless it was there before."""
    if received.is_new:
        received.path.unlink(missing_ok=True)
        received.path.with_suffix(".utf8").unlink(missing_ok=True)


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
