"""Meltwater: news and social media in one table, separated by TAB in UTF-16 though named ``.csv``.

Times carry no zone: they are those of the account's settings, which the import must state. Who
published is the ``Influencer`` on social media and the ``Source`` in the news.
"""

from typing import ClassVar

from monitoring.importers.addresses import Address
from monitoring.importers.table import KnownTable


class Meltwater(KnownTable):
    """Documents of a Meltwater search."""

    source: ClassVar[str] = "meltwater"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("Date",),
        ("URL",),
        ("Hit Sentence", "Opening Text"),
        ("Source",),
        ("Influencer",),
        ("Document ID",),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("Date",),
        "url": ("URL",),
        "text": ("Opening Text", "Hit Sentence"),
        "account": ("Influencer",),
        "likes": ("Likes",),
        "comments": ("Comments", "Replies"),
        "shares": ("Shares", "Retweets"),
        "reactions": ("Reactions",),
        "views": ("Views",),
    }

    def text(self, cells: list[str]) -> str:
        """The headline stands before the text of an article; posts have none."""
        headline = cells[self.at("Headline")].strip()
        text = cells[self.at("Opening Text")].strip() or cells[self.at("Hit Sentence")].strip()
        return f"{headline}\n\n{text}" if headline and not text.startswith(headline) else text

    def account_cells(self, address: Address, cells: list[str]) -> dict[str, str]:
        said = super().account_cells(address, cells)
        if address.platform == "website":
            return {**said, "handle": address.handle, "name": cells[self.at("Source")].strip()}
        is_handle = said["name"].startswith("@")
        return {**said, "handle": said["name"].removeprefix("@") if is_handle else ""}
