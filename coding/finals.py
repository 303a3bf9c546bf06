"""Which answers count for a post, when several people gave theirs.

Source of the rule: DESIGN "final coding": the settled one where monitors disagreed and a lead
decided, else the one all agree on, else the only one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How the answers that count came about."""

    SINGLE = "single"
    AGREED = "agreed"
    SETTLED = "settled"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Given:
    """What one person says of a post now; equal ``answers`` compare equal."""

    coding: int
    answers: Hashable
    is_settlement: bool = False


@dataclass(frozen=True)
class Final:
    """The coding whose answers count; None while monitors disagree."""

    state: State
    coding: int | None


def final_of(given: Sequence[Given]) -> Final | None:
    """The answers that count; None where nobody gave any. ``given`` is in order of time."""
    settlements = [one for one in given if one.is_settlement]
    if settlements:
        return Final(State.SETTLED, settlements[-1].coding)
    if not given:
        return None
    if len(given) == 1:
        return Final(State.SINGLE, given[0].coding)
    if len({one.answers for one in given}) == 1:
        return Final(State.AGREED, given[0].coding)
    return Final(State.UNSETTLED, None)
