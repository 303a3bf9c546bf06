"""Files that came in: on the disk under their hash, so that no name from outside reaches it."""

import fcntl
import hashlib
import itertools
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings

from monitoring.importers.archives import GZIP_MAGIC, ZIP_MAGIC
from monitoring.importers.conversion import table_text
from monitoring.importers.tokens import without_tokens
from monitoring.models import Import

FOLDER = "imports"
_AS_TABLE = ".utf8"


class Received(NamedTuple):
    """A file on the disk, whole and flushed, in a place of its own."""

    path: Path
    sha256: str
    size: int  # bytes


class NotStored(Exception):
    """The disk did not take the file."""


def receive(chunks: Iterable[bytes], *, at: Path | None = None) -> Received:
    """Write a file as it arrives; nothing of it stays if that fails. Raises NotStored.

    Two people may send the same file at the same moment: nobody else has its place, until it is
    kept or set aside. Access tokens in it never reach the disk, and the hash is that of what is
    stored. Out of what is packed they are taken when it is unpacked, and the packed file goes then.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    digest = hashlib.sha256()
    size = 0
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = at or folder / f".{uuid.uuid4().hex}"
        try:
            with partial.open("wb") as file:
                for chunk in _to_be_kept(chunks):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        _flush(folder)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    return Received(partial, digest.hexdigest(), size)


def _to_be_kept(chunks: Iterable[bytes]) -> Iterator[bytes]:
    blocks = iter(chunks)
    head = b""
    while len(head) < len(ZIP_MAGIC) and (block := next(blocks, None)) is not None:
        head += block
    whole = itertools.chain([head], blocks)
    return whole if head.startswith((ZIP_MAGIC, GZIP_MAGIC)) else without_tokens(whole)


def keep(received: Received) -> Path:
    """Put a file under its hash, where all imports of the same bytes find it. Raises NotStored."""
    return _moved(received, received.sha256)


def set_aside(received: Received) -> Path:
    """Name a file that is to be converted: whoever converts it removes it. Raises NotStored."""
    return _moved(received, f"{received.sha256}.{uuid.uuid4().hex[:12]}")


def _moved(received: Received, name: str) -> Path:
    path = received.path.with_name(name)
    try:
        received.path.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    return path


@contextmanager
def held(path: Path) -> Iterator[BinaryIO | None]:
    """Hold a file that only one process may convert; None where another holds it.

    The system lets go of it for a process that was killed. Raises FileNotFoundError.
    """
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def place_of_table(sha256: str, kind: str) -> Path:
    """Where the table goes that a file was converted to, of the encoding or kind it was read as."""
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{sha256}.{kind}{_AS_TABLE}"


def pieces_of(path: Path) -> list[Path]:
    """What a conversion of a file that was set aside has written beside it so far."""
    return sorted(path.parent.glob(f"{path.name}.*"))


def was_unpacked(path: Path) -> bool:
    """Whether a file that was set aside came out of an archive."""
    return path.name.count(".") > 1


def clear(path: Path) -> None:
    """Remove a file that was set aside, and the pieces of its conversion."""
    for piece in [path, *pieces_of(path)]:
        piece.unlink(missing_ok=True)


def forget(path: Path) -> None:
    """Remove a stored file unless an import needs it."""
    if not Import._base_manager.filter(stored_path=relative(path)).exists():
        with suppress(FileNotFoundError):
            path.unlink()


def as_table(received: Received) -> tuple[Path, str]:
    """The table in UTF-8 and what the file was: the file itself, or a copy written beside it.

    Raises UnreadableFile and NotStored.
    """
    target = received.path.with_suffix(_AS_TABLE)
    try:
        text = table_text(received.path, target)
    except OSError as error:
        raise NotStored(error.strerror or str(error)) from error
    return text.path, text.kind


def discard(received: Received) -> None:
    """Remove a file that nobody needs, and the table it was written to."""
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
