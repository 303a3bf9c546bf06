"""Rows in the text form that PostgreSQL's COPY reads."""

from collections.abc import Iterable, Sequence

# A missing value: readers refuse NUL in cells.
HOLE = "\0"
_MISSING = "\\N"
# These may occur in damaged text; a block that holds more of them than it has cells is written cell
# by cell.
_CELL_END, _ROW_END = "\1", "\2"
_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_AT_ONCE = 500


def copy_lines(rows: Sequence[Sequence[str]]) -> list[bytes]:
    """Rows of equally many cells, some of them a HOLE, as lines of UTF-8 without their ends."""
    written: list[bytes] = []
    for start in range(0, len(rows), _AT_ONCE):
        written += _block(rows[start : start + _AT_ONCE])
    return written


def _block(rows: Sequence[Sequence[str]]) -> list[bytes]:
    text = _ROW_END.join(map(_CELL_END.join, rows))
    ends = len(rows) - 1, len(rows) * (len(rows[0]) - 1)
    if (text.count(_ROW_END), text.count(_CELL_END)) != ends:
        return [_line(row) for row in rows]
    for character in ("\\", "\t", "\n", "\r"):
        if character in text:
            text = text.replace(character, _ESCAPES[ord(character)])
    text = text.replace(_CELL_END, "\t").replace(HOLE, _MISSING)
    return text.encode().split(_ROW_END.encode())


def _line(row: Iterable[str]) -> bytes:
    cells = (_MISSING if cell == HOLE else cell.translate(_ESCAPES) for cell in row)
    return "\t".join(cells).encode()
