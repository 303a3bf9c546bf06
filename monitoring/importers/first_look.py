"""What a file is, seen while its sender waits: cheap, however large it is.

What is plainly wrong is refused here, with its sentence. What has to be unpacked or converted is
left to a worker; a CSV in UTF-8, which needs neither, is only checked for being text.
"""

from enum import Enum, auto
from pathlib import Path

from monitoring.importers.archives import (
    GZIP_MAGIC,
    ZIP_MAGIC,
    check_sizes,
    tables_in,
    unzipped,
    workbook_kind,
)
from monitoring.importers.conversion import PLAIN, head_of
from monitoring.importers.encodings import encoding_of, refuse_other_kinds
from monitoring.importers.json_objects import check_objects, is_json
from monitoring.importers.workbooks import MOST_BYTES


class Looks(Enum):
    """What is to be done with a file."""

    PLAIN = auto()  # nothing
    FOREIGN = auto()  # it has to be converted
    ZIP = auto()
    GZIP = auto()


_EMPTY_ZIP = b"PK\x05\x06"


def first_look(path: Path, stated: str = "") -> tuple[Looks, str]:
    """How a file looks, and its encoding where it is plain. Raises UnreadableFile.

    ``stated`` is the encoding that its sender says.
    """
    head = head_of(path)
    if head.startswith((ZIP_MAGIC, _EMPTY_ZIP)):
        return _look_into_zip(path), ""
    if head.startswith(GZIP_MAGIC):
        _look_into_gzip(path)
        return Looks.GZIP, ""
    encoding = encoding_of(path, stated)
    if encoding not in PLAIN:
        return Looks.FOREIGN, ""
    if is_json(head):
        check_objects(path)
        return Looks.FOREIGN, ""
    return Looks.PLAIN, encoding


def _look_into_zip(path: Path) -> Looks:
    if workbook_kind(path):
        check_sizes(path, most=MOST_BYTES)
        return Looks.FOREIGN
    tables_in(path)
    return Looks.ZIP


def _look_into_gzip(path: Path) -> None:
    with path.open("rb") as file:
        first = next(unzipped(iter(lambda: file.read(1 << 16), b"")), b"")
    refuse_other_kinds(first)
