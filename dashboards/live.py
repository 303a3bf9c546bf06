"""What changed on an open page: asked for by one number, answered with the charts that differ.

Why a page asks and is not told: docs/decisions/0002-live-charts.md.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from dashboards.charts import CHARTS, Chart, Drawing
from dashboards.measures import Measures, NotInProject
from monitoring.services.revisions import revision_of as revision_of


@dataclass(frozen=True)
class Drawn:
    """A chart with its content."""

    chart: Chart
    drawing: Drawing


def drawn(measures: Measures, numbers: Iterable[int]) -> list[Drawn]:
    """The charts of these numbers, in their order.

    Without those that ask for what the project lacks: one that has no campaign has no chart of it.
    """
    charts = []
    for number in numbers:
        with suppress(NotInProject):
            charts.append(Drawn(CHARTS[number], CHARTS[number].draw(measures)))
    return charts


def changed(measures: Measures, hashes: Mapping[int, str]) -> list[Drawn]:
    """Those of the charts on a page whose content is no longer that of their hash."""
    return [one for one in drawn(measures, hashes) if one.drawing.hash != hashes[one.chart.number]]
