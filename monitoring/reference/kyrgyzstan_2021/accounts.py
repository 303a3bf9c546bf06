"""The monitored accounts: who publishes where, and what is assumed where nothing is printed."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent


@dataclass(frozen=True)
class Account:
    """One page, group or profile. ``posts`` and ``interactions`` are None where printed."""

    actor: str
    category: str
    platform: str
    kind: str
    handle: str
    native_id: str
    name: str
    url: str
    aliases: tuple[str, ...]
    posts: int | None
    # The weight by which it shares in what its category drew, where its own sum is not printed.
    interactions: int | None
    # In the middle of the monitoring; members for a group.
    followers: int
    # How many of the category's 200 sampled posts on the platform are its own.
    sampled: int
    languages: tuple[tuple[str, int], ...]
    # 1, or 2 for the second page of an actor: the report's "(1)" and "(2)".
    place: int

    @property
    def key(self) -> str:
        """What the platform's exports know it by."""
        return self.native_id or self.handle

    @property
    def surface(self) -> str:
        """The platform as the published figures name it; pages and groups are two."""
        return "instagram" if self.platform == "instagram" else f"facebook_{self.kind}"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file of this package."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def read_accounts() -> list[Account]:
    """The accounts of ``actors.csv``, in its order, with what ``inferences.csv`` adds."""
    inferred = {(row["platform"], row["account"]): row for row in rows("inferences.csv")}
    accounts: list[Account] = []
    for row in rows("actors.csv"):
        extra = inferred[row["platform"], row["native_id"] or row["handle"]]
        same = [a for a in accounts if (a.actor, a.platform) == (row["actor"], row["platform"])]
        accounts.append(_account(row, extra, place=len(same) + 1))
    return accounts


def _account(row: dict[str, str], extra: dict[str, str], *, place: int) -> Account:
    return Account(
        actor=row["actor"],
        category=row["category"],
        platform=row["platform"],
        kind=row["kind"],
        handle=row["handle"],
        native_id=row["native_id"],
        name=row["display_name"],
        url=row["url"],
        aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
        posts=_whole(extra["posts"]),
        interactions=_whole(extra["interactions"]),
        followers=int(extra["followers"]),
        sampled=_whole(extra["sampled"]) or 0,
        languages=tuple(_share(part) for part in extra["languages"].split()),
        place=place,
    )


def _whole(cell: str) -> int | None:
    return int(cell) if cell else None


def _share(part: str) -> tuple[str, int]:
    language, _, weight = part.partition(":")
    return language, int(weight or 1)
