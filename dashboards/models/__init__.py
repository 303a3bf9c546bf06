"""What leads keep of what it adds up to."""

from dashboards.models.exports import Export, ExportedTable, ExportFormat, ExportState
from dashboards.models.snapshots import FrozenPage, Share, ShareViews, Snapshot

__all__ = [
    "Export",
    "ExportFormat",
    "ExportState",
    "ExportedTable",
    "FrozenPage",
    "Share",
    "ShareViews",
    "Snapshot",
]
