"""The published figures as bounds: which whole numbers round to what the report prints."""

from dataclasses import dataclass
from typing import NamedTuple

from monitoring.reference.kyrgyzstan_2021.accounts import Account, rows


class Bounds(NamedTuple):
    """The whole numbers from ``low`` to ``high``."""

    low: int
    high: int

    @property
    def slack(self) -> int:
        return self.high - self.low


@dataclass(frozen=True)
class Figure:
    """One row of ``published_figures.csv``, as far as the builder needs it."""

    id: str
    measure: str
    surface: str
    actor: str
    account: str
    period: str
    value: str
    precision: str

    @property
    def subject(self) -> tuple[str, ...]:
        return self.measure, self.surface, self.actor, self.period

    @property
    def bounds(self) -> Bounds | None:
        """The numbers that are printed so; the edges, which may round either way, left out."""
        kind, _, unit = self.precision.partition(":")
        value = int(self.value) if self.value.isdecimal() else 0
        if kind == "exact":
            return Bounds(value, value)
        if kind == "nearest" and unit.isdecimal() and int(unit) >= 10:
            half = int(unit) // 2 - 1
            return Bounds(value - half, value + half)
        return None


class Published:
    """What the report prints, by id and by account."""

    def __init__(self) -> None:
        self._figures = {row["id"]: _figure(row) for row in rows("published_figures.csv")}
        self._of_actor: dict[tuple[str, ...], list[Figure]] = {}
        for figure in self._figures.values():
            self._of_actor.setdefault(figure.subject, []).append(figure)

    def __getitem__(self, figure: str) -> int:
        """The printed value of an exact figure."""
        bounds = self._figures[figure].bounds
        if bounds is None or bounds.slack:
            raise KeyError(f"{figure} is not printed exactly")
        return bounds.low

    def bounds(self, measure: str, account: Account, period: str = "entire") -> Bounds | None:
        """What every printed figure of this account and measure allows; None: none is printed."""
        subject = (measure, account.surface, account.actor, period)
        found = [
            figure.bounds
            for figure in self._of_actor.get(subject, [])
            if figure.bounds is not None and _place(figure) in (None, account.place)
        ]
        if not found:
            return None
        return Bounds(max(each.low for each in found), min(each.high for each in found))


def _figure(row: dict[str, str]) -> Figure:
    return Figure(
        id=row["id"],
        measure=row["measure"],
        surface=row["platform"],
        actor=row["actor"],
        account=row["account"],
        period=row["period"],
        value=row["value"],
        precision=row["precision"],
    )


def _place(figure: Figure) -> int | None:
    """The number of a label such as "Акылбек Жапаров (2)"."""
    return int(figure.account[-2]) if figure.account.endswith(("(1)", "(2)")) else None
