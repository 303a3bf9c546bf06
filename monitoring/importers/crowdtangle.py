"""CrowdTangle's CSV exports: Facebook pages, groups and Instagram, in their 2020 and 2021 layouts.

Columns are found by name: files sorted by overperforming lack the total, a user's weights stand in
the names of columns, and the 2021 layout put a dozen columns between those of 2020. The text that
a post shows is its ``Message`` (Facebook) or ``Description`` (Instagram).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, ClassVar, TypeVar

import numpy as np

from monitoring.importers.addresses import POST_ID, facebook_post_id
from monitoring.importers.post_reader import TEXTS, PostReader
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import AccountSeen, PostBlock, PostRow
from monitoring.importers.values import (
    MOST_COUNT,
    MOST_VIEWS,
    are_digits,
    count,
    fits,
    is_the_total,
    native_id,
    numbers_of,
)
from monitoring.importers.zones import Clock

_COUNTS = (
    "Likes",
    "Love",
    "Wow",
    "Haha",
    "Sad",
    "Angry",
    "Care",
    "Comments",
    "Shares",
    "Post Views",
    "Total Views",
)
_TEXTS = (
    "Message",
    "URL",
    "Link",
    "Link Text",
    "Description",
    "Image Text",
    "",
    "Sponsor Name",
)
_INSTAGRAM_TEXTS = (
    "Description",
    "URL",
    "Link",
    "Title",
    "",
    "Image Text",
    "Photo",
    "Sponsor Name",
)
_CROSSPOSTS = "Total Views For All Crossposts"
_NUMBERS = (
    "Total Interactions",
    "Followers at Posting",
    "Likes at Posting",
    _CROSSPOSTS,
)
_PARTS_OF_THE_TOTAL = 9  # all but the views
_NO_CROSSPOSTS = frozenset({"0", ""})
_Cells = TypeVar("_Cells")
_OWNER_ID = re.compile(r"facebook\.com/(?:groups/)?([0-9]+)/")


def cells_of(header: Sequence[str], columns: Iterable[str]) -> Callable[[Sequence[Any]], tuple]:
    """A function that takes these cells out of a record, or these columns out of many records.

    Both come with one that is empty appended, to which the missing columns point.
    """
    return itemgetter(*(header.index(name) if name in header else -1 for name in columns))


class _CrowdTangle(PostReader):
    """What the two platforms share: times with the abbreviation of the dashboard's zone."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.clock = Clock(setting.zone)
        self.created = "Post Created" if "Post Created" in self.header else "Created"

    def describes(self, texts: Sequence[str], *followers: str) -> None:
        """``texts`` are the columns of the texts of ``PostRow``, in its order."""
        columns = zip(TEXTS, texts, strict=True)
        places = {field: self.at(column) if column else -1 for field, column in columns}
        number = self.at("Followers at Posting", *followers)
        self.tells({**places, "type": self.at("Type"), "followers": number})

    def instant(self, cell: str, column: str) -> str:
        """The moment as CrowdTangle prints it, or as a spreadsheet program wrote it back."""
        try:
            return self.clock.instant(cell, column)
        except UnreadableRow as problem:
            if problem.code != "bad_time":
                raise
        return self.times.instant(cell, column)


class CrowdTangleFacebook(_CrowdTangle):
    """Posts of Facebook pages, or of groups where the first column is ``Group Name``."""

    source: ClassVar[str] = "crowdtangle-facebook"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("Page Name", "Group Name"),
        ("User Name",),
        ("Facebook Id",),
        ("Post Created", "Created"),
        ("Type",),
        *((name,) for name in _COUNTS if name not in ("Care", "Total Views")),
        ("URL",),
        ("Message",),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.kind = "group" if "Group Name" in self.header else "page"
        self.name = "Group Name" if self.kind == "group" else "Page Name"
        self.facts = cells_of(
            self.header,
            ("Facebook Id", "User Name", self.name, "URL", self.created, "Type", *_NUMBERS),
        )
        self.texts = cells_of(self.header, _TEXTS)
        self.describes(_TEXTS, "Likes at Posting")
        self.printed_counts = cells_of(self.header, _COUNTS)

    def row(self, cells: list[str]) -> PostRow:
        facts = self.facts(cells)
        facebook_id, handle, name, url, created, type_, total, followers, likes, crossposts = facts
        post_id = url.rpartition("/")[2]
        if not (post_id.isdecimal() and post_id.isascii() and len(post_id) <= 64):
            post_id = facebook_post_id(url)
        account = self._numbers.get(("facebook", facebook_id, handle))
        if account is None:
            account = self._account(facebook_id, handle, name, url)
        counters = _counters(self.printed_counts(cells), total)
        counters = (*counters[:-1], larger_views(counters[-1], crossposts, _CROSSPOSTS))
        return PostRow._make(
            (
                account,
                None,
                post_id,
                type_ if len(type_) <= 40 else fits(type_, "Type", 40),
                self.instant(created, self.created),
                *self.texts(cells),
                _followers(followers, likes),
                *counters,
            )
        )

    def columns(self, cells: Sequence[Sequence[str]]) -> PostBlock | None:
        """Many rows at once, to the posts ``row`` makes of them, if none needs a closer look."""
        facts: Sequence[Sequence[str]] = self.facts(cells)
        ids, handles, names, urls, created, types, totals, followers, likes, crossposts = facts
        followers = followers if any(followers) else likes
        post_ids = [url.rpartition("/")[2] for url in urls]
        counters = _columns_of_counters(self.printed_counts(cells), totals)
        if (
            counters is None
            or not are_digits(post_ids, most=64)
            or not are_digits(followers, most=18)
            or not _NO_CROSSPOSTS.issuperset(crossposts)
            or max(map(len, types)) > 40
        ):
            return None
        known = self._numbers
        accounts = [
            known.get(("facebook", facebook_id, handle))
            or self._account(facebook_id, handle, name, url)
            for facebook_id, handle, name, url in zip(ids, handles, names, urls, strict=True)
        ]
        return PostBlock(
            (
                accounts,
                (None,) * len(accounts),
                post_ids,
                types,
                [self.instant(cell, self.created) for cell in created],
                *self.texts(cells),
                followers,
                *counters,
            )
        )

    def _account(self, facebook_id: str, handle: str, name: str, url: str) -> str:
        """The number of the row's account; only sound ids become keys, so none are merged."""
        printed = _OWNER_ID.search(url)
        owner = printed[1] if printed else ""
        sound = native_id(facebook_id, "Facebook Id", also_printed=owner)
        if not sound and (self.kind == "group" or not handle):
            sound = owner
        path = f"groups/{sound}" if self.kind == "group" else handle or sound
        return self.number_of(
            AccountSeen(
                "facebook",
                self.kind,
                sound,
                fits(handle, "User Name", 200),
                (name.strip() or handle or sound)[:300],
                f"https://www.facebook.com/{path}",
            )
        )


def _counters(printed: tuple[str, ...], total: str) -> tuple[str | None, ...]:
    """The counters of a row in the order of ``PostRow``, checked against the printed total."""
    together = "".join(printed)
    if together.isdigit() and together.isascii() and "" not in printed and len(together) < 64:
        cells: tuple[str | None, ...] = printed
        sum_of_parts = sum(map(int, printed[:_PARTS_OF_THE_TOTAL]))
        is_complete = True
    else:
        cells = tuple(map(_counter, printed, _COUNTS))
        parts = cells[:_PARTS_OF_THE_TOTAL]
        sum_of_parts = sum(int(part) for part in parts if part)
        is_complete = None not in parts
    if sum_of_parts > MOST_COUNT:
        raise UnreadableRow("count_too_large", "Total Interactions", value=sum_of_parts)
    is_printed_so = total.replace(",", "") == str(sum_of_parts)
    if is_complete and not is_printed_so and not is_the_total(total, sum_of_parts):
        raise UnreadableRow("total_mismatch", "Total Interactions", total=total, sum=sum_of_parts)
    return _in_order(cells, None)


def _columns_of_counters(
    printed: Sequence[Sequence[str]], totals: Sequence[str]
) -> tuple[Sequence[str | None], ...] | None:
    """The counters of many rows, as ``_counters`` gives them; None where it has to look."""
    given = [any(column) for column in printed]
    if not all(are_digits(column, most=9) for column in compress(printed, given)):
        return None
    parts = [*compress(printed[:_PARTS_OF_THE_TOTAL], given)]
    sums = sum(map(numbers_of, parts), np.zeros(len(totals), np.int64))
    is_complete = len(parts) == _PARTS_OF_THE_TOTAL and any(totals)
    if sums.max() > MOST_COUNT or (
        is_complete and [one.replace(",", "") for one in totals] != [*map(str, sums.tolist())]
    ):
        return None
    missing: Sequence[str | None] = (None,) * len(totals)
    columns = [column if there else missing for column, there in zip(printed, given, strict=True)]
    return _in_order(columns, missing)


def _in_order(counters: Sequence[_Cells], missing: _Cells) -> tuple[_Cells, ...]:
    """Counters as they are printed, in the order of ``PostRow``."""
    *reactions, comments, shares, views, all_views = counters
    return (*reactions, missing, comments, shares, views, all_views)


def _counter(cell: str, column: str) -> str | None:
    return count(cell, column, most=MOST_VIEWS if "Views" in column else MOST_COUNT)


def larger_views(one: str | None, printed: str, column: str) -> str | None:
    """The larger of two view counts: CrowdTangle prints 0 for crossposts it was not told of."""
    if printed in _NO_CROSSPOSTS:
        return one
    other = count(printed, column, most=MOST_VIEWS)
    known = [int(cell) for cell in (one, other) if cell is not None]
    return str(max(known)) if known else None


def _followers(followers: str, likes: str) -> str | None:
    """Followers where the export has them; else who liked the page, or a group's members."""
    if followers.isdecimal() and followers.isascii() and len(followers) < 19:
        return followers
    known = count(followers, "Followers at Posting", most=MOST_VIEWS)
    return known or count(likes, "Likes at Posting", most=MOST_VIEWS)


class CrowdTangleInstagram(_CrowdTangle):
    """Posts of Instagram accounts; an account is known by its user name, the export has no id."""

    source: ClassVar[str] = "crowdtangle-instagram"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("Account",),
        ("User Name",),
        ("Post Created", "Created"),
        ("Type",),
        ("Likes",),
        ("Comments",),
        ("URL",),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.facts = cells_of(
            self.header,
            ("Account", "User Name", "URL", self.created, "Type", "Followers at Posting"),
        )
        self.printed_counts = cells_of(
            self.header,
            ("Likes", "Comments", "Views", "Total Interactions", "Like and View Counts Disabled"),
        )
        self.texts = cells_of(self.header, _INSTAGRAM_TEXTS)
        self.describes(_INSTAGRAM_TEXTS)

    def row(self, cells: list[str]) -> PostRow:
        name, handle, url, created, type_, followers = self.facts(cells)
        post_id = url.rstrip("/").rpartition("/")[2]
        if not POST_ID.fullmatch(post_id) or "/" not in url:
            raise UnreadableRow("no_post_id", "URL", value=url)
        account = self._numbers.get(("instagram", "", handle))
        if account is None:
            account = self.number_of(
                AccountSeen(
                    "instagram",
                    "profile",
                    "",
                    fits(handle.strip(), "User Name", 200),
                    (name.strip() or handle)[:300],
                    f"https://www.instagram.com/{handle}/",
                )
            )
        likes, comments, views = self._counters(*self.printed_counts(cells))
        return PostRow._make(
            (
                account,
                None,
                post_id,
                type_ if len(type_) <= 40 else fits(type_, "Type", 40),
                self.instant(created, self.created),
                *self.texts(cells),
                count(followers, "Followers at Posting", most=MOST_VIEWS),
                likes,
                *(None,) * 7,  # Instagram has likes and no other reactions
                comments,
                None,
                views,
                None,
            )
        )

    def _counters(
        self, likes: str, comments: str, views: str, total: str, hidden: str
    ) -> tuple[str | None, str | None, str | None]:
        """Likes, comments, views. Hidden likes and views are missing, though 0 is printed."""
        known = count(comments, "Comments")
        if hidden.lower() == "true":
            return None, known, None
        liked = count(likes, "Likes")
        if liked is not None and known is not None:
            sum_of_parts = int(liked) + int(known)
            if total and total != str(sum_of_parts) and not is_the_total(total, sum_of_parts):
                raise UnreadableRow(
                    "total_mismatch", "Total Interactions", total=total, sum=sum_of_parts
                )
        return liked, known, count(views, "Views", most=MOST_VIEWS)
