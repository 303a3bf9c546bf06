"""Excel and LibreOffice workbooks as the internal form: the first sheet that holds anything.

A spreadsheet keeps 15 digits of a number. Longer ids are already wrong in the file: they are
written in the damaged form, which readers refuse.
"""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine

from monitoring.importers.archives import check_sizes
from monitoring.importers.internal import Writer
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, unwatched
from monitoring.importers.tokens import text_without_tokens

# A sheet is held in memory while it is read.
MOST_BYTES = 512 << 20
_EXACT = 10**15
_OFTEN = 500  # rows
_Row = Sequence[Any]


def rewrite_workbook(path: Path, target: Path, step: Step = unwatched) -> None:
    """Write the table of a workbook to ``target``. Raises UnreadableFile."""
    check_sizes(path, most=MOST_BYTES)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            rows = sheet.iter_rows()
            if (found := _first(rows)) is not None:
                _write(found, _watched(rows, sheet.height, step), target)
                return
    except (python_calamine.CalamineError, OSError):
        raise UnreadableFile("workbook_broken") from None
    raise UnreadableFile("no_rows")


def _first(rows: Iterator[_Row]) -> tuple[int, list[str]] | None:
    """The number and the cells of the header: the first row with two cells or more."""
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if sum(map(bool, cells)) > 1:
            return number, cells
    return None


def _watched(rows: Iterator[_Row], height: int, step: Step) -> Iterator[_Row]:
    for number, row in enumerate(rows):
        if number % _OFTEN == 0:
            step(min(1, number / max(height, 1)))
        yield row


def _write(first: tuple[int, list[str]], rows: Iterator[_Row], target: Path) -> None:
    number, header = first
    while header and not header[-1]:
        header.pop()
    width = len(header)
    with Writer(target, header) as written:
        for place, row in enumerate(rows, start=number + 1):
            cells = [_text(cell) for cell in row]
            if any(cells):
                kept = cells[:width] if not any(cells[width:]) else cells
                written.row(place, [*kept, *[""] * (width - len(kept))])


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
