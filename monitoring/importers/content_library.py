"""Meta Content Library: posts of Facebook and Instagram, columns by name and in any order.

Its ids are its own and match no address, so its posts are never taken for those of CrowdTangle:
they are kept as ``mcl:…``. ``reaction_count`` already includes the likes. A view that is not given
is missing. No column says the platform: Facebook has reactions and surfaces, Instagram has not.
"""

from typing import ClassVar

from monitoring.importers.addresses import Address
from monitoring.importers.post_reader import PostReader, account_at, post_row, whole_reactions
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import PostRow
from monitoring.importers.values import count, native_id

_COUNTERS = {
    "likes": ("statistics.like_count",),
    "love": ("statistics.love_count",),
    "wow": ("statistics.wow_count",),
    "haha": ("statistics.haha_count",),
    "sad": ("statistics.sad_count",),
    "angry": ("statistics.angry_count",),
    "care": ("statistics.care_count",),
    "comments": ("statistics.comment_count",),
    "shares": ("statistics.share_count",),
    "views": ("statistics.views",),
}
_OF_FACEBOOK = ("statistics.reaction_count", "surface.id", "surface.type", "statistics.love_count")


class ContentLibrary(PostReader):
    """Posts as the Content Library describes them."""

    source: ClassVar[str] = "content-library"
    printed_in: ClassVar[str] = "UTC"
    id_columns: ClassVar[tuple[str, ...]] = ("id",)
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("id",),
        ("creation_time",),
        ("mcl_url", "match_type", "post_owner.type"),
        ("post_owner.username", "post_owner.name", "post_owner.id"),
        ("statistics.like_count", "statistics.reaction_count"),
        ("statistics.comment_count",),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        name = setting.file_name.lower()
        is_facebook = not {*_OF_FACEBOOK}.isdisjoint(self.header) or (
            "facebook" in name and "instagram" not in name
        )
        self.platform = "facebook" if is_facebook else "instagram"
        self.counter_places = self.places(_COUNTERS)
        self.reactions = self.at("statistics.reaction_count")
        self.facts = [self.at(name) for name in ("id", "creation_time", "content_type")]
        parts = ("type", "id", "name", "username")
        self.owner = [self.at(f"post_owner.{part}") for part in parts]
        self.surface = [self.at(f"surface.{part}") for part in parts]
        self.texts = {
            "text": self.at("text"),
            "url": self.at("mcl_url"),
            "link": self.at("link_attachment.link"),
            "link_text": self.at("link_attachment.name"),
            "link_description": self.at("link_attachment.description"),
        }
        self.tells({**self.texts, "type": self.facts[-1]})

    def row(self, cells: list[str]) -> PostRow:
        post_id, created, type_ = (cells[place].strip() for place in self.facts)
        own = native_id(post_id, "id")
        if not own:
            raise UnreadableRow("no_post_id", "id", value=post_id)
        reactions = count(cells[self.reactions], "statistics.reaction_count")
        counters = self.counts(cells, self.counter_places)
        return post_row(
            self._account(cells),
            f"mcl:{own}",
            self.times.instant(created, "creation_time"),
            platform=self.platform,
            counters=whole_reactions(self.platform, counters, reactions),
            type=type_,
            **{field: cells[place] for field, place in self.texts.items()},
        )

    def _account(self, cells: list[str]) -> str:
        """A group where the post stands in one, else whoever owns the post."""
        in_group = cells[self.surface[0]].strip().lower() == "group"
        kind, own, name, handle = (
            cells[place].strip() for place in (self.surface if in_group else self.owner)
        )
        own = native_id(own, "post_owner.id")
        usual = "page" if self.platform == "facebook" else "profile"
        kind = kind.lower() if kind.lower() in ("page", "group", "profile") else usual
        address = Address(self.platform, "", "", "", kind)
        # With a handle the account is the one that other exports know; the library's id is not.
        return self.number_of(
            account_at(
                address,
                native_id="" if handle or not own else f"mcl:{own}",
                handle=handle,
                name=name,
            )
        )
