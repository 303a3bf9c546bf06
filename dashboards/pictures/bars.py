"""Horizontal bars: ranked, stacked, beside each other, or from a bound to a bound.

Each row has its whole label, in two lines where it is long, and its value at the end of its bar.
There is no pointer on paper: parts of a stacked bar carry their numbers where these fit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.numbers import count, percent
from dashboards.pictures.colours import is_dark
from dashboards.pictures.legend import entries_of, legend, pattern_of
from dashboards.pictures.lettering import wrapped
from dashboards.pictures.sheet import SIZE, Sheet

Figure = Mapping[str, Any]
# Of the width; the rest is for bars and their values.
_MOST_FOR_LABELS = 0.4
_SMALL = 10.0
# Two lines of a small label; below that all becomes smaller.
_LEAST_PITCH = 17.0


@dataclass(frozen=True)
class Row:
    """A line of the figure; a heading has no bar."""

    label: str
    is_heading: bool = False


@dataclass(frozen=True)
class Mark:
    """A bar or a part of one: ``slot`` of ``slots`` in its row, from and to in values."""

    row: int
    slot: int
    slots: int
    start: float
    end: float
    role: str
    pattern: str
    inside: str
    title: str
    is_alone: bool


def bars(sheet: Sheet, figure: Figure, top: float, room: float) -> float:
    layout, traces = figure["layout"], figure["data"]
    rows = rows_of(figure)
    if layout.get("showlegend"):
        top = legend(sheet, entries_of(traces), top)
    margin = layout["margin"]
    wanted = (layout["height"] - margin["t"] - margin["b"]) / max(len(rows), 1)
    pitch = max(_LEAST_PITCH, min(wanted, room / max(len(rows), 1)))
    size = min(SIZE, pitch * 0.6)
    left = _labels(sheet, rows, top, pitch, size)
    endings = list(_endings(figure))
    # A row that is empty still has its line.
    right = 10 + max([sheet.width_of(text, size) for _row, _value, text in endings] or [0])
    scale = (sheet.width - left - right) / float(layout["xaxis"]["range"][1])
    for mark in marks_of(figure):
        _bar(sheet, mark, left=left, top=top, pitch=pitch, scale=scale)
    for row, value, text in endings:
        middle = top + pitch * (row + 0.5)
        sheet.text(left + value * scale + 5, middle + size * 0.36, text, size=size)
    bottom = top + pitch * len(rows)
    sheet.line([(left, top + 2), (left, bottom - 2)], colour="border-strong", width=0.8)
    return bottom


def rows_of(figure: Figure) -> list[Row]:
    """The rows from top to bottom, with the names that the figure's axis had to cut."""
    layout, traces = figure["layout"], figure["data"]
    ticks = layout["yaxis"]["ticktext"]
    named = [pair[0] for pair in traces[0]["customdata"]] if traces else ticks
    is_stacked = layout.get("barmode") == "stack"
    summed = {note["y"] for note in layout.get("annotations", [])}
    return [
        Row(_whole(tick, name), is_heading=is_stacked and row not in summed)
        for row, (tick, name) in enumerate(zip(ticks, named, strict=True))
    ]


def _whole(tick: str, name: str) -> str:
    """``A very lo… · 106`` of an outlet with its number, as the axis has it, whole."""
    if tick.startswith(name):
        return tick
    before, is_cut, ending = tick.partition("…")
    return name + ending if is_cut and name.startswith(before) else tick


def marks_of(figure: Figure) -> Iterator[Mark]:
    """The bars, each where it begins and ends; of shares in percent."""
    layout, traces = figure["layout"], figure["data"]
    is_group = layout.get("barmode") == "group"
    is_share = layout.get("barnorm") == "percent"
    totals = [sum(values) or 1 for values in zip(*(one["x"] for one in traces), strict=True)]
    ends = [0.0] * len(totals)
    for place, trace in enumerate(traces):
        for row, value in enumerate(trace["x"]):
            length = 100 * value / totals[row] if is_share else value
            start = trace["base"][row] if "base" in trace else 0.0 if is_group else ends[row]
            ends[row] = start + length
            colour = trace["marker"]["color"]
            texts = trace.get("text")
            shown = texts[row] if texts else count(value)
            # The end of the bar says it already.
            is_told = bool(texts) or (value == totals[row] and not is_share)
            name = ": ".join(filter(None, [trace["customdata"][row][0], trace["name"]]))
            yield Mark(
                row=row,
                slot=place if is_group else 0,
                slots=len(traces) if is_group else 1,
                start=start,
                end=ends[row],
                role=colour if isinstance(colour, str) else colour[row],
                pattern=pattern_of(trace["marker"]),
                inside="" if is_told else percent(length, 0) if is_share else shown,
                is_alone="base" in trace,
                title=f"{name}: {shown}" + (f" ({percent(length, 1)})" if is_share else ""),
            )


def _endings(figure: Figure) -> Iterator[tuple[float, float, str]]:
    """What stands at the end of each bar: row, value, text."""
    for note in figure["layout"].get("annotations", []):
        yield note["y"], note["x"], note["text"]
    traces = figure["data"]
    for place, trace in enumerate(traces):
        beside = (place + 0.5) / len(traces) - 0.5
        bases = trace.get("base", [0] * len(trace["x"]))
        for row, text in enumerate(trace.get("text", [])):
            yield row + beside * 0.68, bases[row] + trace["x"][row], text


def _labels(sheet: Sheet, rows: Sequence[Row], top: float, pitch: float, size: float) -> float:
    """Draw the labels, right aligned; returns where the bars begin."""
    most = sheet.width * _MOST_FOR_LABELS
    widest = max([sheet.width_of(row.label, size, is_bold=row.is_heading) for row in rows] or [0])
    left = min(widest, most) + 4
    for place, row in enumerate(rows):
        middle = top + pitch * (place + 0.5)
        if row.is_heading:
            line = wrapped(row.label, sheet.width - 8, size, bold=True, most_lines=1)[0]
            sheet.text(4, middle + size * 0.5, line, size=size, is_bold=True)
            continue
        is_long = sheet.width_of(row.label, size) > left - 4
        small = min(_SMALL, pitch * 0.42) if is_long else size
        lines = wrapped(row.label, left - 4, small, most_lines=2)
        first = middle + small * 0.36 - (len(lines) - 1) * small * 0.58
        for number, line in enumerate(lines):
            sheet.text(left, first + number * small * 1.16, line, size=small, anchor="right")
    return left + 8


def _bar(sheet: Sheet, mark: Mark, *, left: float, top: float, pitch: float, scale: float) -> None:
    thickness = pitch * 0.68 / mark.slots
    y = top + pitch * (mark.row + 0.16) + mark.slot * thickness
    x, width = left + mark.start * scale, (mark.end - mark.start) * scale
    if width <= 0:
        return
    if mark.start and mark.is_alone:
        # From the label to a bar that begins far from it.
        middle = y + thickness / 2
        sheet.line([(left, middle), (x, middle)], colour="border", width=0.8)
    sheet.box(x, y, width, thickness, fill=mark.role, pattern=mark.pattern, title=mark.title)
    size = min(_SMALL, thickness * 0.7)
    letters = sheet.width_of(mark.inside, size) if mark.inside else width
    if letters + 6 > width:
        return
    middle = x + width / 2
    if mark.pattern:
        # Letters on hatching cannot be read.
        ground = sheet.tint(mark.role)
        sheet.box(middle - letters / 2 - 2, y + 1, letters + 4, thickness - 2, fill=ground)
    is_light = not mark.pattern and is_dark(sheet.colour(mark.role))
    colour = "accent-text" if is_light else "text"
    baseline = y + thickness / 2 + size * 0.36
    sheet.text(middle, baseline, mark.inside, size=size, anchor="center", colour=colour)
