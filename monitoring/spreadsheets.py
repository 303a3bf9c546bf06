"""CSV that people open in a spreadsheet: no cell of it may run as a formula."""

import csv
from collections.abc import Iterable, Iterator

# Also the full-width forms, and what a spreadsheet skips before it looks for a sign.
_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
_SKIPPED = " \u00a0\u200b\u200c\u200d\u2060\ufeff"


def inert(cell: str) -> str:
    """The cell with a leading apostrophe where a spreadsheet would take it for a formula."""
    if cell[:1] in _SIGNS or cell.lstrip(_SKIPPED)[:1] in _SIGNS:
        return f"'{cell}" if cell else cell
    return cell


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Lines of a CSV in which every cell is inert; begins with the mark that Excel looks for."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(["" if cell is None else inert(str(cell)) for cell in row])
