"""Published figures: a number as it was printed, and when a computed one agrees with it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

# 6.2 is printed for 6.15… and a float may stand a hair beside it.
_HAIR = Decimal("0.000001")


@dataclass(frozen=True)
class Figure:
    """One printed number, by the columns of the figures file (report/README)."""

    id: str
    where: str
    measure: str
    platform: str
    category: str
    actor: str
    account: str
    period: str
    about: str
    numerator: str
    denominator: str
    value: str
    precision: str
    quote: str

    def agrees_with(self, computed: Decimal | str) -> bool:
        """Whether a computed value rounds to the printed one.

        ``exact``; ``nearest:U`` printed rounded to U; ``some:U`` within U; ``at_least``;
        ``less_than``; ``between:A:B``. Raises ValueError for another precision.
        """
        if isinstance(computed, str):
            return computed == self.value
        printed = Decimal(self.value)
        kind, *numbers = self.precision.split(":")
        bounds = [Decimal(number) for number in numbers]
        if kind == "exact":
            return computed == printed
        if kind == "nearest":
            return abs(computed - printed) <= bounds[0] / 2 + _HAIR
        if kind == "some":
            return abs(computed - printed) <= bounds[0]
        if kind == "at_least":
            return computed >= printed
        if kind == "less_than":
            return computed < printed
        if kind == "between":
            return bounds[0] <= computed <= bounds[1]
        raise ValueError(f"{self.id}: unknown precision {self.precision!r}")


def read_figures(path: Path) -> Iterator[Figure]:
    """The figures of a file. Raises OSError where there is none, TypeError for other columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield Figure(**row)
