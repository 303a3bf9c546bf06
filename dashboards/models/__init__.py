"""What leads keep of what it adds up to."""

from dashboards.models.snapshots import FrozenPage, Share, ShareViews, Snapshot

__all__ = ["FrozenPage", "Share", "ShareViews", "Snapshot"]
