"""Finding charts by what addresses call them, and the dashboard of a project."""

import re
from collections.abc import Iterable

from dashboards.charts import CHARTS, MORE, Chart
from dashboards.charts.built import chart_of
from dashboards.models import BuiltChart, Place
from monitoring.models import Project

_OWN = re.compile(r"own-(\d{1,18})")
# What leads watch while the mission runs, until they arrange it otherwise.
USUAL = ["2", "17", "6", "18", "9", "4", "3", "19"]
_KNOWN = {chart.key: chart for chart in [*CHARTS.values(), *MORE.values()]}


def charts_called(project: Project, keys: Iterable[str | int]) -> list[Chart]:
    """The charts of these keys, in their order, without those there are not."""
    wanted = [str(key) for key in keys]
    own = [int(found[1]) for key in wanted if (found := _OWN.fullmatch(key))]
    built = BuiltChart.objects.of(project).filter(pk__in=own) if own else []
    known = {**_KNOWN, **{one.key: chart_of(one) for one in built}}
    return [known[key] for key in wanted if key in known]


def all_charts(project: Project) -> list[Chart]:
    """Those that leads built, then the others, then the report's."""
    built = [chart_of(one) for one in BuiltChart.objects.of(project)]
    return [*built, *MORE.values(), *CHARTS.values()]


def dashboard_keys(project: Project) -> list[str]:
    """The charts on a project's dashboard, in the order its leads gave them."""
    placed = Place.objects.of(project).values_list("chart_key", flat=True)
    return list(placed) or USUAL
