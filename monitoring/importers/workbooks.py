"""Excel and LibreOffice workbooks as the internal form: the first sheet that holds a table.

A spreadsheet keeps 15 digits of a number. Longer ids are already wrong in the file: they are
written in the damaged form, which readers refuse.
"""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from monitoring.importers.archives import check_sizes
from monitoring.importers.files import LOOKED_AT, MOST_OF_PREAMBLE, are_names
from monitoring.importers.internal import Writer
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, unwatched
from monitoring.importers.tokens import text_without_tokens

# A sheet is held in memory while it is read.
MOST_BYTES = 512 << 20
_EXACT = 10**15
_OFTEN = 500  # rows
_Row = Sequence[Any]


class _Table(NamedTuple):
    """The table in a sheet: its header, the number of that row, and the numbered rows below."""

    number: int
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]


def rewrite_workbook(path: Path, target: Path, step: Step = unwatched) -> tuple[str, ...]:
    """Write the table of a workbook to ``target``; the names of sheets with further tables.

    Raises UnreadableFile.
    """
    check_sizes(path, most=MOST_BYTES)
    left_out: list[str] = []
    is_written = False
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            found = _table_in(_watched(sheet.iter_rows(), sheet.height, step))
            if found is not None and is_written:
                left_out.append(name)
            elif found is not None:
                _write(found, target)
                is_written = True
                step = unwatched  # of the others only the beginning is looked at
    except (python_calamine.CalamineError, OSError):
        raise UnreadableFile("workbook_broken") from None
    if not is_written:
        raise UnreadableFile("no_rows")
    return tuple(left_out)


def _table_in(rows: Iterator[_Row]) -> _Table | None:
    """The table of a sheet, below what stands above it; None where there is none."""
    numbered = (
        (number, cells)
        for number, row in enumerate(rows, start=1)
        if any(cells := [_text(cell) for cell in row])
    )
    first = list(itertools.islice(numbered, LOOKED_AT))
    filled = [sum(map(bool, cells)) for _number, cells in first]
    wide = next((place for place, number in enumerate(filled) if number > MOST_OF_PREAMBLE), -1)
    if wide < 0 or not are_names(first[wide][1]):
        wide = next((place for place, number in enumerate(filled) if number > 1), -1)
    if not 0 <= wide < len(first) - 1:
        return None
    number, header = first[wide]
    return _Table(number, header, itertools.chain(first[wide + 1 :], numbered))


def _watched(rows: Iterator[_Row], height: int, step: Step) -> Iterator[_Row]:
    for number, row in enumerate(rows):
        if number % _OFTEN == 0:
            step(min(1, number / max(height, 1)))
        yield row


def _write(table: _Table, target: Path) -> None:
    header = table.header
    while header and not header[-1]:
        header.pop()
    width = len(header)
    with Writer(target, header) as written:
        for number, cells in table.rows:
            kept = cells[:width] if not any(cells[width:]) else cells
            written.row(number, [*kept, *[""] * (width - len(kept))])


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            return f"{cell:.14E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, int):
        return str(cell) if abs(cell) < _EXACT else f"{cell:.14E}"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "seconds")
    return "" if cell is None else text_without_tokens(str(cell).strip())
