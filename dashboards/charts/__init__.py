"""Charts: which question each asks, and how its answer is drawn."""

from dashboards.charts import activity, engagement, tone
from dashboards.charts.drawing import Cell, Column, Drawing, Head
from dashboards.charts.registry import CHARTS as _ENTERED
from dashboards.charts.registry import Chart

# In the report's order.
CHARTS: dict[int, Chart] = dict(sorted(_ENTERED.items()))

__all__ = ["CHARTS", "Cell", "Chart", "Column", "Drawing", "Head", "activity", "engagement", "tone"]
