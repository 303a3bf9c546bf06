"""Answers about posts: from daily totals, never from the posts themselves."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from dashboards.measures import sources
from dashboards.measures.background import Background
from dashboards.measures.directory import Key, Where, values_of
from dashboards.measures.rows import Result, Row, sorted_rows
from dashboards.measures.sources import Window
from dashboards.measures.vocabulary import ACCOUNT_DIMENSIONS, MEASURES, MOMENTS
from monitoring.models import Period

# What derived measures are made of.
_PARTS = {
    "share": (),
    "avg_weekly_posts": (),
    "avg_daily_interactions": ("interactions",),
    "daily_interaction_rate": (),
}


def sums_for(measures: Sequence[str]) -> tuple[str, ...]:
    """The sums that the measures need; posts and provisional ones are for the base."""
    parts = [part for measure in measures for part in _PARTS.get(measure, (measure,))]
    return tuple(dict.fromkeys(["posts", "provisional_posts", *parts]))


class Group:
    """The accounts of one row and what their posts add up to."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.sums: Row = dict.fromkeys(names, 0)
        self.accounts = 0
        self.rates: list[Decimal] = []

    def add(self, totals: Row | None) -> None:
        """Add an account, with what its posts add up to if it has any."""
        self.accounts += 1
        if totals is None:
            return
        for name in self.sums:
            self.sums[name] += totals[name]
        # Of languages no rates are kept.
        if totals.get("rated_posts"):
            self.rates.append(totals["rate_sum"] / totals["rated_posts"])

    def value(self, measure: str, period: Period, all_posts: int) -> Any:
        """A counter as an integer; a derived measure as a float, None where it is undefined."""
        if measure in self.sums:
            return int(self.sums[measure])
        if measure == "share":
            return float(100 * self.sums["posts"] / all_posts) if all_posts else None
        if not self.accounts:
            return None
        if measure == "avg_weekly_posts":
            return float(self.sums["posts"] / self.accounts / period.started_weeks)
        if measure == "avg_daily_interactions":
            return float(self.sums["interactions"] / self.accounts / period.days)
        return float(sum(self.rates) / len(self.rates)) if self.rates else None


class PostAnswers:
    """Answers made of counters of posts; the sums per account are fetched once per period."""

    def __init__(self, background: Background) -> None:
        self.background = background
        self._totals: dict[tuple[str, str], dict[int, Row]] = {}

    def table(
        self,
        measures: Sequence[str],
        by: tuple[str, ...],
        where: Where,
        period: Period,
        scope: str,
    ) -> Result:
        groups = self._groups(by, where, period, scope, sums_for(measures))
        posts = sum(group.sums["posts"] for group in groups.values())
        provisional = sum(group.sums["provisional_posts"] for group in groups.values())
        rows = []
        for key, group in groups.items():
            row = self.background.described(by, key)
            for measure in measures:
                row[measure] = group.value(measure, period, posts)
            rows.append(row)
        base = self.background.base(
            MEASURES[measures[0]], where, period, scope, n=posts, provisional=provisional
        )
        return Result(measures[0], by, sorted_rows(rows, by, measures[0]), base)

    def _account_totals(self, period: Period, scope: str) -> dict[int, Row]:
        """All sums of every account over a period; most charts are made of this."""
        if (period.key, scope) not in self._totals:
            self._totals[period.key, scope] = (
                self._all_posts(period) if scope == "all" else self._analysed_posts(period)
            )
        return self._totals[period.key, scope]

    def _all_posts(self, period: Period) -> dict[int, Row]:
        window = Window(period.start, period.end)
        found = self.background.memory.rows(
            ("account_totals", window),
            lambda: sources.account_totals(project=self.background.project, window=window),
        )
        return {row["account"]: row for row in found}

    def _analysed_posts(self, period: Period) -> dict[int, Row]:
        """All posts of census categories; of the others those sampled for the category of today."""
        window = Window(period.start, period.end)
        found = self.background.memory.rows(
            ("sampled_totals", window),
            lambda: sources.sampled_totals(project=self.background.project, window=window),
        )
        sampled = {(row["account"], row["category"]): row for row in found}
        everything = self._account_totals(period, "all")
        totals = {}
        for account in self.background.directory.accounts.values():
            category = account.actor.category
            row = (
                sampled.get((account.id, category))
                if category in self.background.outline.sampled_categories
                else everything.get(account.id)
            )
            if row is not None:
                totals[account.id] = row
        return totals

    def _groups(
        self,
        by: tuple[str, ...],
        where: Where,
        period: Period,
        scope: str,
        sums: tuple[str, ...],
    ) -> dict[Key, Group]:
        if set(by) <= set(ACCOUNT_DIMENSIONS):
            keys, accounts = self.background.directory.placed(by, where)
            groups = {key: Group(sums) for key in keys}
            totals = self._totals_where(where, period, scope)
            for account, key in accounts.items():
                groups[key].add(totals.get(account))
            return groups
        return self._detailed_groups(by, where, period, scope, sums)

    def _totals_where(self, where: Where, period: Period, scope: str) -> dict[int, Row]:
        """All sums of each account over what the filters on posts leave."""
        if not {"type", "language", *MOMENTS} & set(where):
            return self._account_totals(period, scope)
        _keys, found = self._post_totals(("account",), where, period, scope)
        accounts = self.background.directory.accounts_where(where)
        return {accounts[row["label"]].id: row for row in found}

    def _post_totals(
        self,
        who: tuple[str, ...],
        where: Where,
        period: Period,
        scope: str,
        *,
        time: str = "",
        by_kind: bool = False,
        kind: str = "",
    ) -> tuple[list[Key], list[Row]]:
        """Rows with the ``label`` of one of the keys, summed by the database."""
        kind = kind or ("language" if "language" in where else "type")
        kinds = values_of(where, kind)
        days = self.background.days_where(where, period)
        placed = self.background.directory.placed(who, where)
        number = {key: index for index, key in enumerate(placed.keys)}
        labels = {account: number[key] for account, key in placed.accounts.items()}
        question: dict[str, Any] = {
            "window": Window(period.start, period.end),
            "scope": scope,
            "labels": labels,
            "time": time,
            "kind": kind,
            "by_kind": by_kind,
            "kinds": None if kinds is None else sorted(kinds),
            "days": None if days is None else sorted(days),
        }
        found = self.background.memory.rows(
            ("post_totals", question),
            lambda: sources.post_totals(project=self.background.project, **question),
        )
        return placed.keys, found

    def _detailed_groups(
        self,
        by: tuple[str, ...],
        where: Where,
        period: Period,
        scope: str,
        sums: tuple[str, ...],
    ) -> dict[Key, Group]:
        """Groups by time, type or language."""
        who = tuple(name for name in by if name in ACCOUNT_DIMENSIONS)
        time = next((name for name in by if name in MOMENTS), "")
        kind = "language" if "language" in {*by, *where} else "type"
        keys, found = self._post_totals(
            who, where, period, scope, time=time, kind=kind, by_kind=kind in by
        )
        groups: dict[Key, Group] = defaultdict(partial(Group, sums))
        if by == ("day",):
            days = self.background.days_where(where, period)
            for number_of_day in range(period.days):
                day = period.start + datetime.timedelta(days=number_of_day)
                if days is None or day in days:
                    groups[(day,)].add(None)
        for row in found:
            parts = dict(zip(who, keys[row["label"]], strict=True))
            parts |= {time: row.get("time"), kind: row.get(kind)}
            groups[tuple(parts[name] for name in by)].add(row)
        return groups
