"""A figure on a sheet: the caption, what the figure shows, and what its numbers rest on."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboards.pictures.bars import bars
from dashboards.pictures.colours import colours_of
from dashboards.pictures.days import days
from dashboards.pictures.donut import donut
from dashboards.pictures.heat import heat_map
from dashboards.pictures.lettering import wrapped
from dashboards.pictures.sheet import POINTS, Sheet
from dashboards.pictures.treemap import treemap

UNIT_MM = POINTS / 72 * 25.4
_CAPTION, _BASE = 14.0, 10.0
_ENDLESS, _LEAST_WIDTH = 1e6, 440.0
_FORMS = {"pie": donut, "heatmap": heat_map, "treemap": treemap}
# Draws a figure from a height on, within so much room if it can, and tells where it ends.
Plot = Callable[[Sheet, Mapping[str, Any], float, float], float]


def draw(
    figure: Mapping[str, Any],
    *,
    width_mm: float,
    most_height_mm: float | None,
    theme: str,
    caption: str,
    base: str,
) -> Sheet:
    """What is too narrow or too high is drawn on a larger sheet, which is printed smaller."""
    width, most = width_mm / UNIT_MM, (most_height_mm or _ENDLESS) / UNIT_MM

    def drawn(scale: float) -> Sheet:
        sheet = Sheet(width / scale, colours_of(theme), scale=scale)
        _fill(sheet, figure, caption=caption, base=base, most=most / scale)
        return sheet

    scale = min(1.0, width / _LEAST_WIDTH)
    sheet = drawn(scale)
    return sheet if sheet.height * scale <= most else drawn(most / sheet.height)


def _fill(sheet: Sheet, figure: Mapping[str, Any], *, caption: str, base: str, most: float) -> None:
    top = _paragraph(sheet, caption, 4, size=_CAPTION, is_bold=True) if caption else 4
    below = wrapped(base, sheet.width - 8, _BASE) if base else []
    room = most - top - len(below) * _BASE * 1.4 - 20
    bottom = _plot_of(figure)(sheet, figure, top, room)
    if base:
        bottom = _paragraph(sheet, base, bottom + 10, size=_BASE, colour="text-muted")
    sheet.height = bottom + 4


def _plot_of(figure: Mapping[str, Any]) -> Plot:
    if figure["layout"].get("xaxis", {}).get("type") == "date":
        return days
    kinds = {trace["type"] for trace in figure["data"]}
    return next((_FORMS[kind] for kind in kinds if kind in _FORMS), bars)


def _paragraph(
    sheet: Sheet,
    text: str,
    top: float,
    *,
    size: float,
    is_bold: bool = False,
    colour: str = "text",
) -> float:
    for line in wrapped(text, sheet.width - 8, size, bold=is_bold):
        top += size * 1.4
        sheet.text(4, top - size * 0.35, line, size=size, is_bold=is_bold, colour=colour)
    return top + 6
