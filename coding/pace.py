"""How fast monitors work: too fast to have read, and when the rest will be done.

Source of the reading speed: Brysbaert, "How many words do we read per minute?" (2019): adults read
238 words of a text in a minute, about 24 letters a second. Who skims reads twice as many.
"""

import datetime
from enum import StrEnum
from typing import NamedTuple

LETTERS_A_SECOND = 48  # of somebody who skims
FAR_BELOW_THE_TEAM = 0.4
FEWEST_CODINGS = 20
WINDOW = datetime.timedelta(days=3)
# Of the first hours one cannot tell how long people work a day.
SHORTEST_WINDOW = datetime.timedelta(days=1)


class TooFast(StrEnum):
    """Why a monitor seems too fast to be right."""

    READING = "reading"
    TEAM = "team"


class Speed(NamedTuple):
    """Of the posts a monitor coded: how many have a time, the median of their active seconds, and
    of the seconds that remained after skimming the text."""

    codings: int
    seconds: float | None
    spare: float | None


def too_fast(speed: Speed, *, team: float | None) -> TooFast | None:
    """Whether to look at a monitor's work; ``team`` is the median seconds of the others."""
    if speed.codings < FEWEST_CODINGS or speed.seconds is None:
        return None
    if speed.spare is not None and speed.spare < 0:
        return TooFast.READING
    if team is not None and speed.seconds < FAR_BELOW_THE_TEAM * team:
        return TooFast.TEAM
    return None


def end_of(
    left: int,
    *,
    recent: int,
    now: datetime.datetime,
    began: datetime.datetime | None = None,
) -> datetime.datetime | None:
    """When ``left`` posts will be done at the pace of the ``recent`` ones of the last 3 days.

    Where work ``began`` later, in the time since, of a day at least. None where nobody worked on
    them, or not in this lifetime.
    """
    if not left:
        return now
    if not recent:
        return None
    window = WINDOW if began is None else min(WINDOW, max(SHORTEST_WINDOW, now - began))
    needed = left / recent * window.total_seconds()
    longest = datetime.timedelta(days=3650).total_seconds()
    return now + datetime.timedelta(seconds=needed) if needed < longest else None
