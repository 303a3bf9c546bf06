"""How far a long reading is: whoever reads says so, whoever waits decides what to do with it.

A ``Step`` is called often with the share of the work that is done, from 0 to 1. It may raise, which
ends the reading.
"""

from collections.abc import Callable

Step = Callable[[float], None]


def unwatched(_share: float) -> None:
    """Nobody waits."""


def part(step: Step, start: float, end: float) -> Step:
    """The step of a part of the work, which has its own 0 and 1."""
    return lambda share: step(start + (end - start) * share)
