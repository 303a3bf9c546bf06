"""Rows in the text form that PostgreSQL's COPY reads."""

from collections.abc import Iterable, Sequence

# A missing value: readers refuse NUL in cells.
HOLE = "\0"
_MISSING = "\\N"
# These may occur in damaged text; a block that holds more of them than it has cells is written cell
# by cell.
_CELL_END, _ROW_END = "\1", "\2"
_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
# The same for a block in UTF-8, whose search for a byte is quicker than one for a letter; the
# backslash is first.
_REPLACED = [(chr(letter).encode(), text.encode()) for letter, text in _ESCAPES.items()] + [
    (_CELL_END.encode(), b"\t"),
    (HOLE.encode(), _MISSING.encode()),
]
_AT_ONCE = 500


def copy_lines(rows: Sequence[Sequence[str]]) -> list[bytes]:
    """Rows of equally many cells, some of them a HOLE, as lines of UTF-8 without their ends."""
    written: list[bytes] = []
    for start in range(0, len(rows), _AT_ONCE):
        written += _block(rows[start : start + _AT_ONCE])
    return written


def _block(rows: Sequence[Sequence[str]]) -> list[bytes]:
    cell_end, row_end = _CELL_END.encode(), _ROW_END.encode()
    block = _ROW_END.join(map(_CELL_END.join, rows)).encode()
    ends = len(rows) - 1, len(rows) * (len(rows[0]) - 1)
    if (block.count(row_end), block.count(cell_end)) != ends:
        return [_line(row) for row in rows]
    for byte, written in _REPLACED:
        block = block.replace(byte, written)
    return block.split(row_end)


def _line(row: Iterable[str]) -> bytes:
    cells = (_MISSING if cell == HOLE else cell.translate(_ESCAPES) for cell in row)
    return "\t".join(cells).encode()
