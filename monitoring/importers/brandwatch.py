"""Brandwatch: mentions of a query. The table stands below some lines about the query.

Counters have a column for each platform; times carry no zone, which the import must state.
"""

from typing import ClassVar

from monitoring.importers.addresses import Address
from monitoring.importers.table import KnownTable

_COUNTERS = {
    "facebook": {
        "likes": "Facebook Likes",
        "comments": "Facebook Comments",
        "shares": "Facebook Shares",
    },
    "instagram": {"likes": "Instagram Likes", "comments": "Instagram Comments"},
    "x": {
        "likes": "X Likes",
        "comments": "X Replies",
        "shares": "X Reposts",
        "views": "X Impressions",
    },
}
_OLD_NAMES = {
    "X Likes": "Twitter Likes",
    "X Replies": "Twitter Reply Count",
    "X Reposts": "Twitter Retweets",
    "X Impressions": "Twitter Impressions",
}


class Brandwatch(KnownTable):
    """Mentions found by a query."""

    source: ClassVar[str] = "brandwatch"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("Query Id",),
        ("Query Name",),
        ("Date",),
        ("Title",),
        ("Url",),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("Date",),
        "url": ("Url",),
        "text": ("Full Text", "Snippet", "Title"),
        "account": ("Author",),
        "type": ("Content Type",),
    }

    def counters(self, address: Address, cells: list[str]) -> dict[str, str | None]:
        columns = _COUNTERS.get(address.platform, {})
        names = {field: (name, _OLD_NAMES.get(name, name)) for field, name in columns.items()}
        return self.counts(cells, self.places(names))

    def account_cells(self, address: Address, cells: list[str]) -> dict[str, str]:
        said = super().account_cells(address, cells)
        return {
            **said,
            "handle": address.handle if address.platform == "website" else said["handle"],
        }
