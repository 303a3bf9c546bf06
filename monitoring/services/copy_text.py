"""Rows in the text form that PostgreSQL's COPY reads."""

import io
from collections.abc import Iterable, Sequence

# Readers refuse NUL in cells, so it can stand for a missing value. The other two may occur in
# damaged text; a block that holds more of them than it has cells is written cell by cell.
_MISSING, _CELL_END, _ROW_END = "\0", "\1", "\2"
_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_AT_ONCE = 500


def copy_text(rows: Sequence[Sequence[str | None]]) -> io.BytesIO:
    """Rows of equally many cells; None is a missing value."""
    written = io.BytesIO()
    for start in range(0, len(rows), _AT_ONCE):
        written.write(_block(rows[start : start + _AT_ONCE]).encode())
    written.seek(0)
    return written


def _block(rows: Sequence[Sequence[str | None]]) -> str:
    lines = (_CELL_END.join([_MISSING if c is None else c for c in row]) for row in rows)
    text = _ROW_END.join(lines) + _ROW_END
    if text.count(_ROW_END) != len(rows) or text.count(_CELL_END) != len(rows) * (len(rows[0]) - 1):
        return "".join(f"{_line(row)}\n" for row in rows)
    for character in ("\\", "\t", "\n", "\r"):
        if character in text:
            text = text.replace(character, _ESCAPES[ord(character)])
    return text.replace(_CELL_END, "\t").replace(_ROW_END, "\n").replace(_MISSING, "\\N")


def _line(row: Iterable[str | None]) -> str:
    return "\t".join("\\N" if cell is None else cell.translate(_ESCAPES) for cell in row)
