"""Agreement as it is read: a line per variable, and per part of one."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coding.agreement import Agreement
from coding.reliability import (
    REPLICATES,
    REPLICATES_OF_A_PART,
    BlindCoding,
    Breakdown,
    CodedPost,
    Unit,
    Variable,
    agreement,
    agreement_of_parts,
    coded_posts,
    coders_of,
    parted,
    units_of,
)
from coding.services.blind_codings import blind_codings
from coding.services.words import Words, words_of
from monitoring.models import Project


@dataclass(frozen=True)
class Line:
    """The agreement of one variable or of one part of it; ``key`` names it in an address."""

    key: str
    label: str
    scale: str
    coders: int
    agreement: Agreement

    def as_json(self) -> dict[str, Any]:
        """Plain values for programs; ``percent`` and the shares go from 0 to 1."""
        found = self.agreement
        return {
            "variable": self.key,
            "label": self.label,
            "scale": self.scale,
            "units": found.units,
            "pairs": found.pairs,
            "coders": self.coders,
            "alpha": found.alpha,
            "low": found.low,
            "high": found.high,
            "percent": found.percent,
            "percent_of_pairs": found.percent_of_pairs,
            "ac1": found.ac1,
            "prevalence": self.prevalence,
            "verdict": str(found.verdict),
            "reason": found.reason and str(found.reason),
            "weighted": found.is_weighted,
        }

    @property
    def prevalence(self) -> dict[str, float] | None:
        """How often each value was given; of sets, whose parts have lines of their own, None."""
        if self.scale == "masi" or self.agreement.shares is None:
            return None
        return {str(value).lower(): share for value, share in self.agreement.shares.items()}


class Reliability:
    """The agreement of a project's monitors, from one reading of its blind codings."""

    def __init__(self, project: Project) -> None:
        self.words: Words = words_of(project=project)
        self.codings: list[BlindCoding] = blind_codings(project=project, words=self.words)
        self._units: dict[Variable, list[Unit]] = {}
        self._lines: dict[Variable, Line] = {}

    @cached_property
    def posts(self) -> list[CodedPost]:
        return coded_posts(self.codings)

    @cached_property
    def grades(self) -> list[int]:
        return list(self.words.tones)

    def units(self, variable: Variable) -> list[Unit]:
        if variable not in self._units:
            self._units[variable] = units_of(self.posts, variable)
        return self._units[variable]

    def lines(self) -> list[Line]:
        """A line per variable of the codebook."""
        return [self.line(variable) for variable in self.words.variables()]

    def line(self, variable: Variable) -> Line:
        if variable not in self._lines:
            name = self.words.name_of(variable)
            self._lines[variable] = self._line(
                variable.key, name, variable, self.units(variable), REPLICATES
            )
        return self._lines[variable]

    def parts(self, variable: Variable) -> list[Line]:
        """Of a set, a line for each answer that somebody gave: chosen or not."""
        kind = {"topics": "topic", "mentions": "mention"}.get(variable.kind)
        if kind is None:
            return []
        units = self.units(variable)
        coders = len(coders_of(units))
        parts = [
            (Variable(kind, str(label)), found)
            for label, found in agreement_of_parts(units, variable).items()
        ]
        lines = [
            Line(one.key, self.words.name_of(one), str(one.scale), coders, found)
            for one, found in parts
        ]
        return sorted(lines, key=lambda line: line.label)

    def breakdown(self, variable: Variable, by: Breakdown) -> list[Line]:
        """A line per actor, pair of monitors or week."""
        parts = parted(self.units(variable), by)
        lines = [
            self._line(key_of(part), self.words.part(by, part), variable, units)
            for part, units in parts.items()
        ]
        return sorted(lines, key=lambda line: line.label) if by is Breakdown.ACTOR else lines

    def _line(
        self,
        key: str,
        label: str,
        variable: Variable,
        units: Sequence[Unit],
        replicates: int = REPLICATES_OF_A_PART,
    ) -> Line:
        found = agreement(units, variable, grades=self.grades, replicates=replicates)
        return Line(key, label, str(variable.scale), len(coders_of(units)), found)


def key_of(part: Hashable) -> str:
    """A part of a break-down as it stands in an address: ``12``, ``3-7`` or ``2021-01-04``."""
    return "-".join(map(str, part)) if isinstance(part, tuple) else str(part or "")
