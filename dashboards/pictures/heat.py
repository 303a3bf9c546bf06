"""A heat map: how often each row meets each column, as a number on a darker ground."""

from collections.abc import Mapping
from math import cos, radians, sin
from typing import Any

from dashboards.numbers import count
from dashboards.pictures.colours import is_dark, mixed
from dashboards.pictures.lettering import wrapped
from dashboards.pictures.sheet import SIZE, Sheet

_SMALL, _ANGLE = 10.5, 45.0


def heat_map(sheet: Sheet, figure: Mapping[str, Any], top: float, room: float) -> float:
    trace, layout = figure["data"][0], figure["layout"]
    rows = [line[0][0] if line else "" for line in trace["customdata"]]
    columns = layout["xaxis"]["ticktext"]
    margin = layout["margin"]
    pitch = (layout["height"] - margin["t"] - margin["b"]) / max(len(rows), 1)
    most = sheet.width * 0.36
    left = min(most, max([sheet.width_of(row) for row in rows] or [0])) + 12
    # The last column's name leans over the edge.
    longest = max([sheet.width_of(column, _SMALL) for column in columns] or [0])
    lean = longest * cos(radians(_ANGLE))
    width = min((sheet.width - left - lean * 0.9) / max(len(columns), 1), 90.0)
    top += longest * sin(radians(_ANGLE)) + 12
    for place, column in enumerate(columns):
        x = left + width * (place + 0.5)
        sheet.text(x, top - 5, column, size=_SMALL, angle=_ANGLE)
    most_met = max([value for line in trace["z"] for value in line] or [0]) or 1
    for place, (row, line) in enumerate(zip(rows, trace["z"], strict=True)):
        y = top + pitch * place
        _label(sheet, row, left - 8, y + pitch / 2)
        for across, value in enumerate(line):
            title = f"{row} · {trace['customdata'][place][across][1]}: {count(value)}"
            box = (left + width * across, y, width, pitch)
            _field(sheet, box, value, trace["text"][place][across], value / most_met, title)
    return top + pitch * len(rows)


def _label(sheet: Sheet, text: str, right: float, middle: float) -> None:
    size = SIZE if sheet.width_of(text) <= right - 4 else _SMALL - 0.5
    lines = wrapped(text, right - 4, size, most_lines=2)
    first = middle + size * 0.36 - (len(lines) - 1) * size * 0.58
    for number, line in enumerate(lines):
        sheet.text(right, first + number * size * 1.16, line, size=size, anchor="right")


def _field(
    sheet: Sheet,
    box: tuple[float, float, float, float],
    value: int,
    text: str,
    part: float,
    title: str,
) -> None:
    x, y, width, height = box
    ground, heat = sheet.colour("surface-sunken"), sheet.colour("heat")
    fill = mixed(mixed(ground, heat, 0.1), heat, part) if value else ground
    sheet.box(x + 0.75, y + 0.75, width - 1.5, height - 1.5, fill=fill, title=title)
    if text:
        colour = "accent-text" if is_dark(fill) else "text"
        middle = (x + width / 2, y + height / 2 + _SMALL * 0.36)
        sheet.text(*middle, text, size=_SMALL, anchor="center", colour=colour)
