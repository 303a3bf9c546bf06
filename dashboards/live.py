"""What changed on an open page: asked for by one number, answered with the charts that differ.

Why a page asks and is not told: docs/decisions/0002-live-charts.md.
"""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from dashboards.charts import Chart, Drawing
from dashboards.charts.lookup import charts_called
from dashboards.measures import Measures, NotInProject, Withheld
from dashboards.models import ChartNote
from monitoring.services.revisions import revision_of as revision_of


@dataclass(frozen=True)
class Drawn:
    """A chart with its content, and what a lead wrote beside it."""

    chart: Chart
    drawing: Drawing
    note: str = ""

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


def changed(measures: Measures, hashes: Mapping[str, str]) -> list[Drawn]:
    """Those of the charts on a page whose content is no longer that of their hash."""
    return [one for one in drawn(measures, hashes) if one.hash != hashes[one.chart.key]]
