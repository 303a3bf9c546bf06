"""How a post's counters grew, and which reading is reported. Plain values in, plain values out."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitoring.interactions import REACTIONS

_GROUPS = {
    **dict.fromkeys(REACTIONS, "reactions"),
    "comments": "comments",
    "shares": "shares",
}


@dataclass(frozen=True)
class Reading:
    """The interactions of a post at one moment, and the import that said so."""

    at: datetime.datetime
    interactions: int
    import_id: int
    file_name: str
    counters: tuple[tuple[str, int], ...] = ()
    # Whether an earlier reading was greater: people took back reactions, or comments were deleted.
    fell: bool = False
    is_reported: bool = False
    # Of reactions, comments and shares those that other readings have and this one hides: its sum
    # is no less for it, only not to be compared with theirs.
    hidden: tuple[str, ...] = ()


def hidden_groups(
    readings: Sequence[Mapping[str, int]], counted: Iterable[str]
) -> list[tuple[str, ...]]:
    """For each reading, given as its known counters, what it hides of those that are counted.

    Kinds of reactions are one: an export may give them as a sum.
    """
    counted = set(counted)
    shown = [{_GROUPS[name] for name in one if name in counted} for one in readings]
    every = set().union(*shown)
    return [tuple(sorted(every - one)) for one in shown]


def points(
    readings: Sequence[Reading], *, width: float, height: float
) -> list[tuple[float, float]]:
    """Where each reading stands in a drawing from 0, by time and by interactions.

    One alone stands in the middle; one that hides something, which has no height, on the ground.
    """
    if not readings:
        return []
    first, last = readings[0].at, readings[-1].at
    span = (last - first).total_seconds()
    most = max((one.interactions for one in readings if not one.hidden), default=0) or 1
    return [
        (
            round(width * (one.at - first).total_seconds() / span if span else width / 2, 1),
            round(height if one.hidden else height - height * one.interactions / most, 1),
        )
        for one in readings
    ]
