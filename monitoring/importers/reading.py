"""The rows of a chunk, read: each record becomes a post, a line of a report, or a bad row."""

import csv
import io
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar, NamedTuple, Protocol

from monitoring.importers.files import Table
from monitoring.importers.mapping import Mapping
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.records import AccountSeen, BadRow, Parsed, PostBlock
from monitoring.importers.splitting import FIELD_LIMIT, count_lines, records

# Of a refused record, this much is kept to be shown and mended.
KEPT_CHARACTERS = 100_000
# So many records are looked at together; one that is irregular has them all read row by row.
_AT_ONCE = 500
_OF_OTHER_WIDTH = ("columns", "broken_json")


class Setting(NamedTuple):
    """What is known of a file besides its rows."""

    header: tuple[str, ...]
    file_name: str = ""
    zone: zoneinfo.ZoneInfo | None = None
    mapping: Mapping | None = None  # of a table whose columns people had to explain
    # Of day and month where both are numbers: one of ``times.ORDERS``, or not stated.
    day_order: str = ""


class Reader(Protocol):
    """Reads the records of one kind of export. One is made for each chunk.

    One of exports that come by the hundred thousand rows may have ``columns`` too: it is given the
    cells of many records in columns, with one of empty cells appended, and returns their
    ``PostBlock``; or None, or raises UnreadableRow, where they are to be read row by row.
    """

    source: ClassVar[str]  # the name that commands and the API use
    makes: ClassVar[str]  # what its rows are: posts, ads, ad lines or actors
    # Whether its counters are those of the moment of export, which must be known.
    dated_by_export: ClassVar[bool]
    # Whether it is asked for by account, and so holds all that its accounts published in its days:
    # a search or a capture says nothing of what it did not find.
    is_by_account: ClassVar[bool]
    # Columns of ids that no other cell of a row tells.
    id_columns: ClassVar[tuple[str, ...]]
    accounts: list[AccountSeen]

    def __init__(self, setting: Setting) -> None: ...

    @classmethod
    def recognises(cls, header: Iterable[str]) -> bool:
        """Whether a file with these columns is of this kind."""
        ...

    @classmethod
    def missing(cls, header: Iterable[str]) -> list[str]:
        """The columns it cannot do without that are not there."""
        ...

    def row(self, cells: list[str]) -> Any:
        """Read one record, to which an empty cell was appended; raises UnreadableRow."""
        ...


class Piece(NamedTuple):
    """A run of whole records of a file, as bytes of UTF-8."""

    data: bytes
    delimiter: str
    width: int  # cells in the header
    first_line: int
    header: tuple[str, ...] = ()
    is_numbered: bool = False  # in the internal form, where each record begins with its number

    def number_of(self, record: list[str] | str, line: int) -> int:
        """The number by which people find a record: its line, or its number in what was sent."""
        if not self.is_numbered:
            return line
        cell = record.partition(self.delimiter)[0] if isinstance(record, str) else record[0]
        return int(cell) if cell.isdecimal() and cell.isascii() and len(cell) < 10 else line


def piece_of(table: Table, data: bytes, first_line: int) -> Piece:
    """A run of records of a table."""
    width = len(table.header)
    return Piece(data, table.delimiter, width, first_line, table.header, table.is_converted)


def read_piece(reader: Reader, piece: Piece, *, expected: int) -> Parsed:
    """Read every record of a piece. ``expected`` is how many the splitter counted.

    Nearly every piece is read in one go. One that is irregular (broken quotation marks, bytes that
    are no text, NUL) is read record by record, so that only its bad rows are refused.
    """
    if b"\0" not in piece.data:
        try:
            parsed = _read_at_once(reader, piece)
        except (UnicodeDecodeError, csv.Error):
            pass
        else:
            if parsed.records == expected:
                return parsed
    return _read_carefully(reader, piece)


def _read_at_once(reader: Reader, piece: Piece) -> Parsed:
    blocks: list[list[Any] | PostBlock] = []
    bad: list[BadRow] = []
    lines = csv.reader(_lines(piece.data), delimiter=piece.delimiter, strict=True)
    first_line = piece.first_line
    while run := list(islice(lines, _AT_ONCE)):
        block = _in_columns(reader, run, piece)
        if block is not None:
            blocks.append(block)
        else:
            made, refused = _row_by_row(reader, run, piece, first_line)
            blocks.append(made)
            bad += refused
        first_line = piece.first_line + lines.line_num
    return Parsed(reader.accounts, blocks, bad)


def _lines(data: bytes) -> Iterator[str]:
    """Line by line where lines end as usual: a text of it all takes several times its memory."""
    # To look for one is quicker than to count none.
    if b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"):
        return map(bytes.decode, io.BytesIO(data))
    return io.StringIO(data.decode(), newline="")


def _in_columns(reader: Reader, run: list[list[str]], piece: Piece) -> PostBlock | None:
    """A run of regular records, where the reader can read many at once; else None."""
    columns: Callable[..., PostBlock | None] | None = getattr(reader, "columns", None)
    if columns is None or set(map(len, run)) != {piece.width}:
        return None
    try:
        return columns([*zip(*run, strict=True), ("",) * len(run)])
    except UnreadableRow:
        return None


def _row_by_row(
    reader: Reader, run: list[list[str]], piece: Piece, line: int
) -> tuple[list[Any], list[BadRow]]:
    """The rows of a run of records, which begins at that line, and those that are refused."""
    made: list[Any] = []
    bad: list[BadRow] = []
    counted = 0
    for place, record in enumerate(run):
        cells = record
        try:
            if len(cells) != piece.width:
                cells = _mended(cells, piece)
            made.append(reader.row([*cells, ""]))
        except UnreadableRow as problem:
            line += sum(1 + sum(map(_newlines, each)) for each in run[counted:place])
            counted = place
            if record:
                shown = cells if problem.code in _OF_OTHER_WIDTH else cells[: piece.width]
                bad.append(_bad(problem, piece.number_of(cells, line), shown, piece))
    return made, bad


def each_record(reader: Reader, piece: Piece) -> Iterator[tuple[int, str, Any]]:
    """Line, text, and what each record is: a row, or the UnreadableRow that says why it is none."""
    line, at = piece.first_line, 0
    for start, end, whole in records(piece.data, piece.delimiter.encode(), complete=True):
        line += count_lines(piece.data[at:start])
        at = start
        raw = piece.data[start:end]
        made: Any
        text, cells = _shown(raw), None
        try:
            cells = _cells(raw, piece, line, whole=whole)
            made = reader.row(cells)
        except UnreadableRow as problem:
            made = _named(problem, cells[:-1] if cells else [], piece)
        yield piece.number_of(text, line), text, made


def _read_carefully(reader: Reader, piece: Piece) -> Parsed:
    made: list[Any] = []
    bad: list[BadRow] = []
    for line, record, row in each_record(reader, piece):
        if isinstance(row, UnreadableRow):
            bad.append(bad_row(row, line, record))
        else:
            made.append(row)
    return Parsed(reader.accounts, [made], bad)


def _cells(raw: bytes, piece: Piece, line: int, *, whole: bool) -> list[str]:
    if not whole:
        raise UnreadableRow("quote_unclosed", line=line)
    if b"\0" in raw:
        raise UnreadableRow("nul")
    try:
        text = io.StringIO(raw.decode("utf-8"), newline="")
        cells = next(csv.reader(text, delimiter=piece.delimiter, strict=True), [])
    except UnicodeDecodeError:
        raise UnreadableRow("broken_text") from None
    except csv.Error:
        raise UnreadableRow("field_too_long", most=FIELD_LIMIT) from None
    return [*(cells if len(cells) == piece.width else _mended(cells, piece)), ""]


def _mended(cells: list[str], piece: Piece) -> list[str]:
    """Empty cells beyond the header are dropped, and a row within one cell is taken out of it.

    Any other difference is refused.
    """
    if len(cells) > piece.width and not any(cells[piece.width :]):
        return cells[: piece.width]
    if len(cells) == 1 and (row := _within(cells[0], piece)):
        return row
    if not any(cells[1:] if piece.is_numbered else cells):
        raise UnreadableRow("row_empty")
    if len(cells) == 2 and piece.is_numbered:
        raise UnreadableRow("broken_json")
    raise UnreadableRow("columns", found=len(cells), expected=piece.width)


def _within(cell: str, piece: Piece) -> list[str]:
    """A row that became one cell, its quotation marks doubled; else nothing.

    A spreadsheet program does that to rows with quotation marks, where another delimiter is usual.
    """
    try:
        rows = list(csv.reader([cell], delimiter=piece.delimiter, strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 and len(rows[0]) == piece.width > 1 else []


def _bad(problem: UnreadableRow, line: int, cells: list[str], piece: Piece) -> BadRow:
    return bad_row(_named(problem, cells, piece), line, _as_csv(cells, piece.delimiter))


def _named(problem: UnreadableRow, cells: list[str], piece: Piece) -> UnreadableRow:
    """Files that were put together by hand hold their header again and again, and empty rows."""
    if cells and not any(cells[1:] if piece.is_numbered else cells):
        return UnreadableRow("row_empty")
    if piece.header and tuple(cells) == piece.header:
        return UnreadableRow("header_again")
    return problem


def bad_row(problem: UnreadableRow, line: int, record: str) -> BadRow:
    """A refused record, with as much of it as is kept."""
    return BadRow(line, problem.column, problem.code, str(problem), record[:KEPT_CHARACTERS])


def _newlines(cell: str) -> int:
    if "\r" in cell:
        return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
    return cell.count("\n")


def _as_csv(cells: list[str], delimiter: str) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return written.getvalue().removesuffix("\n")


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "�").rstrip("\r\n")


def rows_of(text: str, *, delimiter: str) -> Iterator[list[str]]:
    """The cells of CSV text that was stored as refused, for showing and sending again."""
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def first_cells(piece: Piece, *, most: int) -> list[list[str]]:
    """The cells of the first records that can be taken apart, to be looked at by a person."""
    found = []
    for start, end, whole in records(piece.data, piece.delimiter.encode(), complete=True):
        try:
            found.append(_cells(piece.data[start:end], piece, 0, whole=whole)[:-1])
        except UnreadableRow:
            continue
        if len(found) == most:
            break
    return found
