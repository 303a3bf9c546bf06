"""What a table in UTF-8 is: its delimiter, its header, and where its rows begin."""

import codecs
import csv
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.splitting import FIELD_LIMIT, count_lines, first_record

# What an import's encoding says of a file that was converted to the internal form.
CONVERTED = ("xlsx", "ods", "json")
DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 1000
LOOKED_AT = 20  # records among which a header is looked for
MOST_OF_PREAMBLE = 3  # cells of a line
_SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?\r?\n', re.IGNORECASE)
_OF_DATA = re.compile(r"https?://|[\d\s.,:/-]*\d[\d\s.,:/-]*\Z")
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
