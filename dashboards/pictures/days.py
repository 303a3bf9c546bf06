"""Small figures under each other over the same days: bars, lines, and the campaign behind them."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.numbers import count
from dashboards.pictures.legend import entries_of, legend, pattern_of
from dashboards.pictures.lettering import cut
from dashboards.pictures.sheet import SIZE, Sheet

Figure = Mapping[str, Any]
_SMALL = 10.5
_LEAST_FACET = 60.0
_LEFT, _RIGHT, _BELOW = 48.0, 12.0, 26.0
_DAY_MS = 24 * 60 * 60 * 1000
_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)


@dataclass(frozen=True)
class Days:
    """Where each day stands on the sheet; ``start`` and ``end`` are moments of day."""

    start: float
    end: float
    left: float
    right: float

    def place(self, moment: str) -> float:
        return self.at(_number(moment))

    def at(self, day: float) -> float:
        part = (day - self.start) / ((self.end - self.start) or 1)
        return self.left + part * (self.right - self.left)


def days(sheet: Sheet, figure: Figure, top: float, room: float) -> float:
    layout, traces = figure["layout"], figure["data"]
    top = legend(sheet, entries_of(traces), top)
    margin = layout["margin"]
    facets = _facets(traces)
    wanted = layout["height"] - margin["t"] - margin["b"]
    height = max(_LEAST_FACET * len(facets), min(wanted, room - _BELOW - 20))
    start, end = map(_number, layout["xaxis"]["range"])
    scale = Days(start, end, _LEFT, sheet.width - _RIGHT)
    _campaign(sheet, layout, scale, top, height)
    for axis, facet in facets.items():
        high, low = (1 - part for part in reversed(layout[axis]["domain"]))
        _facet(sheet, facet, scale, top + high * height, top + low * height)
    for note in layout["annotations"]:
        if note["xref"] == "paper":
            _name(sheet, note["text"], top + (1 - note["y"]) * height - 4)
    _days_below(sheet, layout["xaxis"]["tickformat"], scale, top + height)
    return top + height + _BELOW


def _number(moment: str) -> float:
    found = datetime.datetime.fromisoformat(moment)
    return found.toordinal() + found.hour / 24


def _facets(traces: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The series of each axis, by the name that the layout gives it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for trace in traces:
        found[trace["yaxis"].replace("y", "yaxis")].append(trace)
    return found


def _facet(
    sheet: Sheet, traces: list[dict[str, Any]], scale: Days, high: float, low: float
) -> None:
    stacked: dict[str, float] = defaultdict(float)
    for trace in traces:
        if trace["type"] == "bar":
            for moment, value in zip(trace["x"], trace["y"], strict=True):
                stacked[moment] += value
    lines = [value for trace in traces if trace["type"] != "bar" for value in trace["y"]]
    highest = max([*stacked.values(), *lines, 1])
    unit = (low - high) / (highest * 1.05)
    for value in ticks(highest):
        y = low - value * unit
        sheet.line([(scale.left, y), (scale.right, y)], colour="border", width=0.7)
        sheet.text(scale.left - 6, y + 3.8, count(value), size=_SMALL, anchor="right")
    below: dict[str, float] = defaultdict(float)
    for trace in traces:
        if trace["type"] == "bar":
            _bars(sheet, trace, scale, low, unit, below)
        elif trace["x"]:
            points = [
                (scale.place(day), low - value * unit)
                for day, value in zip(trace["x"], trace["y"], strict=True)
            ]
            sheet.line(points, colour=trace["line"]["color"], width=1.4, title=trace["name"])


def _bars(
    sheet: Sheet,
    trace: Mapping[str, Any],
    scale: Days,
    low: float,
    unit: float,
    below: dict[str, float],
) -> None:
    """Bars on what is ``below`` them, which grows by them."""
    marker = trace["marker"]
    half = trace["width"] / _DAY_MS / 2
    for (day, _shown), middle, value in zip(
        trace["customdata"], trace["x"], trace["y"], strict=True
    ):
        # A week that is cut by the period has what is left of its width.
        begin = max(_number(middle) - half, scale.start)
        end = min(_number(middle) + half, scale.end)
        if value and end > begin:
            sheet.box(
                scale.at(begin),
                low - (below[day] + value) * unit,
                scale.at(end) - scale.at(begin),
                value * unit,
                fill=marker["color"],
                pattern=pattern_of(marker),
                opacity=marker.get("opacity", 1),
                title=f"{day}: {trace['name']} {count(value)}",
            )
        below[day] += value


def ticks(highest: float) -> Iterator[int]:
    """Zero and two or three whole numbers up to the highest: there is no half post."""
    step = 1
    for factor in (2, 2.5, 2) * 6:
        if highest / step <= 3:
            break
        step = int(step * factor)
    return iter(range(0, int(highest) + 1, step))


def _campaign(
    sheet: Sheet, layout: Mapping[str, Any], scale: Days, top: float, height: float
) -> None:
    for shape in layout["shapes"]:
        left, right = scale.place(shape["x0"]), scale.place(shape["x1"])
        if shape["type"] == "rect":
            width = min(right, scale.right) - left
            opacity = shape["opacity"]
            sheet.box(left, top, width, height, fill=shape["fillcolor"], opacity=opacity)
        else:
            points = [(left, top), (left, top + height)]
            sheet.line(points, colour=shape["line"]["color"], is_dashed=True)
    for note in layout["annotations"]:
        if note["xref"] == "x":
            x = scale.place(note["x"]) - 4
            colour = note["font"]["color"]
            sheet.text(x, top + 9, note["text"], size=_SMALL, anchor="right", colour=colour)


def _name(sheet: Sheet, text: str, baseline: float) -> None:
    fitting = cut(text, sheet.width - 8, SIZE, bold=True)
    sheet.text(4, baseline, fitting, is_bold=True)


def _days_below(sheet: Sheet, form: str, scale: Days, y: float) -> None:
    """A date under every so many days, so that they do not touch."""
    span = scale.end - scale.start
    most = (scale.right - scale.left) / 58
    step = next((step for step in _STEPS if span / step <= most), _STEPS[-1])
    for day in range(int(scale.start), int(scale.end), step):
        # In the middle of the day's bar.
        x = scale.at(day + 0.5)
        sheet.line([(x, y), (x, y + 4)], colour="border-strong", width=0.8)
        shown = datetime.date.fromordinal(day).strftime(form)
        sheet.text(x, y + 16, shown, size=_SMALL, anchor="center")
