"""Agreement as it is read: a line per variable, and per part of one."""

import hashlib
import pickle
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import caches

from coding.agreement import Agreement
from coding.reliability import (
    REPLICATES,
    REPLICATES_OF_A_PART,
    Answer,
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
    """The agreement of a project's monitors, from one reading of its blind codings.

    What was computed for the same answers is remembered by each process: open pages ask again
    whenever anything in the project changes, and most codings are no second ones.
    """

    def __init__(self, project: Project) -> None:
        self.words: Words = words_of(project=project)
        self.codings: list[BlindCoding] = blind_codings(project=project, words=self.words)
        self._units: dict[Variable, list[Unit]] = {}

    @cached_property
    def posts(self) -> list[CodedPost]:
        return coded_posts(self.codings)

    @cached_property
    def grades(self) -> list[int]:
        return list(self.words.tones)

    @cached_property
    def fingerprint(self) -> str:
        """The same only for the same answers, in the order that a bootstrap draws from."""
        said = [
            (
                *(each.id, each.post, each.publisher, each.coder, each.week, each.weight),
                *(sorted(each.topics), sorted(each.tones.items())),
                *(sorted(each.flags), sorted(each.extra.items())),
            )
            for each in self.codings
        ]
        return hashlib.sha256(pickle.dumps((self.grades, said))).hexdigest()

    def units(self, variable: Variable) -> list[Unit]:
        if variable not in self._units:
            self._units[variable] = units_of(self.posts, variable)
        return self._units[variable]

    def lines(self) -> list[Line]:
        """A line per variable of the codebook."""
        return [self.line(variable) for variable in self.words.variables()]

    def line(self, variable: Variable) -> Line:
        found = self._remembered(
            (variable, "line"), lambda: self._computed(self.units(variable), variable, REPLICATES)
        )
        return Line(variable.key, self.words.name_of(variable), str(variable.scale), *found)

    def parts(self, variable: Variable) -> list[Line]:
        """Of a set, a line for each answer that somebody gave: chosen or not."""
        kind = {"topics": "topic", "mentions": "mention"}.get(variable.kind)
        if kind is None:
            return []
        coders, found = self._remembered(
            (variable, "parts"), lambda: self._computed_parts(variable)
        )
        lines = [
            Line(part.key, self.words.name_of(part), str(part.scale), coders, agreed)
            for label, agreed in found.items()
            for part in [Variable(kind, str(label))]
        ]
        return sorted(lines, key=lambda line: line.label)

    def breakdown(self, variable: Variable, by: Breakdown) -> list[Line]:
        """A line per actor, pair of monitors or week."""
        parts = self._remembered(
            (variable, by),
            lambda: [
                (part, *self._computed(units, variable, REPLICATES_OF_A_PART))
                for part, units in parted(self.units(variable), by).items()
            ],
        )
        lines = [
            Line(key_of(part), self.words.part(by, part), str(variable.scale), *found)
            for part, *found in parts
        ]
        return sorted(lines, key=lambda line: line.label) if by is Breakdown.ACTOR else lines

    def _computed(
        self, units: Sequence[Unit], variable: Variable, replicates: int
    ) -> tuple[int, Agreement]:
        """How many people are compared, and how far they agree."""
        found = agreement(units, variable, grades=self.grades, replicates=replicates)
        return len(coders_of(units)), found

    def _computed_parts(self, variable: Variable) -> tuple[int, dict[Answer, Agreement]]:
        units = self.units(variable)
        return len(coders_of(units)), agreement_of_parts(units, variable)

    def _remembered(self, question: tuple[Variable, str], compute: Callable[[], Any]) -> Any:
        key = hashlib.sha256(f"{self.fingerprint} {question!r}".encode()).hexdigest()
        return caches["process"].get_or_set(key, compute)


def key_of(part: Hashable) -> str:
    """A part of a break-down as it stands in an address: ``12``, ``3-7`` or ``2021-01-04``."""
    return "-".join(map(str, part)) if isinstance(part, tuple) else str(part or "")
