"""What a person sent, file by file: an archive is the tables in it."""

import itertools
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

from django.conf import settings

from monitoring.importers.archives import (
    GZIP_MAGIC,
    MOST_MEMBERS,
    ZIP_MAGIC,
    is_zip_of_files,
    members_of,
    unzipped,
)
from monitoring.services.imports import SentFile
from monitoring.services.received import FOLDER, NotStored

_BLOCK = 1 << 20


def parts_of(file: SentFile, *, most: int = MOST_MEMBERS) -> Generator[SentFile, None, None]:
    """The files in an archive, each to be read before the next; any other file is itself.

    Raises UnreadableFile for archives beyond the limits, and NotStored.
    """
    blocks = iter(file.chunks)
    first = next(blocks, b"")
    whole = itertools.chain([first], blocks)
    if first.startswith(GZIP_MAGIC):
        yield SentFile(file.name.removesuffix(".gz"), unzipped(whole))
    elif first.startswith(ZIP_MAGIC):
        yield from _parts_of_zip(SentFile(file.name, whole), most)
    else:
        yield SentFile(file.name, whole)


def _parts_of_zip(file: SentFile, most: int) -> Iterator[SentFile]:
    """The directory of a ZIP stands at its end, so the whole must be there to be read."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    packed = folder / f".{uuid.uuid4().hex}"
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with packed.open("xb") as written:
                written.writelines(file.chunks)
        except OSError as error:
            raise NotStored(error.strerror or str(error)) from error
        if is_zip_of_files(packed):
            for member in members_of(packed, most=most):
                yield SentFile(member.name, member.blocks)
        else:
            yield SentFile(file.name, _blocks(packed))
    finally:
        packed.unlink(missing_ok=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
