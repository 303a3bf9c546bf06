"""What changed on an open page: asked for by one number, answered with the charts that differ.

Why a page asks and is not told: docs/decisions/0002-live-charts.md.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from dashboards.charts import Chart, Drawing
from dashboards.charts.lookup import charts_called
from dashboards.measures import Measures, NotInProject, Withheld
from dashboards.models import ChartNote
from monitoring.models import Project
from monitoring.services.revisions import revision_of as revision_of
from monitoring.services.revisions import revisions_of as revisions_of


@dataclass(frozen=True)
class Drawn:
    """A chart with its content, and what a lead wrote beside it."""

    chart: Chart
    drawing: Drawing
    note: str = ""

    @property
    def caption(self) -> str:
        """The chart's, with the days it is of where these are its own."""
        days = f" ({self.drawing.days})" if self.drawing.days else ""
        return f"{self.chart.caption}{days}"

    @property
    def hash(self) -> str:
        """Changes when anything a reader sees changes."""
        return self.drawing.hash + hashlib.sha256(self.note.encode()).hexdigest()[:4]


def drawn(measures: Measures, keys: Iterable[str | int]) -> list[Drawn]:
    """The charts of these keys, in their order.

    Without those that ask for what the project lacks: one that has no campaign has no chart of it;
    and without those of codings where the measures are of somebody who codes blind.
    """
    project = measures.background.project
    notes = dict(ChartNote.objects.of(project).values_list("chart_key", "text"))
    charts = []
    for chart in charts_called(project, keys):
        with suppress(NotInProject, Withheld):
            charts.append(Drawn(chart, chart.draw(measures), notes.get(chart.key, "")))
    return charts


def coded(project: Project, keys: Iterable[str]) -> list[str]:
    """Of these charts those that a coding may change."""
    return [chart.key for chart in charts_called(project, keys) if chart.is_coded]
