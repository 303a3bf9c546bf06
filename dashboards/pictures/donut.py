"""A donut with its parts listed beside it: name, number, share."""

from collections.abc import Mapping
from math import cos, radians, sin
from typing import Any

from dashboards.numbers import count, percent
from dashboards.pictures.lettering import wrapped
from dashboards.pictures.sheet import SIZE, Anchor, Sheet

_RADIUS, _LINE = 92.0, 26.0
# Smaller parts have their share in the list only.
_LEAST_LABELLED = 3.0


def donut(sheet: Sheet, figure: Mapping[str, Any], top: float, room: float) -> float:
    trace = figure["data"][0]
    labels, values = trace["labels"], trace["values"]
    roles = trace["marker"]["colors"]
    total = sum(values)
    is_wide = sheet.width > 520
    centre = (sheet.width * (0.27 if is_wide else 0.5), top + _RADIUS + 30)
    _ring(sheet, centre, labels, values, roles, thickness=_RADIUS * (1 - trace["hole"]))
    for note in figure["layout"]["annotations"]:
        sheet.text(centre[0], centre[1] + 7, note["text"], size=19, anchor="center", is_bold=True)
    bottom = centre[1] + _RADIUS + 30
    left = centre[0] + _RADIUS + 70 if is_wide else 24.0
    y = centre[1] - _LINE * len(labels) / 2 if is_wide else bottom
    share = sheet.width - 8
    number = share - sheet.width_of("100.00%") - 18
    name = number - max(sheet.width_of(count(value)) for value in [*values, 0]) - 14
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        if place:
            sheet.line([(left, y), (share, y)], colour="border", width=0.8)
        middle = y + _LINE / 2
        sheet.box(left, middle - 6, 12, 12, fill=roles[place])
        lines = wrapped(label, name - left - 20, SIZE, most_lines=1)
        sheet.text(left + 20, middle + 4.5, lines[0])
        sheet.text(number, middle + 4.5, count(value), anchor="right")
        part = 100 * value / total if total else None
        sheet.text(share, middle + 4.5, percent(part), anchor="right", is_bold=True)
        y += _LINE
    return max(bottom, y)


def _ring(
    sheet: Sheet,
    centre: tuple[float, float],
    labels: list[str],
    values: list[int],
    roles: list[str],
    *,
    thickness: float,
) -> None:
    """The parts clockwise from the top, each with its share outside."""
    angle, total = 0.0, sum(values)
    if not total:
        sheet.ring(centre, _RADIUS, (0, 360), thickness=thickness, fill="border")
    for label, value, role in zip(labels, values, roles, strict=True):
        if not value:
            continue
        part = 100 * value / total
        end = angle + 3.6 * part
        title = f"{label}: {count(value)} ({percent(part)})"
        sheet.ring(centre, _RADIUS, (angle, end), thickness=thickness, fill=role, title=title)
        if part >= _LEAST_LABELLED:
            direction = radians((angle + end) / 2)
            x = centre[0] + (_RADIUS + 8) * sin(direction)
            y = centre[1] - (_RADIUS + 12) * cos(direction) + 4
            sheet.text(x, y, percent(part, 1), anchor=_beside(sin(direction)))
        angle = end


def _beside(side: float) -> Anchor:
    """Shares stand beside the ring, and over and under it in the middle."""
    if abs(side) < 0.2:
        return "center"
    return "left" if side > 0 else "right"
