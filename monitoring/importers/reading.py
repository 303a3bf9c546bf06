"""The rows of a chunk, read: each record becomes a post, a line of a report, or a bad row."""

import csv
import io
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple, Protocol

from monitoring.importers.problems import UnreadableFile, UnreadableRow
from monitoring.importers.records import AccountSeen, BadRow, Parsed
from monitoring.importers.splitting import FIELD_LIMIT, count_lines, records

# Of a refused record, this much is kept to be shown and mended.
KEPT_CHARACTERS = 100_000


class Setting(NamedTuple):
    """What is known of a file besides its rows."""

    header: tuple[str, ...]
    file_name: str = ""
    zone: zoneinfo.ZoneInfo | None = None


class Reader(Protocol):
    """Reads the records of one kind of export. One is made for each chunk."""

    source: ClassVar[str]  # the name that commands and the API use
    makes: ClassVar[str]  # what its rows are: posts, ads or actors
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
    made: list[Any] = []
    bad: list[BadRow] = []
    text = io.StringIO(piece.data.decode("utf-8"), newline="")
    lines = csv.reader(text, delimiter=piece.delimiter, strict=True)
    width = piece.width
    for cells in lines:
        try:
            if len(cells) != width:
                cells = _mended(cells, width)
            cells.append("")
            made.append(reader.row(cells))
        except UnreadableRow as problem:
            if cells:
                # The record's last line is known; its own newlines lead back to its first.
                line = piece.first_line + lines.line_num - 1 - sum(map(_newlines, cells))
                record = cells if problem.code == "columns" else cells[:width]
                bad.append(bad_row(problem, line, _as_csv(record, piece.delimiter)))
    return Parsed(reader.accounts, made, bad)


def each_record(reader: Reader, piece: Piece) -> Iterator[tuple[int, str, Any]]:
    """Line, text, and what each record is: a row, or the UnreadableRow that says why it is none."""
    line, at = piece.first_line, 0
    for start, end, whole in records(piece.data, piece.delimiter.encode(), complete=True):
        line += count_lines(piece.data[at:start])
        at = start
        raw = piece.data[start:end]
        made: Any
        try:
            made = reader.row(_cells(raw, piece, line, whole=whole))
        except UnreadableRow as problem:
            made = problem
        yield line, _shown(raw), made


def _read_carefully(reader: Reader, piece: Piece) -> Parsed:
    made: list[Any] = []
    bad: list[BadRow] = []
    for line, record, row in each_record(reader, piece):
        if isinstance(row, UnreadableRow):
            bad.append(bad_row(row, line, record))
        else:
            made.append(row)
    return Parsed(reader.accounts, made, bad)


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
    return [*(cells if len(cells) == piece.width else _mended(cells, piece.width)), ""]


def _mended(cells: list[str], width: int) -> list[str]:
    """Empty cells beyond the header are dropped; any other difference is refused."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    raise UnreadableRow("columns", found=len(cells), expected=width)


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


def try_first_rows(reader: Reader, piece: Piece, *, most: int = 100) -> None:
    """Refuse a file whose first rows show that its time zone must be stated, or was misstated.

    Raises UnreadableFile. Other problems of the rows are no reason to refuse the file. The last
    record of the piece may be cut off.
    """
    rows = [row for _line, _text, row in itertools.islice(each_record(reader, piece), most)]
    refused = [row for row in rows[:-1] or rows if isinstance(row, UnreadableRow)]
    for problem in refused:
        is_open = problem.code in ("zone_missing", "zone_ambiguous", "zone_unknown")
        is_wrong = problem.code == "zone_mismatch" and len(refused) >= len(rows) - 1
        if is_open or is_wrong:
            raise UnreadableFile(problem.code, **problem.details)
