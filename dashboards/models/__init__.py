"""What leads keep of what it adds up to."""

from dashboards.models.ads import TakenDown
from dashboards.models.charts import BuiltChart, ChartNote, Form, Place, PostTranslation
from dashboards.models.exports import (
    REPORT,
    DocumentFormat,
    Export,
    ExportedTable,
    ExportFormat,
    ExportState,
)
from dashboards.models.findings import Finding, FindingSection
from dashboards.models.snapshots import FrozenPage, FrozenPicture, Share, ShareViews, Snapshot

__all__ = [
    "REPORT",
    "BuiltChart",
    "ChartNote",
    "DocumentFormat",
    "Export",
    "ExportFormat",
    "ExportState",
    "ExportedTable",
    "Finding",
    "FindingSection",
    "Form",
    "FrozenPage",
    "FrozenPicture",
    "Place",
    "PostTranslation",
    "Share",
    "ShareViews",
    "Snapshot",
    "TakenDown",
]
