"""What a report holds: words and pictures, in the order in which they are printed.

A pair is a word and what it says: ``("Posts", "1,065")``. A column is a word and whether it holds
numbers.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Pair = tuple[str, str]
Column = tuple[str, bool]


@dataclass(frozen=True)
class ChartPart:
    """A chart: its caption, its head figures, its figure (Plotly's), its table as shown."""

    number: int
    caption: str
    note: str
    heads: list[Pair]
    figure: Mapping[str, Any]
    columns: list[Column]
    rows: list[list[str]]
    more: str
    base: str


@dataclass(frozen=True)
class PostPart:
    """A top post as a card."""

    rank: int
    author: str
    published: str
    text: str
    translation: str
    counters: list[Pair]
    address: str


@dataclass(frozen=True)
class PicturePart:
    """A picture that may be published, PNG, JPEG or WebP, with the SHA-256 of its bytes."""

    content: bytes
    media_type: str
    caption: str
    sha256: str


@dataclass(frozen=True)
class CasePart:
    """A documented example."""

    label: str
    kind: str
    title: str
    quote: str
    translation: str
    explanation: str
    facts: list[Pair]
    pictures: list[PicturePart] = field(default_factory=list)


@dataclass(frozen=True)
class TablePart:
    """A table with its caption, and what has to be said under it."""

    caption: str
    columns: list[Column]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The whole report in one language.

    ``notice`` is the project's own (such as “reconstructed”), or empty: it stands on every page.
    ``facts`` are those of the title page; ``made_at`` is an aware time.
    """

    language: str
    title: str
    country: str
    period: str
    notice: str
    facts: list[Pair]
    made_at: datetime.datetime
    findings: list[tuple[str, list[str]]]
    charts: list[tuple[str, list[ChartPart]]]
    top_posts: list[tuple[str, list[PostPart]]]
    advertising: list[TablePart]
    cases: list[CasePart]
    methodology: list[str]
    agreement: TablePart | None
    actors: list[TablePart]
    codebook: str
    topics: list[str]

    @property
    def all_charts(self) -> list[ChartPart]:
        return [part for _platform, parts in self.charts for part in parts]
