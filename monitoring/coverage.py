"""Is an account silent, or was nothing asked of it? Days that exports cover, and days they do not.

Plain values in, plain values out. An account with zero posts is a finding only where an export
covered it (METHOD 2): a day is *active* where it has posts, *silent* where an export covers it and
has none, *missing* where no export covers it. A day that is not over is none of these yet: no
export can hold the whole of it.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

DAY = datetime.timedelta(days=1)
Days = tuple[datetime.date, datetime.date]


class State(StrEnum):
    """What is known of an account in some days."""

    ACTIVE = "active"
    SILENT = "silent"
    MISSING = "missing"
    PARTLY = "partly"  # some of the days are missing
    AHEAD = "ahead"  # the days are not over yet


class Gap(NamedTuple):
    """Days, both inclusive, of which no export says anything."""

    start: datetime.date
    end: datetime.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Cell:
    """Some days of an account: its posts, and how many of the days no export covers."""

    start: datetime.date
    end: datetime.date
    posts: int
    missing: int
    is_ahead: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def state(self) -> State:
        if self.is_ahead:
            return State.AHEAD
        if self.missing and not self.posts and self.missing == self.days:
            return State.MISSING
        if self.missing:
            return State.PARTLY
        return State.ACTIVE if self.posts else State.SILENT


def merged(covered: Iterable[Days]) -> list[Days]:
    """The same days as runs that neither touch nor overlap, the earliest first."""
    runs: list[Days] = []
    for start, end in sorted(covered):
        if runs and start <= runs[-1][1] + DAY:
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return runs


def gaps(covered: Iterable[Days], *, start: datetime.date, end: datetime.date) -> list[Gap]:
    """The runs of days from ``start`` to ``end``, both inclusive, that are not covered."""
    found, day = [], start
    for first, last in merged(covered):
        if last < day:
            continue
        if first > end:
            break
        if first > day:
            found.append(Gap(day, first - DAY))
        day = last + DAY
    if day <= end:
        found.append(Gap(day, end))
    return found


def columns(start: datetime.date, end: datetime.date, *, by_week: bool) -> list[Days]:
    """The days, or the weeks from Monday cut at both ends, from ``start`` to ``end``."""
    found, day = [], start
    while day <= end:
        last = min(end, day + (6 - day.weekday()) * DAY) if by_week else day
        found.append((day, last))
        day = last + DAY
    return found


def cells(
    posts: Mapping[datetime.date, int],
    missing: Sequence[Gap],
    parts: Sequence[Days],
    *,
    today: datetime.date,
) -> Iterator[Cell]:
    """An account's row: a cell for each of the ``parts``; ``posts`` by the first day of each."""
    for start, end in parts:
        count = posts.get(start, 0)
        if start >= today:
            yield Cell(start, end, count, 0, is_ahead=True)
            continue
        last = min(end, today - DAY)
        lost = sum(max(0, (min(last, gap.end) - max(start, gap.start)).days + 1) for gap in missing)
        yield Cell(start, last, count, lost)
