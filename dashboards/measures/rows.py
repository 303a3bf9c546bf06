"""Rows of answers, and their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dashboards.measures.base import Base
from dashboards.measures.directory import AccountEntry, ActorEntry

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """Rows, sorted by value and then by name, and what they rest on."""

    measure: str
    by: tuple[str, ...]
    rows: list[Row]
    base: Base

    @property
    def total(self) -> Any:
        """The sum over the rows."""
        return sum(row["value"] or 0 for row in self.rows)

    @property
    def value(self) -> Any:
        """The one value of a question without dimensions."""
        return self.rows[0]["value"]


def actor_part(actor: ActorEntry, dimension: str) -> Any:
    return actor.id if dimension == "actor" else actor.category


def account_part(account: AccountEntry, dimension: str) -> Any:
    if dimension == "account":
        return account.id
    if dimension == "platform":
        return account.platform
    return actor_part(account.actor, dimension)


def key_of(account: AccountEntry, by: Iterable[str]) -> Key:
    """Where an account's posts go in an answer by these dimensions."""
    return tuple(account_part(account, dimension) for dimension in by)


def sorted_rows(rows: list[Row], by: tuple[str, ...], measure: str) -> list[Row]:
    """Largest first; equal ones by name; ones without any value last."""

    def place(row: Row) -> tuple[Any, ...]:
        value = row[measure] if row[measure] is not None else row.get("low")
        names = [str(row[name]).casefold() for name in by]
        return (value is None, -(value or 0), *names)

    return sorted(rows, key=place)
