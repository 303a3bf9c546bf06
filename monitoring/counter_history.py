"""How a post's counters grew, and which reading is reported. Plain values in, plain values out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


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


def points(
    readings: Sequence[Reading], *, width: float, height: float
) -> list[tuple[float, float]]:
    """Where each reading stands in a drawing from 0, by time and by interactions."""
    if not readings:
        return []
    first, last = readings[0].at, readings[-1].at
    span = (last - first).total_seconds() or 1.0
    most = max(reading.interactions for reading in readings) or 1
    return [
        (
            round(width * (reading.at - first).total_seconds() / span, 1),
            round(height - height * reading.interactions / most, 1),
        )
        for reading in readings
    ]
