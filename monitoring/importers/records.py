"""What readers hand on: posts, lines of ad reports, actors, and rows that could not be read."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple


class AccountSeen(NamedTuple):
    """An account as a row names it; empty strings where the export does not say."""

    platform: str
    kind: str
    native_id: str
    handle: str
    name: str
    url: str


class PostRow(NamedTuple):
    """One post of an export, in the order and form in which it is copied to the database.

    Counters are digits as printed, or None where the export does not give them. Moments are ISO
    8601 with an offset; ``observed_at`` is None where the whole file was taken at one moment.
    """

    account: str  # its place in Parsed.accounts, in digits
    observed_at: str | None
    native_id: str
    type: str
    published_at: str
    text: str
    url: str
    link: str
    link_text: str
    link_description: str
    image_text: str
    media_url: str
    sponsor: str
    followers: str | None
    likes: str | None
    love: str | None
    wow: str | None
    haha: str | None
    sad: str | None
    angry: str | None
    care: str | None
    other_reactions: str | None
    comments: str | None
    shares: str | None
    views: str | None
    views_total: str | None


class AdRow(NamedTuple):
    """One line of an ad report; amounts in whole units of ``currency``, as bounds."""

    kind: str
    country: str  # of the report, in two capitals
    page_id: str
    page_name: str
    location: str
    disclaimer: str
    currency: str
    spend_lower: int
    spend_upper: int | None
    ads: int | None
    covers_from: datetime.date
    covers_to: datetime.date


class AdSeen(NamedTuple):
    """One ad of the Ad Library API; amounts in whole units of ``currency``, None where unknown."""

    native_id: str
    page_id: str
    page_name: str
    disclaimer: str
    text: str
    platforms: tuple[str, ...]
    currency: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    spend_lower: int
    spend_upper: int | None
    impressions_lower: int | None
    impressions_upper: int | None


class ActorRow(NamedTuple):
    """One line of the list of actors: an actor and, unless the cells are empty, an account."""

    actor: str
    category: str
    platform: str
    kind: str
    handle: str
    native_id: str
    display_name: str
    url: str
    aliases: tuple[str, ...]


class BadRow(NamedTuple):
    """A record that could not be read; ``line`` counts the header as line 1."""

    line: int
    column: str
    code: str
    reason: str
    record: str


@dataclass(frozen=True)
class PostBlock:
    """Posts in columns of equal length, which are in the order of ``PostRow``."""

    columns: tuple[Sequence[Any], ...]

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[PostRow]:
        return map(PostRow._make, zip(*self.columns, strict=True))


@dataclass(frozen=True)
class Parsed:
    """What became of a run of records: each was made into a row, or is bad."""

    accounts: list[AccountSeen]
    blocks: list[list[Any] | PostBlock]  # of rows
    bad: list[BadRow]

    @property
    def rows(self) -> list[Any]:
        return [*chain.from_iterable(self.blocks)]

    @property
    def records(self) -> int:
        return sum(map(len, self.blocks)) + len(self.bad)
