"""What the first rows of a file leave open, and only a person can say.

The zone of times that print none, or one that several zones are called, or another than was stated;
the order of day and month.
Other problems of the rows are no question: those rows are refused, and the others come in.
"""

import csv
import itertools
import zoneinfo
from collections.abc import Sequence
from typing import Any, NamedTuple

from monitoring.importers.problems import UnreadableFile, UnreadableRow
from monitoring.importers.reading import (
    Piece,
    Reader,
    Setting,
    each_record,
    first_cells,
    rows_of,
)
from monitoring.importers.times import days_meant, likely_orders, order_shown
from monitoring.importers.values import are_cut
from monitoring.importers.zones import ZONES_CALLED

TIMEZONE, DAY_ORDER, MOMENT, COLUMNS = "timezone", "day_order", "exported_at", "columns"
# An answer about the zone: none holds for the file, the abbreviations in it are right.
AS_PRINTED = "as-printed"
_ABOUT = {
    "zone_missing": TIMEZONE,
    "zone_ambiguous": TIMEZONE,
    "zone_unknown": TIMEZONE,
    "day_or_month": DAY_ORDER,
    "day_month_or_year": DAY_ORDER,
}
_REFUTED = "zone_mismatch"
_ROWS = 100
_SHOWN = 3


class Question(NamedTuple):
    """A question about a file. ``code`` and ``details`` are those of the refusal it stands for."""

    about: str  # timezone, day_order, exported_at or columns
    code: str
    details: dict[str, Any]
    printed: tuple[str, ...] = ()  # some of the times, as they stand in the file
    likely: tuple[str, ...] = ()  # answers, the likeliest first

    @property
    def as_refusal(self) -> UnreadableFile:
        return UnreadableFile(self.code, **self.details)

    @property
    def is_refutation(self) -> bool:
        """Whether something was said that the file contradicts."""
        return self.code == _REFUTED


def open_questions(
    kind: type[Reader], setting: Setting, piece: Piece, *, own_zone: str = "UTC"
) -> list[Question]:
    """What must be answered before a file is read; ``own_zone`` is that of the project.

    The last record of the piece may be cut off. Raises UnreadableFile where the ids are not whole.
    """
    _refuse_cut_ids(kind, setting, piece)
    rows = _first_rows(kind, setting, piece)
    found = []
    if order := _asked(rows, DAY_ORDER, piece):
        found.append(order)
        setting = setting._replace(day_order=order.likely[0])
        rows = _first_rows(kind, setting, piece)
    zone = _asked(rows, TIMEZONE, piece) or _misstated(rows, piece)
    if zone:
        called = ZONES_CALLED.get(str(zone.details.get("abbreviation", "")).upper(), ("UTC",))
        likely = [
            one for one in dict.fromkeys([own_zone, *called]) if _fits(kind, setting, piece, one)
        ]
        if zone.is_refutation and _tells_itself(kind, setting, piece):
            likely = [AS_PRINTED, *(one for one in likely if one == own_zone)]
        found.append(zone._replace(likely=tuple(likely)))
    return found


def _refuse_cut_ids(kind: type[Reader], setting: Setting, piece: Piece) -> None:
    """Ids of which the last digits became zeros would merge different posts."""
    mapped = setting.mapping.columns if setting.mapping else {}
    columns = kind.id_columns if "url" in mapped else (*kind.id_columns, mapped.get("post_id", ""))
    places = [place for place, name in enumerate(piece.header) if name and name in columns]
    rows = first_cells(piece, most=_ROWS) if places else []
    for place in places:
        if are_cut(row[place].strip() for row in rows):
            raise UnreadableFile("ids_cut", column=piece.header[place])


def order_told(piece: Piece) -> str:
    """The order of day, month and year that the first rows show; "" where they do not.

    The dates of a file were written by one program: those of all columns have one order.
    """
    rows = first_cells(piece, most=_ROWS)
    columns = [[cell for row in rows if (cell := row[place])] for place in range(piece.width)]
    told = {order_shown(cells) for cells in columns if cells and all(map(days_meant, cells))}
    return told.pop() if len(told) == 1 else ""


_Row = tuple[str, UnreadableRow | None]  # its text, and why it is refused


def _first_rows(kind: type[Reader], setting: Setting, piece: Piece) -> list[_Row]:
    """The first rows, but for the last of them where it may be cut off."""
    rows = list(itertools.islice(each_record(kind(setting), piece), _ROWS))
    return [
        (text, made if isinstance(made, UnreadableRow) else None)
        for _line, text, made in (rows if piece.data.endswith(b"\n") else rows[:-1] or rows)
    ]


def _asked(rows: Sequence[_Row], about: str, piece: Piece) -> Question | None:
    refused = [(text, one) for text, one in rows if one and _ABOUT.get(one.code) == about]
    if not refused:
        return None
    question = _question(about, refused, piece)
    if about == DAY_ORDER:
        column = refused[0][1].column
        printed = [_cell(text, column, piece) for text, _one in rows]
        asked = {order for cell in question.printed for order in days_meant(cell)}
        likely = tuple(order for order in likely_orders(printed) if order in asked)
        question = question._replace(likely=likely or ("dmy", "mdy"))
    return question


def _question(about: str, refused: Sequence[tuple[str, UnreadableRow]], piece: Piece) -> Question:
    first = refused[0][1]
    printed = dict.fromkeys(_cell(text, first.column, piece) for text, _one in refused)
    shown = tuple(cell for cell in printed if cell)[:_SHOWN]
    return Question(about, first.code, dict(first.details), shown)


def _cell(record: str, column: str, piece: Piece) -> str:
    if column not in piece.header:
        return ""
    try:
        cells = next(rows_of(record, delimiter=piece.delimiter), [])
    except csv.Error:
        return ""
    place = piece.header.index(column)
    return cells[place].strip()[:80] if place < len(cells) else ""


def _misstated(rows: Sequence[_Row], piece: Piece) -> Question | None:
    """The zone is asked for anew where no row that can be read agrees with the stated one."""
    refused = [(text, one) for text, one in rows if one and one.code == _REFUTED]
    if not refused or any(problem is None for _text, problem in rows):
        return None
    return _question(TIMEZONE, refused, piece)


def _fits(kind: type[Reader], setting: Setting, piece: Piece, name: str) -> bool:
    """Whether the clocks of a zone show what the first rows print."""
    rows = _first_rows(kind, setting._replace(zone=zoneinfo.ZoneInfo(name)), piece)
    return not any(problem and problem.code == _REFUTED for _text, problem in rows)


def _tells_itself(kind: type[Reader], setting: Setting, piece: Piece) -> bool:
    """Whether the first rows need no stated zone."""
    rows = _first_rows(kind, setting._replace(zone=None), piece)
    return not any(problem and _ABOUT.get(problem.code) == TIMEZONE for _text, problem in rows)


def question_of(stored: dict[str, Any]) -> Question:
    """A question as it was stored."""
    question = Question(**stored)
    return question._replace(printed=tuple(question.printed), likely=tuple(question.likely))
