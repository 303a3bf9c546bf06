"""What leads keep of what it adds up to."""

from dashboards.models.charts import BuiltChart, ChartNote, Form, Place, PostTranslation
from dashboards.models.snapshots import FrozenPage, Share, ShareViews, Snapshot

__all__ = [
    "BuiltChart",
    "ChartNote",
    "Form",
    "FrozenPage",
    "Place",
    "PostTranslation",
    "Share",
    "ShareViews",
    "Snapshot",
]
