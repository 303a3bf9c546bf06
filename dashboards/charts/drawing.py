"""What a chart is once it is computed: head figures, a table, a figure, and their base."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.utils.functional import Promise

from dashboards.measures import Base, Result
from dashboards.measures.vocabulary import AD_MEASURES, DERIVED_MEASURES, is_about_codings

Text = str | Promise
# What is filtered by its id, because names repeat.
BY_ID = ("account", "advertiser")
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a chart's table; ``key`` is its name in the CSV."""

    key: str
    label: Text
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """A value as it is exported, and as it is printed."""

    value: Any
    shown: str
    is_number: bool = True


@dataclass(frozen=True)
class Head:
    """A head figure: what it is, in words and in a number, with the exact one where it is short."""

    label: Text
    shown: str
    exact: str = ""


@dataclass(frozen=True)
class Behind:
    """Which posts, or ads, are behind each row of the table and each mark of the figure.

    ``question`` is what all have in common (measure, filters, period, scope); ``rows`` and
    ``marks`` (a list per trace, or per line of a heat map) hold what each adds to it, None where
    there is nothing to see.
    """

    question: Words = field(default_factory=dict)
    rows: list[Words | None] = field(default_factory=list)
    marks: list[list[Words | None]] = field(default_factory=list)

    @property
    def tells_codings(self) -> bool:
        """Whether the list would say how single posts were coded."""
        words = {**self.question, **next((row for row in self.rows if row), {})}
        return is_about_codings(measure=words.get("measure", "posts"), by=(), where=words)

    @property
    def is_of_ads(self) -> bool:
        return self.question.get("measure") in AD_MEASURES

    @cached_property
    def common(self) -> str:
        """What all have in common, as a query string."""
        return _encoded(self.question)

    def query(self, added: Words) -> str:
        """The whole question as a query string."""
        if self.question.keys().isdisjoint(added):
            return f"{self.common}&{_encoded(added)}"
        return _encoded({**self.question, **added})

    def added(self, mark: Words | None) -> str | None:
        """What a mark adds, as a query string: its words win over those of the question."""
        return None if mark is None else _encoded(mark)


# A page has thousands of marks, of a few hundred names.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def _encoded(words: Words) -> str:
    """As a query string."""
    return "&".join(
        f"{_quoted(key)}={_quoted(str(one))}"
        for key, value in words.items()
        for one in (value if isinstance(value, list | tuple) else [value])
    )


def behind_rows(result: Result, *, marks: int = 1) -> Behind:
    """The posts or ads of each row of an answer; ``marks`` traces have a mark per row."""
    rows: list[Words | None] = [words_of(result, row) for row in result.rows]
    return Behind(question_of(result), rows, [rows] * marks)


def question_of(result: Result) -> dict[str, Any]:
    """The question of an answer as its parameters, without its dimensions."""
    measure = "posts" if result.measure in DERIVED_MEASURES else result.measure
    where = {
        key: value if isinstance(value, str) else [*value] for key, value in result.where.items()
    }
    return {"measure": measure, **where, "period": result.period, "scope": result.scope}


def words_of(result: Result, row: Words) -> dict[str, Any]:
    """The filters that leave of a question what one row counts."""
    return {name: row[f"{name}_id"] if name in BY_ID else row[name] for name in result.by}


@dataclass(frozen=True)
class Drawing:
    """A chart's content. The figure is Plotly's; its colours are roles such as ``role:accent``."""

    columns: list[Column]
    rows: list[list[Cell]]
    figure: dict[str, Any]
    base: Base
    heads: list[Head] = field(default_factory=list)
    behind: Behind = field(default_factory=Behind)
    # The days it is of, for its title, where they are its own and no period of the project.
    days: str = ""

    @property
    def hash(self) -> str:
        """Changes when anything a reader sees changes."""
        seen = json.dumps(
            [
                self.figure,
                [[cell.shown for cell in row] for row in self.rows],
                [[head.shown, head.exact] for head in self.heads],
                str(self.base),
            ],
            sort_keys=True,
            default=str,
        )
        return hashlib.sha256(seen.encode()).hexdigest()[:16]
