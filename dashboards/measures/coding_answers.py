"""Answers about what was coded: final codings only."""

from collections import defaultdict
from collections.abc import Collection, Container
from functools import cached_property
from typing import Any

from dashboards.measures import sources
from dashboards.measures.background import Background
from dashboards.measures.directory import Key, Where, account_part, key_of, values_of
from dashboards.measures.rows import Result, Row, sorted_rows
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import ACCOUNT_DIMENSIONS, COUNTER_MEASURES, MEASURES
from monitoring.models import Period


class CodingAnswers:
    """Answers made of final codings; who was covered in which tone is fetched once per period."""

    def __init__(self, background: Background) -> None:
        self.background = background
        self._found: dict[tuple[Any, ...], list[Row]] = {}

    @cached_property
    def _unsettled(self) -> dict[int, int]:
        found = self.background.memory_of_codings.rows(
            "unsettled_posts", lambda: sources.unsettled_posts(project=self.background.project)
        )
        return {row["account"]: row["value"] for row in found}

    def ask(self, measure: str, by: tuple[str, ...], where: Where, period: Period) -> Result:
        accounts = {row.id: row for row in self.background.directory.accounts_where(where)}
        columns = tuple(name for name in by if name not in ACCOUNT_DIMENSIONS)
        counted: dict[Key, int] = defaultdict(int)
        if not by:
            counted[()] = 0
        elif set(by) <= {"account", "actor"}:
            for account in accounts.values():
                counted[key_of(account, by)] = 0
        for row in self._coded(measure, columns, where, period):
            publisher = accounts.get(row["account"])
            if publisher:
                key = tuple(
                    account_part(publisher, name) if name in ACCOUNT_DIMENSIONS else row[name]
                    for name in by
                )
                counted[key] += row["value"]
        rows = [
            self.background.described(by, key) | {"value": value} for key, value in counted.items()
        ]
        is_counter = measure in COUNTER_MEASURES
        base = self.background.base(
            MEASURES[measure],
            where,
            period,
            "analysed",
            n=self._posts(where, period, accounts) if is_counter else sum(counted.values()),
            unsettled=sum(self._unsettled.get(account, 0) for account in accounts),
        )
        return Result(measure, by, sorted_rows(rows, by, "value"), base)

    def _posts(self, where: Where, period: Period, accounts: Container[int]) -> int:
        """The coded posts that the filters leave; by topic a post counts in each of its topics."""
        found = self._coded("codings", (), where, period)
        return sum(row["value"] for row in found if row["account"] in accounts)

    def _coded(
        self, measure: str, columns: tuple[str, ...], where: Where, period: Period
    ) -> list[Row]:
        """Counts by account and ``columns``; about and tone are fetched together, once."""
        wanted = self._wanted(where, period)
        together = {"about", "tone"}
        if measure == "mentions" and {*columns, *wanted} <= together:
            return [
                row
                for row in self._fetched(measure, period, ("account", "about", "tone"), {})
                if all(row[name] in values for name, values in wanted.items())
            ]
        return self._fetched(measure, period, ("account", *columns), wanted)

    def _wanted(self, where: Where, period: Period) -> dict[str, tuple[Any, ...]]:
        """What the filters on answers, posts and days leave, by filter."""
        found: dict[str, Collection[Any] | None] = {
            name: values_of(where, name) for name in ("tone", "topic", "flag", "type", "language")
        }
        found["about"] = self.background.about(where)
        found["day"] = self.background.days_where(where, period)
        return {name: tuple(sorted(v)) for name, v in found.items() if v is not None}

    def _fetched(
        self,
        measure: str,
        period: Period,
        columns: tuple[str, ...],
        wanted: dict[str, tuple[Any, ...]],
    ) -> list[Row]:
        key = (measure, period.key, columns, *sorted(wanted.items()))
        if key not in self._found:
            question: dict[str, Any] = {
                "measure": measure,
                "window": Window(period.start, period.end),
                "columns": columns,
                "wanted": wanted,
            }
            self._found[key] = self.background.memory_of_codings.rows(
                ("answers", question),
                lambda: sources.answers(project=self.background.project, **question),
            )
        return self._found[key]
