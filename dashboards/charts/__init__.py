"""Charts: which question each asks, and how its answer is drawn."""

from dashboards.charts import (
    activity,
    advertising,
    audience,
    content,
    engagement,
    over_time,
    tone,
)
from dashboards.charts.drawing import Behind, Cell, Column, Drawing, Head
from dashboards.charts.registry import CHARTS as _ENTERED
from dashboards.charts.registry import MORE, SECTION_LABELS, Chart, Section

# In the report's order.
CHARTS: dict[int, Chart] = dict(sorted(_ENTERED.items()))

__all__ = [
    "CHARTS",
    "MORE",
    "SECTION_LABELS",
    "Behind",
    "Cell",
    "Chart",
    "Column",
    "Drawing",
    "Head",
    "Section",
    "activity",
    "advertising",
    "audience",
    "content",
    "engagement",
    "over_time",
    "tone",
]
