"""CrowdTangle's history of one post: its counters from hour to hour.

Whose post it is and when it was published stand in the header alone, as the two last columns.
Times are in UTC, as the names of their columns say. What CrowdTangle expected of a post at that age
(``Avg Likes``) is no reading of it, and is not kept.
"""

from typing import ClassVar

from monitoring.importers.addresses import address_of
from monitoring.importers.crowdtangle import larger_views
from monitoring.importers.post_reader import PostReader, account_at, post_row
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import PostRow
from monitoring.importers.values import count, native_id
from monitoring.interactions import FACEBOOK_REACTIONS

_COUNTERS = {
    "likes": ("Likes",),
    "love": ("Loves",),
    "wow": ("Wows",),
    "haha": ("Hahas",),
    "sad": ("Sads",),
    "angry": ("Angrys",),
    "care": ("Cares",),
    "comments": ("Comments",),
    "shares": ("Shares",),
    "views": ("Post Views",),
    "views_total": ("Total Views",),
}
_PUBLISHED, _OBSERVED = "Post Date (GMT)", "Score Date (GMT)"
_CROSSPOSTS = "Total Views for all Crossposts"


class CrowdTangleHistory(PostReader):
    """Readings of one post, of the moments in ``Score Date (GMT)``."""

    source: ClassVar[str] = "crowdtangle-history"
    dated_by_export: ClassVar[bool] = False
    is_by_account: ClassVar[bool] = False
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("ID",),
        (_OBSERVED,),
        ("Timestep",),
        ("Likes",),
        (_PUBLISHED,),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.tells({})
        self.counter_places = self.places(_COUNTERS)
        self.facts = [self.at(name) for name in ("ID", _OBSERVED, "Reactions", _CROSSPOSTS)]
        after = self.header.index(_PUBLISHED) + 1
        self.published, self.url = (*self.header[after : after + 2], "", "")[:2]

    def row(self, cells: list[str]) -> PostRow:
        facebook_id, observed, reactions, crossposts = (
            cells[place].strip() for place in self.facts
        )
        address = address_of(self.url)
        if address is None or address.platform != "facebook" or not address.post:
            raise UnreadableRow("no_post_id", _PUBLISHED, value=self.url)
        found = native_id(facebook_id, "ID", also_printed=address.post)
        if found not in ("", address.post):
            raise UnreadableRow("other_post", "ID", value=found, post=address.post)
        counters = self.counts(cells, self.counter_places)
        counters["views_total"] = larger_views(counters.get("views_total"), crossposts, _CROSSPOSTS)
        _check_total(counters, reactions)
        return post_row(
            self.number_of(account_at(address)),
            address.post,
            self.times.instant(self.published, _PUBLISHED),
            platform=address.platform,
            counters=counters,
            observed_at=self.times.instant(observed, _OBSERVED),
            url=self.url,
        )


def _check_total(counters: dict[str, str | None], printed: str) -> None:
    """Raises UnreadableRow where the reactions do not add up to their total."""
    parts = [counters.get(name) for name in FACEBOOK_REACTIONS]
    total = count(printed, "Reactions")
    together = sum(int(part) for part in parts if part)
    if total is not None and None not in parts and int(total) != together:
        raise UnreadableRow("total_mismatch", "Reactions", total=total, sum=together)
