"""What is inside ``.zip`` and ``.gz`` files, within limits; archives within archives are refused.

What an archive says of its own size is not believed: bytes are counted as they come out.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from monitoring.importers.problems import UnreadableFile

MOST_BYTES = 2 << 30  # out of one archive
MOST_RATIO = 100
MOST_MEMBERS = 300
ZIP_MAGIC, GZIP_MAGIC = b"PK\x03\x04", b"\x1f\x8b"
_BLOCK = 1 << 20
_SMALL = 1 << 20  # below this a high ratio does no harm
_TABLES = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".ods"}
    | {".xls", ".xlsb"}  # which are refused, each with its reason, and not passed over
)
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError)


class Member(NamedTuple):
    """One file of an archive; its bytes come out as they are read."""

    name: str
    size: int  # bytes, as the archive says
    blocks: Iterator[bytes]


def workbook_kind(path: Path) -> str | None:
    """``xlsx`` or ``ods``; None for what is no workbook. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                is_ods = b"opendocument.spreadsheet" in archive.read("mimetype")
                return "ods" if is_ods else None
    except (*_BROKEN, RuntimeError):
        raise UnreadableFile("archive_broken") from None
    return None


def check_sizes(path: Path, *, most: int = MOST_BYTES) -> None:
    """Refuse a ZIP that would come out too large, by what it says itself. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _BROKEN:
        raise UnreadableFile("archive_broken") from None
    out = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if out > most:
        raise UnreadableFile("archive_too_large", most=most >> 20)
    if out > _SMALL and out > MOST_RATIO * max(packed, 1):
        raise UnreadableFile("archive_ratio", most=MOST_RATIO)


def tables_in(path: Path) -> list[zipfile.ZipInfo]:
    """The tables that a ZIP archive lists; what it lists is within the limits.

    Raises UnreadableFile.
    """
    check_sizes(path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = [one for one in archive.infolist() if _is_table(one)]
    except _BROKEN:
        raise UnreadableFile("archive_broken") from None
    if not found:
        raise UnreadableFile("archive_empty")
    if len(found) > MOST_MEMBERS:
        raise UnreadableFile("archive_members", most=MOST_MEMBERS)
    if any(one.flag_bits & 1 for one in found):
        raise UnreadableFile("archive_locked")
    return found


def members_of(path: Path) -> Iterator[Member]:
    """The tables in a ZIP archive, one after the other. Raises UnreadableFile."""
    found = tables_in(path)
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            for one in found:
                blocks = _Counted(archive.open(one), one.compress_size, left)
                name = PurePosixPath(one.filename).name
                yield Member(name, one.file_size, iter(blocks))
                left -= blocks.out
    except (*_BROKEN, RuntimeError):
        raise UnreadableFile("archive_broken") from None


def _is_table(one: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(one.filename)
    if one.is_dir() or name.name.startswith(".") or "__MACOSX" in name.parts:
        return False
    if name.suffix.lower() in (".zip", ".gz", ".7z", ".rar"):
        raise UnreadableFile("archive_nested", name=name.name)
    return name.suffix.lower() in _TABLES and name.stem.lower() != "readme"


class _Counted:
    """The bytes of a member, counted against the limits; a member that is an archive is refused."""

    def __init__(self, file: IO[bytes], packed: int, most: int) -> None:
        self.file, self.packed, self.most = file, packed, most
        self.out = 0

    def __iter__(self) -> Iterator[bytes]:
        with self.file:
            while block := self._read():
                if not self.out and block.startswith(GZIP_MAGIC):
                    raise UnreadableFile("archive_nested", name="gzip")
                self.out += len(block)
                _check(self.out, self.packed, self.most)
                yield block

    def _read(self) -> bytes:
        try:
            return self.file.read(_BLOCK)
        except _BROKEN:
            raise UnreadableFile("archive_broken") from None


def unzipped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a ``.gz`` file as they come in. Raises UnreadableFile."""
    out = 0
    for packed, data in _inflated(blocks):
        if not out and data.startswith((ZIP_MAGIC, GZIP_MAGIC)):
            raise UnreadableFile("archive_nested", name="gzip")
        out += len(data)
        _check(out, packed, MOST_BYTES)
        yield data


def _inflated(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """What comes out of gzip, and how many bytes went in so far."""
    engine = zlib.decompressobj(wbits=31)
    packed = 0
    try:
        for block in blocks:
            packed += len(block)
            while block:
                if data := engine.decompress(block, _BLOCK):
                    yield packed, data
                block = engine.unconsumed_tail
                if engine.eof and (block := engine.unused_data.lstrip(b"\0")):
                    engine = zlib.decompressobj(wbits=31)  # several in a row are one file
        if data := engine.flush():
            yield packed, data
    except zlib.error:
        raise UnreadableFile("archive_broken") from None
    if not engine.eof:
        raise UnreadableFile("archive_broken")


def _check(out: int, packed: int, most: int) -> None:
    if out > most:
        raise UnreadableFile("archive_too_large", most=MOST_BYTES >> 20)
    if out > _SMALL and out > MOST_RATIO * max(packed, 1):
        raise UnreadableFile("archive_ratio", most=MOST_RATIO)
