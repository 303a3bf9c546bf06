"""Answers about what was coded: final codings only."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from dashboards.measures import sources
from dashboards.measures.background import Background
from dashboards.measures.directory import Where, values_of
from dashboards.measures.rows import Key, Result, Row, account_part, key_of, sorted_rows
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import ACCOUNT_DIMENSIONS, MEASURES
from monitoring.models import Period


class CodingAnswers:
    """Answers made of final codings; who was covered in which tone is fetched once per period."""

    def __init__(self, background: Background) -> None:
        self.background = background
        self._found: dict[tuple[Any, ...], list[Row]] = {}

    @cached_property
    def _unsettled(self) -> dict[int, int]:
        found = sources.unsettled_posts(project=self.background.project)
        return {row["account"]: row["value"] for row in found}

    def ask(self, measure: str, by: tuple[str, ...], where: Where, period: Period) -> Result:
        if "period" in by:
            return self._by_period(measure, by, where)
        accounts = {row.id: row for row in self.background.directory.accounts_where(where)}
        columns = tuple(name for name in by if name not in ACCOUNT_DIMENSIONS)
        found = self._coded(measure, columns, where, period)
        counted: dict[Key, int] = defaultdict(int)
        if not by:
            counted[()] = 0
        elif set(by) <= {"account", "actor"}:
            for account in accounts.values():
                counted[key_of(account, by)] = 0
        for row in found:
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
        base = self.background.base(
            MEASURES[measure],
            where,
            period,
            "analysed",
            n=sum(counted.values()),
            unsettled=sum(self._unsettled.get(account, 0) for account in accounts),
        )
        return Result(measure, by, sorted_rows(rows, by, "value"), base)

    def _by_period(self, measure: str, by: tuple[str, ...], where: Where) -> Result:
        rows = []
        rest = tuple(name for name in by if name != "period")
        for key, period in self.background.periods.items():
            result = self.ask(measure, rest, where, period)
            rows += [{"period": key, **row} for row in result.rows]
        return Result(measure, by, sorted_rows(rows, by, "value"), result.base)

    def _coded(
        self, measure: str, columns: tuple[str, ...], where: Where, period: Period
    ) -> list[Row]:
        """Counts by account and ``columns``; about and tone are fetched together, once."""
        about = self._about(where)
        tones, topics, flags = (values_of(where, name) for name in ("tone", "topic", "flag"))
        together = ("about", "tone")
        if (
            measure == "mentions"
            and topics is None
            and flags is None
            and set(columns) <= {*together}
        ):
            found = self._fetched(measure, period, columns=("account", *together))
            return [
                row
                for row in found
                if (about is None or row["about"] in about)
                and (tones is None or row["tone"] in tones)
            ]
        return self._fetched(
            measure,
            period,
            columns=("account", *columns),
            about=None if about is None else tuple(sorted(about)),
            tones=None if tones is None else tuple(sorted(tones)),
            topics=None if topics is None else tuple(sorted(topics)),
            flags=None if flags is None else tuple(sorted(flags)),
        )

    def _fetched(self, measure: str, period: Period, **question: Any) -> list[Row]:
        key = (measure, period.key, *sorted(question.items(), key=lambda item: item[0]))
        if key not in self._found:
            self._found[key] = sources.answers(
                project=self.background.project,
                measure=measure,
                window=Window(period.start, period.end),
                **question,
            )
        return self._found[key]

    def _about(self, where: Where) -> frozenset[int] | None:
        names = values_of(where, "about")
        categories = values_of(where, "about_category")
        if names is None and categories is None:
            return None
        return frozenset(
            actor.id
            for actor in self.background.directory.actors.values()
            if (names is None or actor.name in names)
            and (categories is None or actor.category in categories)
        )
