"""Rows of answers, and their order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboards.measures.base import Base
from dashboards.measures.directory import Key, Where

Row = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """Rows, sorted by value and then by name, and what they rest on."""

    measure: str
    by: tuple[str, ...]
    rows: list[Row]
    base: Base
    # The rest of the question: who asks for the posts behind a row asks it again.
    where: Where = field(default_factory=dict)
    period: str = "entire"
    scope: str = "all"

    @cached_property
    def total(self) -> Any:
        """The sum over the rows."""
        return sum(row["value"] or 0 for row in self.rows)

    @property
    def value(self) -> Any:
        """The one value of a question without dimensions."""
        return self.rows[0]["value"]


def identity(row: Row, by: Iterable[str]) -> Key:
    """What makes a row the same row in another answer: ids where names may repeat."""
    return tuple(row.get(f"{name}_id", row[name]) for name in by)


def sorted_rows(rows: list[Row], by: tuple[str, ...], measure: str) -> list[Row]:
    """Largest first; equal ones by name; ones without any value last."""

    def place(row: Row) -> tuple[Any, ...]:
        value = row[measure] if row[measure] is not None else row.get("low")
        names = [str(row[name]).casefold() for name in by]
        return (value is None, -(value or 0), *names)

    return sorted(rows, key=place)


def compared(now: list[Row], then: list[Row], by: tuple[str, ...]) -> list[Row]:
    """Rows of both answers with ``before`` and ``change``; a count missing from one is 0 there."""
    before = {identity(row, by): row for row in then}
    known = {identity(row, by) for row in now}
    nothing = [{**row, "value": 0} for row in then if identity(row, by) not in known]
    rows = []
    for row in [*now, *nothing]:
        earlier = before.get(identity(row, by), {"value": 0})["value"]
        change = None if row["value"] is None or earlier is None else row["value"] - earlier
        percent = 100 * change / earlier if change is not None and earlier else None
        rows.append({**row, "before": earlier, "change": change, "change_percent": percent})
    return rows
