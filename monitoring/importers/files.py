"""What a received file is: its encoding, its delimiter, its header, and where its rows begin.

Everything after this module reads UTF-8: another encoding is rewritten once, when the file comes.
"""

import codecs
import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, unwatched
from monitoring.importers.splitting import FIELD_LIMIT, count_lines, first_record

# What an import's encoding says of a file that was converted to the internal form.
CONVERTED = ("xlsx", "ods", "json")
DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 1000
_BLOCK = 1 << 20
_HEAD = 1 << 16
LOOKED_AT = 20  # records among which a header is looked for
MOST_OF_PREAMBLE = 3  # cells of a line
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format", "a database"),
)
_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|body|table|svg|meta|script)\b", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?\r?\n', re.IGNORECASE)
_OF_DATA = re.compile(r"https?://|[\d\s.,:/-]*\d[\d\s.,:/-]*\Z")
_HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_RUSSIAN = re.compile(r"(?<![A-Za-z])(?:[А-Яа-яЁё][а-яё]+|[А-ЯЁ]{2,})(?![A-Za-z])")
csv.field_size_limit(FIELD_LIMIT)  # of the whole process; nothing else here reads CSV


class Table(NamedTuple):
    """A file that is a table: how it is written, and its header."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    # Where the rows begin in the UTF-8 text, and the number of that line (the file's first is 1).
    body_from: int
    first_line: int

    @property
    def is_converted(self) -> bool:
        """Whether it was no text with delimiters, and is in the internal form now."""
        return self.encoding in CONVERTED


def encoding_of(path: Path) -> str:
    """The encoding of a file, by its mark, by its validity, or by evidence.

    ``utf-8`` is also the answer for UTF-8 with a few broken places: their rows are refused one by
    one, not the file. Raises UnreadableFile for what is no text at all.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        refuse_other_kinds(head)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if head[1:40:2].count(0) > 10:  # Latin letters in pairs of bytes, without a mark
            return "utf-16-le"
        file.seek(0)
        broken_at = _first_invalid_utf8(file)
    if broken_at is None or _is_damaged_utf8(path):
        return "utf-8"
    if _is_windows_1251(path):
        return "windows-1251"
    if _is_windows_1252(path):
        return "windows-1252"
    raise UnreadableFile("encoding", byte=broken_at)


def rewrite_as_utf8(path: Path, encoding: str, target: Path, step: Step = unwatched) -> None:
    """Write ``target`` as UTF-8. Half a surrogate pair stays, and is refused with its row."""
    errors = "surrogatepass" if encoding.startswith("utf-16") else "strict"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    at, size = 0, path.stat().st_size
    with path.open("rb") as source, target.open("wb") as written:
        while block := source.read(_BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                raise UnreadableFile("encoding", byte=at + error.start) from None
            written.write(text.encode("utf-8", "surrogatepass"))
            at += len(block)
            step(at / size)
        written.write(_rest_of(decoder).encode("utf-8", "surrogatepass"))


def table_of(path: Path, encoding: str) -> Table:
    """The header of a UTF-8 text (``encoding`` is what it was before) and how it is delimited."""
    with path.open("rb") as file:
        head = file.read(FIELD_LIMIT * 8)
        complete = not file.read(1)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    line = 1
    delimiters: tuple[str, ...] = DELIMITERS
    if separator := _SEPARATOR_LINE.match(head, start):
        delimiters = (separator[1].decode("latin-1"),)
        start, line = separator.end(), 2
    start, line = _past_blank(head, start, line)
    record = first_record(head[start:], complete=complete)
    if record is None:
        raise UnreadableFile("header_unclosed")
    header, delimiter = _widest(record, delimiters)
    if skipped := _preamble(head[start:], header, delimiter, complete=complete):
        line += count_lines(head[start : start + skipped])
        start += skipped
        record = first_record(head[start:], complete=complete) or b""
        header, delimiter = _widest(record, delimiters)
    _check_header(header)
    body_from = start + len(record)
    if not head[body_from:].strip() and complete:
        raise UnreadableFile("no_rows")
    return Table(encoding, delimiter, header, body_from, line + count_lines(record))


def _past_blank(head: bytes, start: int, line: int) -> tuple[int, int]:
    while head[start : start + 1] in (b"\n", b"\r"):
        line += head[start : start + 1] == b"\n"
        start += 1
    return start, line


def _preamble(head: bytes, first: tuple[str, ...], delimiter: str, *, complete: bool) -> int:
    """How many bytes stand before the header: lines that say what was asked for, and when.

    They are lines of three cells at most; the header is the first of several records of one and the
    same greater width. A spreadsheet program pads all lines to the width of the table.
    """
    if _filled(first) > MOST_OF_PREAMBLE:
        return 0
    found = list(itertools.islice(_records(head, complete=complete), LOOKED_AT))
    if len(first) > MOST_OF_PREAMBLE:
        cells = ((at, _widest(record, (delimiter,))[0]) for at, record in found)
        wide_ones = ((at, one) for at, one in cells if _filled(one) > MOST_OF_PREAMBLE)
        at, header = next(wide_ones, (0, ()))
        return at if are_names(header) else 0
    widths = [_width(record) for _at, record in found]
    wide = max(widths[1:], default=0)
    if wide <= MOST_OF_PREAMBLE:
        return 0
    place = next((place for place, cells in enumerate(widths) if cells == wide), 0)
    agree = widths[place : place + 4]
    return found[place][0] if len(agree) == 1 or agree.count(wide) > 1 else 0


def _records(head: bytes, *, complete: bool) -> Iterator[tuple[int, bytes]]:
    """The records that hold anything, and where they begin."""
    at = 0
    while record := first_record(head[at:], complete=complete):
        if record.strip():
            yield at, record
        at += len(record)


def are_names(cells: Iterable[str]) -> bool:
    """Whether cells can be the names of columns: none is a number or an address, as in data."""
    return not any(_OF_DATA.match(cell) for cell in cells)


def _filled(cells: tuple[str, ...]) -> int:
    return sum(map(bool, cells))


def _width(record: bytes) -> int:
    try:
        return len(_widest(record, DELIMITERS)[0])
    except UnreadableFile:
        return 0


def _widest(record: bytes, delimiters: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    text = record.decode("utf-8", "replace").rstrip("\r\n")
    best: tuple[tuple[str, ...], str] = ((), delimiters[0])
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        if len(cells) > len(best[0]):
            best = tuple(cell.strip() for cell in cells), delimiter
    if not best[0]:
        raise UnreadableFile("header_unclosed")
    return best


def _check_header(header: tuple[str, ...]) -> None:
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile("header_too_long", most=MOST_COLUMNS)
    named = len(header)
    while named and not header[named - 1]:
        named -= 1  # a comma at the end of each line makes columns without a name
    seen: set[str] = set()
    for number, column in enumerate(header[:named], start=1):
        if not column and number > 1:  # R and pandas leave the column of row numbers unnamed
            raise UnreadableFile("blank_column", number=number)
        if column in seen:
            raise UnreadableFile("duplicate_column", column=column[:80])
        seen.add(column)


def refuse_other_kinds(head: bytes) -> None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnreadableFile("empty")
    for magic, kind in _KINDS:
        if head.startswith(magic):
            raise UnreadableFile("not_a_table", kind=kind)
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        raise UnreadableFile("not_a_table", kind="a web page")


def _first_invalid_utf8(file: BinaryIO) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
            at += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(0, at + error.start)
    return None


def _is_damaged_utf8(path: Path) -> bool:
    """Whether the text is UTF-8 but for a few broken places: under one in a hundred letters."""
    good = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            # Half a surrogate pair is a fault of its row, and no sign of another encoding.
            broken -= 3 * len(_HALF_PAIR.findall(block))
            for character in re.findall("[^\x00-\x7f]", decoder.decode(block)):
                if "\udc80" <= character <= "\udcff":
                    broken += 1
                else:
                    good += 1
    return broken * 100 <= good


def _is_windows_1251(path: Path) -> bool:
    """Whether the bytes above ASCII are Russian words when read as Windows-1251.

    Evidence: three in four stand in words of Cyrillic letters alone. Western text read this way
    is single letters between Latin ones.
    """
    with path.open("rb") as file:
        sample = file.read(1 << 22)
    text = sample.decode("windows-1251", "replace")
    high = len(re.findall("[^\x00-\x7f]", text))
    in_words = sum(len(word) for word in _RUSSIAN.findall(text))
    return high >= 4 and in_words * 4 >= high * 3 and "�" not in text


def _is_windows_1252(path: Path) -> bool:
    """Whether the bytes above ASCII are letters of Western words, or the marks around them.

    Evidence: nine in ten are, and half or more touch a Latin letter.
    """
    with path.open("rb") as file:
        sample = file.read(1 << 22)
    try:
        text = sample.decode("windows-1252")
    except UnicodeDecodeError:
        return False
    high = len(re.findall("[^\x00-\x7f]", text))
    western = len(re.findall("[À-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”„–—…•€«»¿¡°·\xa0]", text))
    in_words = len(re.findall("(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])", text))
    return high >= 2 and western * 10 >= high * 9 and in_words * 2 >= high


def _rest_of(decoder: codecs.IncrementalDecoder) -> str:
    try:
        return decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "\udcff"  # half a character at the end of half a file: its row is refused
