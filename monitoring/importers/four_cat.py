"""4CAT: what it made of Zeeschuimer's captures of Facebook and Instagram. Its times are UTC."""

from typing import ClassVar

from monitoring.importers.addresses import Address
from monitoring.importers.table import KnownTable


class FourCatFacebook(KnownTable):
    """Posts of Facebook pages and groups; 4CAT has no counters of them."""

    source: ClassVar[str] = "4cat-facebook"
    of_platform: ClassVar[str] = "facebook"
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("id",),
        ("url",),
        ("body",),
        ("author",),
        ("is_in_group",),
        ("unix_timestamp", "timestamp"),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("unix_timestamp", "timestamp"),
        "url": ("url",),
        "post_id": ("id",),
        "text": ("body",),
        "handle": ("author",),
        "account": ("author_name",),
    }

    def account_cells(self, address: Address, cells: list[str]) -> dict[str, str]:
        """A post in a group is the group's, and its author is a member."""
        if cells[self.at("is_in_group")].strip().lower() not in ("yes", "true", "1"):
            return super().account_cells(address, cells)
        return {"native_id": "", "handle": "", "name": cells[self.at("group_name")].strip()}


class FourCatInstagram(KnownTable):
    """Posts of Instagram profiles."""

    source: ClassVar[str] = "4cat-instagram"
    of_platform: ClassVar[str] = "instagram"
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("id",),
        ("url",),
        ("body",),
        ("author",),
        ("author_fullname",),
        ("num_likes",),
        ("num_comments",),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("unix_timestamp", "timestamp"),
        "url": ("url",),
        "post_id": ("id",),
        "text": ("body",),
        "handle": ("author",),
        "account": ("author_fullname",),
        "type": ("type", "media_type"),
        "likes": ("num_likes",),
        "comments": ("num_comments",),
    }
