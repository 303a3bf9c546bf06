"""Rows in the text form that PostgreSQL's COPY reads."""

from collections.abc import Iterable, Sequence

MISSING = "\\N"
# Readers refuse NUL in cells, so it can stand for a missing value. The other two may occur in
# damaged text; a block that holds more of them than it has cells is written cell by cell.
_HOLE, _CELL_END, _ROW_END = "\0", "\1", "\2"
_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_AT_ONCE = 500


def copy_lines(rows: Sequence[Sequence[str | None]]) -> list[bytes]:
    """Rows of equally many cells, each as a line of UTF-8 without its end; None is missing."""
    written: list[bytes] = []
    for start in range(0, len(rows), _AT_ONCE):
        written += _block(rows[start : start + _AT_ONCE])
    return written


def _block(rows: Sequence[Sequence[str | None]]) -> list[bytes]:
    lines = [_CELL_END.join([_HOLE if c is None else c for c in row]) for row in rows]
    text = _ROW_END.join(lines)
    ends = len(rows) - 1, len(rows) * (len(rows[0]) - 1)
    if (text.count(_ROW_END), text.count(_CELL_END)) != ends:
        return [_line(row) for row in rows]
    for character in ("\\", "\t", "\n", "\r"):
        if character in text:
            text = text.replace(character, _ESCAPES[ord(character)])
    text = text.replace(_CELL_END, "\t").replace(_HOLE, MISSING)
    return text.encode().split(_ROW_END.encode())


def _line(row: Iterable[str | None]) -> bytes:
    cells = (MISSING if cell is None else cell.translate(_ESCAPES) for cell in row)
    return "\t".join(cells).encode()
