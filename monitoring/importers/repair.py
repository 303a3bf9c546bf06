"""Refused rows on their way out to be mended, and back in.

The file that is sent out has three columns before those of the export: the line that the row had,
the column that was wrong, and why. The name of the first says which import it is of, so the file
is known again whatever it is called when it comes back.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from monitoring.importers.post_reader import PostReader
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Reader
from monitoring.importers.values import unrounded
from monitoring.spreadsheets import inert

_LINE = "line in import"
_TOKEN = re.compile(_LINE + r" ([0-9a-f]{32})")
_MAY_BE_DAMAGED = re.compile(r"\s*\d(?:[.,]\d*)?[Ee]\+?\d{1,2}\s*|\d{15,}0|.*\?.*", re.DOTALL)
_ADDED = 3  # columns before those of the export


def header_to_mend(token: str, header: Sequence[str]) -> list[str]:
    """The columns of the file that is sent out; ``token`` names the import, in 32 hex digits."""
    return [f"{_LINE} {token}", "column to mend", "why it was refused", *header]


def place_of_line(header: Sequence[str]) -> int | None:
    """Where the column with the lines stands; None in a file that is no repair."""
    places = (place for place, column in enumerate(header) if _TOKEN.fullmatch(column))
    return next(places, None)


def token_of(header: Sequence[str]) -> str | None:
    """The token of the import whose rows a file holds; None in a file that is no repair."""
    place = place_of_line(header)
    found = None if place is None else _TOKEN.fullmatch(header[place])
    return found[1] if found else None


def mended_header(header: Sequence[str]) -> tuple[str, ...]:
    """The columns of the export, without those that were added."""
    return tuple(header[(place_of_line(header) or 0) + _ADDED :])


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that ``restored`` gives back exactly."""
    return f"'{cell}" if cell.startswith("'") else inert(cell)


def restored(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


class Repair:
    """Reads mended rows by the reader of the export they are of.

    ``waiting`` are the lines that are still refused; only they can be mended. ``before`` gives the
    cells of such a line as they were sent out: a spreadsheet program rounds every long id and,
    saving Windows-1251, makes question marks of emoji and Kyrgyz letters, untouched as they were.
    """

    def __init__(
        self,
        reader: Reader,
        header: Sequence[str],
        waiting: set[int],
        before: Callable[[int], list[str]],
    ) -> None:
        self.reader = reader
        self.before = before
        self.accounts = reader.accounts
        self.waiting = waiting
        self.mended: dict[int, list[str]] = {}
        self._place = place_of_line(header) or 0

    @property
    def untold(self) -> tuple[str, ...]:
        return cast(PostReader, self.reader).untold

    def row(self, cells: list[str]) -> Any:
        line = self.line_of(cells)
        if line not in self.waiting:
            raise UnreadableRow("not_rejected", value=cells[self._place])
        own = self.own_cells(cells)
        if self.mended.get(line, own) != own:
            raise UnreadableRow("mended_twice", value=line)
        made = self.reader.row(own)
        self.mended[line] = own
        return made

    def line_of(self, cells: Sequence[str]) -> int:
        """The line that the row had in its file; 0 where the cell says none."""
        cell = cells[self._place].strip() if len(cells) > self._place else ""
        return int(cell) if cell.isdecimal() and len(cell) < 10 else 0

    def own_cells(self, cells: Sequence[str]) -> list[str]:
        """The cells of the export's own columns, without what a spreadsheet program did to them."""
        own = [restored(cell) for cell in cells[self._place + _ADDED :]]
        line = self.line_of(cells)
        if line not in self.waiting or not any(map(_MAY_BE_DAMAGED.fullmatch, own)):
            return own
        before = self.before(line)
        return [*map(_undamaged, own, before), *own[len(before) :]]


def _undamaged(cell: str, before: str) -> str:
    """``before``, if a spreadsheet program has made ``cell`` of it; else ``cell``."""
    if "?" in cell and cell in _in_fewer_letters(before):
        return before
    return unrounded(cell, before)


def _in_fewer_letters(text: str) -> set[str]:
    """A text as it is saved where its letters are lacking; of an emoji both halves are."""
    halves = re.sub("[^\0-\uffff]", "\ufffd\ufffd", text)
    return {
        form.encode(encoding, "replace").decode(encoding)
        for form in (text, halves)
        for encoding in ("windows-1251", "windows-1252")
    }
