"""A treemap: each category an area, and in it each of its actors.

Areas are cut into rows as square as they can be (Bruls, Huizing and van Wijk: Squarified Treemaps,
2000). What is too small for its name has it on hover in SVG, and in the chart's table.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.numbers import count
from dashboards.pictures.colours import is_dark
from dashboards.pictures.lettering import cut
from dashboards.pictures.sheet import Sheet

_SMALL, _LEAST_LETTERS = 10.0, 34.0
_STRIP, _LEAST_HEIGHT = 18.0, 240.0


class Area(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def treemap(sheet: Sheet, figure: Mapping[str, Any], top: float, room: float) -> float:
    trace = figure["data"][0]
    height = min(float(figure["layout"]["height"]), max(room, _LEAST_HEIGHT))
    by_parent: dict[str, list[int]] = {}
    for place, parent in enumerate(trace["parents"]):
        if trace["values"][place]:
            by_parent.setdefault(parent, []).append(place)
    whole = Area(0, top, sheet.width, height)
    for group, area in _placed(trace, by_parent.get("", []), whole):
        _area(sheet, trace, group, area, is_group=True)
        below = Area(area.x + 1, area.y + _STRIP, area.width - 2, area.height - _STRIP - 1)
        if below.width > 0 and below.height > 0:
            for part, inside in _placed(trace, by_parent.get(trace["ids"][group], []), below):
                _area(sheet, trace, part, inside, is_group=False)
    return top + height


def _placed(
    trace: Mapping[str, Any], places: Sequence[int], area: Area
) -> Iterator[tuple[int, Area]]:
    ranked = sorted(places, key=lambda place: -trace["values"][place])
    values = [trace["values"][place] for place in ranked]
    return zip(ranked, squarified(values, area), strict=True)


def squarified(values: Sequence[float], area: Area) -> list[Area]:
    """The area cut into parts as large as the values, which come largest first."""
    areas: list[Area] = []
    rest = list(values)
    while rest:
        unit = area.width * area.height / sum(rest)
        side = min(area.width, area.height)
        taken = 1
        while taken < len(rest) and _worst(rest[: taken + 1], side, unit) <= _worst(
            rest[:taken], side, unit
        ):
            taken += 1
        row, rest = rest[:taken], rest[taken:]
        depth = sum(row) * unit / side
        along = 0.0
        for value in row:
            length = value * unit / depth
            if area.width >= area.height:
                areas.append(Area(area.x, area.y + along, depth, length))
            else:
                areas.append(Area(area.x + along, area.y, length, depth))
            along += length
        if area.width >= area.height:
            area = Area(area.x + depth, area.y, max(area.width - depth, 1e-9), area.height)
        else:
            area = Area(area.x, area.y + depth, area.width, max(area.height - depth, 1e-9))
    return areas


def _worst(row: Sequence[float], side: float, unit: float) -> float:
    """How far from square the worst part of a row is: 1 is a square."""
    depth = sum(row) * unit / side
    return max(max(depth * depth / (v * unit), v * unit / (depth * depth)) for v in row)


def _area(
    sheet: Sheet, trace: Mapping[str, Any], place: int, area: Area, *, is_group: bool
) -> None:
    name, value = trace["labels"][place], count(trace["values"][place])
    role = trace["marker"]["colors"][place]
    sheet.box(
        area.x + 0.75,
        area.y + 0.75,
        max(area.width - 1.5, 0.2),
        max(area.height - 1.5, 0.2),
        fill=role,
        opacity=0.35 if is_group else 1,
        title=f"{name}: {value}",
    )
    colour = "text" if is_group or not is_dark(sheet.colour(role)) else "accent-text"
    texts = [f"{name} · {value}"] if is_group else [name, value]
    for line, text in enumerate(texts):
        baseline = area.y + 13 + line * 12
        if area.width < _LEAST_LETTERS or baseline + 3 > area.y + area.height:
            return
        fitting = cut(text, area.width - 8, _SMALL, bold=is_group)
        if fitting != text and line:
            return  # A number that is cut is another number.
        sheet.text(area.x + 5, baseline, fitting, size=_SMALL, is_bold=is_group, colour=colour)
