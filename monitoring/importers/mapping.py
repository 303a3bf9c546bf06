"""Which column of an unknown table is what: said by a person once, used for every such table.

As TOML, for ``import_file --mapping``:

    platform = "telegram"
    dates = "dmy"
    [columns]
    published = "Дата"
    url = "Ссылка"
    text = "Текст"
    views = "Просмотры"
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any, NamedTuple

from monitoring.importers.internal import NUMBER
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.times import ORDERS
from monitoring.interactions import COUNTERS, PLATFORMS

# What a column may be; the counters follow the description of the post.
DESCRIPTION = (
    "published",
    "url",
    "post_id",
    "text",
    "account",
    "handle",
    "account_id",
    "platform",
    "type",
    "link",
    "followers",
)
FIELDS = (*DESCRIPTION, "reactions", *(name for name in COUNTERS if name != "other_reactions"))
KINDS = ("", "page", "group", "profile", "channel")


class Mapping(NamedTuple):
    """Fields and the columns they are read from, and what holds for all rows."""

    columns: dict[str, str]
    platform: str = ""  # where no column and no address says it
    kind: str = ""
    dates: str = ""  # the order of day and month in 07/01/2026: one of times.ORDERS

    def as_dict(self) -> dict[str, Any]:
        return self._asdict()

    def lacking(self) -> list[str]:
        """The questions that are left open: published, post, account, platform."""
        said = set(self.columns) | ({"platform"} if self.platform else set())
        return [question for question, answers in _QUESTIONS.items() if said.isdisjoint(answers)]

    def check(self, header: Sequence[str]) -> None:
        """Raises UnreadableFile where rows of such a table could not be read."""
        absent = [name for name in self.columns.values() if name not in header]
        if absent:
            raise UnreadableFile("mapping_columns", columns=", ".join(absent))
        if lacking := self.lacking():
            needed = " / ".join(_QUESTIONS[lacking[0]])
            raise UnreadableFile("mapping_incomplete", question=lacking[0], columns=needed)


# What must be known of each post, and the fields of which one must tell it.
_QUESTIONS = {
    "published": ("published",),
    "post": ("url", "post_id"),
    "account": ("account", "handle", "account_id", "url"),
    "platform": ("platform", "url"),
}


def mapping_of(said: AnyMapping[str, Any]) -> Mapping:
    """A mapping from what was stored or sent. Raises UnreadableFile for unknown words."""
    columns = said.get("columns")
    if not isinstance(columns, dict):
        raise UnreadableFile("mapping_words", words="columns")
    unknown = sorted(set(said) - set(Mapping._fields) | set(columns) - set(FIELDS))
    platform, kind = str(said.get("platform", "")), str(said.get("kind", ""))
    dates = str(said.get("dates", ""))
    if platform and platform not in PLATFORMS:
        unknown.append(platform)
    unknown += [
        word for word, words in ((kind, KINDS), (dates, ("", *ORDERS))) if word not in words
    ]
    if unknown:
        raise UnreadableFile("mapping_words", words=", ".join(unknown))
    return Mapping({str(k): str(v) for k, v in columns.items()}, platform, kind, dates)


def mapping_from_toml(text: str) -> Mapping:
    """Raises UnreadableFile."""
    try:
        return mapping_of(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise UnreadableFile("mapping_toml", problem=str(problem)) from None


def fingerprint(header: Sequence[str]) -> str:
    """Tables with these columns, in whatever order, are explained by one mapping."""
    names = sorted(name for name in header if name and name != NUMBER)
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()
