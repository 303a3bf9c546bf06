"""Answers of CrowdTangle's API (``/posts``, ``/posts/search``), as JSON or flattened to columns.

R's jsonlite and the internal form name the columns alike (``statistics.actual.likeCount``). Times
are UTC without saying so. ``score`` depends on what was asked for and is not kept.
"""

import re
from typing import ClassVar

from monitoring.importers.addresses import Address, address_of
from monitoring.importers.post_reader import PostReader, account_at, post_row
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import PostRow
from monitoring.importers.values import MOST_VIEWS, count, native_id

_ACTUAL = "statistics.actual."
_COUNTERS = {
    "likes": (f"{_ACTUAL}likeCount", f"{_ACTUAL}favoriteCount"),
    "love": (f"{_ACTUAL}loveCount",),
    "wow": (f"{_ACTUAL}wowCount",),
    "haha": (f"{_ACTUAL}hahaCount",),
    "sad": (f"{_ACTUAL}sadCount",),
    "angry": (f"{_ACTUAL}angryCount",),
    "care": (f"{_ACTUAL}careCount",),
    # A reaction of the springs of 2016 and 2020 that no CSV has.
    "other_reactions": (f"{_ACTUAL}thankfulCount",),
    "comments": (f"{_ACTUAL}commentCount",),
    "shares": (f"{_ACTUAL}shareCount",),
    "views": (f"{_ACTUAL}videoPostViewCount", f"{_ACTUAL}viewCount"),
    "views_total": (f"{_ACTUAL}videoTotalViewCount",),
}
_ACCOUNT = ("platformId", "handle", "name", "accountType")
_KINDS = {"facebook_page": "page", "facebook_group": "group", "facebook_profile": "profile"}
# As the CSV prints them; the others are the API's with capitals.
_TYPES = {"youtube": "YouTube", "igtv": "IGTV"}
_OWN_ID = re.compile(r"(?:[0-9]+_)?([0-9]+)")


class CrowdTangleApi(PostReader):
    """Posts of Facebook and Instagram as the API described them."""

    source: ClassVar[str] = "crowdtangle-api"
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("platformId",),
        ("postUrl",),
        ("date",),
        ("account.name", "account.handle", "account.platformId"),
        _COUNTERS["likes"],
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.counter_places = self.places(_COUNTERS)
        parts = ("platformId", "postUrl", "date", "type", "platform")
        self.facts = [self.at(part) for part in parts]
        self.account = [self.at(f"account.{part}") for part in _ACCOUNT]
        self.followers = self.at("subscriberCount")
        self.texts = {
            "text": self.at("message"),
            "url": self.at("postUrl"),
            "link": self.at("link"),
            "link_text": self.at("title"),
            "link_description": self.at("description"),
            "image_text": self.at("imageText"),
            "sponsor": self.at("brandedContentSponsor.name"),
        }
        told = {"text": max(self.at("message"), self.at("description"))}
        told |= {"type": self.at("type"), "followers": self.followers}
        self.tells({**self.texts, **told})

    def row(self, cells: list[str]) -> PostRow:
        platform_id, url, date, type_, platform = (
            _text(cells[place].strip()) for place in self.facts
        )
        address = self._address(url, platform)
        own, handle, name, kind = (_text(cells[place].strip()) for place in self.account)
        address = address._replace(kind=_KINDS.get(kind, address.kind))
        owner = native_id(own, "account.platformId", also_printed=address.owner_id)
        is_instagram = address.platform == "instagram"  # whose CSVs know accounts by their handle
        account = account_at(
            address._replace(owner_id=""),
            native_id="" if is_instagram and handle else owner,
            handle=handle,
            name=name,
        )
        followers = count(cells[self.followers], "subscriberCount", most=MOST_VIEWS)
        return post_row(
            self.number_of(account),
            address.post or self._post_id(platform_id),
            self.times.instant(date, "date"),
            platform=address.platform,
            counters=self.counts(cells, self.counter_places),
            followers=followers if followers != "0" else None,
            type=_TYPES.get(type_.lower(), type_.replace("_", " ").title()),
            **self._described(cells, is_instagram=is_instagram),
        )

    def _described(self, cells: list[str], *, is_instagram: bool) -> dict[str, str]:
        """The texts of a post. What Instagram shows below a picture is called its description."""
        texts = {field: _text(cells[place]) for field, place in self.texts.items()}
        if is_instagram:
            texts["text"] = texts["text"] or texts["link_description"]
            texts["link_description"] = ""
        return texts

    def _address(self, url: str, platform: str) -> Address:
        found = address_of(url)
        if found is not None and found.platform in ("facebook", "instagram"):
            return found
        if platform.lower() not in ("facebook", "instagram"):
            raise UnreadableRow("unknown_platform", "platform", value=platform)
        return Address(platform.lower(), "", "", "", "page")

    def _post_id(self, platform_id: str) -> str:
        found = _OWN_ID.fullmatch(platform_id)
        if found is None:
            raise UnreadableRow("no_post_id", "platformId", value=platform_id)
        return found[1]


def _text(cell: str) -> str:
    """R prints NA into empty cells."""
    return "" if cell == "NA" else cell
