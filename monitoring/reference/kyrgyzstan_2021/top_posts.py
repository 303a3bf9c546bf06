"""The posts that the report itself shows, and the examples its last chapter quotes."""

import datetime
import tomllib
from dataclasses import dataclass
from typing import Any

from monitoring.reference.kyrgyzstan_2021.accounts import DATA, Account

START = datetime.datetime(2020, 11, 19)  # noqa: DTZ001  wall-clock time of Bishkek throughout


@dataclass(frozen=True)
class TopPost:
    """A post with known counters; ``text`` is empty where the report does not print it."""

    actor: str
    platform: str
    second: int
    type: str
    length: str
    counters: dict[str, int]
    topics: tuple[str, ...]
    text: str
    subject: str


@dataclass(frozen=True)
class Example:
    """A post quoted in the chapter on disinformation, with the report's judgement of it."""

    text: str
    translation: str
    type: str
    flags: tuple[str, ...]
    topics: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]


def read_toml(name: str) -> dict[str, Any]:
    """A TOML file of this package."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def read_top_posts() -> list[TopPost]:
    return [_top_post(table) for table in read_toml("top_posts.toml")["posts"]]


def read_examples() -> list[Example]:
    return [
        Example(
            text=table["text"],
            translation=table["translation"],
            type=table["type"],
            flags=tuple(table["flags"]),
            topics=tuple(table["topics"]),
            mentions=tuple((actor, tone) for actor, tone in table["mentions"]),
        )
        for table in read_toml("documented_examples.toml")["examples"]
    ]


def tops_of(account: Account, top_posts: list[TopPost]) -> list[TopPost]:
    """The account's known posts; a silent second page has none."""
    if account.posts == 0:
        return []
    mine = (account.actor, account.platform)
    return [post for post in top_posts if (post.actor, post.platform) == mine]


def _top_post(table: dict[str, Any]) -> TopPost:
    return TopPost(
        actor=table["actor"],
        platform=table["platform"],
        second=int((table["published"] - START).total_seconds()),
        type=table["type"],
        length=str(table.get("length", "")),
        counters=table["counters"],
        topics=tuple(table.get("topics", ())),
        text=table.get("text", ""),
        subject=table.get("subject", ""),
    )
