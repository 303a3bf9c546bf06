"""From what monitors answered blind to units of agreement, for each variable of the codebook.

Two monitors may disagree about what a post is about, about whom, in what tone and with which flags.
Each is a variable with a scale of its own:

``tone``            the grade toward an actor, ordinal; a unit is a post and an actor both named
``topics``          the set of topics (MASI; where all chose one topic this is the nominal alpha)
``mentions``        the set of actors a post is about (MASI)
``flag:<key>``      raised or not
``topic:<key>``     chosen or not, ``mention:<actor>`` named or not: the parts of the sets above
``extra:<key>``     an extra question, nominal; of a number, interval
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, permutations
from types import MappingProxyType
from typing import NamedTuple

from coding.agreement import (
    FEWEST_OF_A_FLAG,
    Agreement,
    Patterns,
    Scale,
    agreement_in,
    parts_of,
    patterns_of,
)

SEED = 2021
# Of the bootstrap, for a variable and for each part of its break-downs, of which there are many.
REPLICATES, REPLICATES_OF_A_PART = 1000, 300
Answer = Hashable


class Row(NamedTuple):
    """One row of the history of a post; ``is_returned`` where a lead later gave it back."""

    id: int
    post: int
    coder: int
    kind: str
    is_returned: bool = False


def blind(rows: Iterable[Row]) -> list[Row]:
    """Each person's last answer for a post that they gave before they could know its outcome.

    ``rows`` are in the order of the chain. Whoever has answered sees a lead's decision, so what
    they change after it is not blind, and neither is what follows a post's return to them. A first
    answer is blind whenever it is given: nobody sees a decision before their own answer is saved.
    """
    last: dict[tuple[int, int], Row] = {}
    decided: set[int] = set()
    knowing: set[tuple[int, int]] = set()
    for row in rows:
        if row.kind == "settlement":
            decided.add(row.post)
        if row.kind in ("settlement", "reversal"):
            continue
        who = (row.post, row.coder)
        if row.post in decided and who in last and last[who].kind == "coding":
            knowing.add(who)
        if who in knowing:
            continue
        last[who] = row
        if row.is_returned:
            knowing.add(who)
    return [row for row in last.values() if row.kind == "coding"]


class BlindCoding(NamedTuple):
    """What one person answered, in the keys that count now; ``tones`` are grades by actor.

    ``weight`` is how many posts of the sample this one stands for.
    """

    id: int
    post: int
    publisher: int | None
    coder: int
    week: datetime.date
    topics: frozenset[str] = frozenset()
    tones: Mapping[int, int] = MappingProxyType({})
    flags: frozenset[str] = frozenset()
    extra: Mapping[str, str] = MappingProxyType({})
    weight: float = 1


class Unit(NamedTuple):
    """What several people answered: their answers by person.

    ``actor`` is whom the question is about, else whose post it is; ``week`` is the Monday
    of the week in which the last of them answered.
    """

    post: int
    actor: int | None
    week: datetime.date
    answers: Mapping[int, Answer]
    weight: float = 1


class Breakdown(StrEnum):
    """The parts in which a variable is looked at."""

    ACTOR = "actor"
    PAIR = "pair"
    WEEK = "week"


@dataclass(frozen=True)
class Variable:
    """A question whose answers are compared; ``part`` is a key of the codebook or an actor."""

    kind: str
    part: str = ""
    # Of an extra question that asks for a number.
    is_number: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.part}" if self.part else self.kind

    @property
    def is_binary(self) -> bool:
        return self.kind in ("flag", "topic", "mention")

    @property
    def is_set(self) -> bool:
        return self.kind in ("topics", "mentions")

    @property
    def scale(self) -> Scale:
        if self.is_number:
            return Scale.INTERVAL
        if self.kind == "tone":
            return Scale.ORDINAL
        return Scale.MASI if self.is_set else Scale.NOMINAL


class CodedPost(NamedTuple):
    """A post with all blind answers to it."""

    post: int
    publisher: int | None
    week: datetime.date
    weight: float
    codings: list[BlindCoding]


def coded_posts(codings: Iterable[BlindCoding]) -> list[CodedPost]:
    """The codings by post."""
    found: dict[int, list[BlindCoding]] = defaultdict(list)
    for coding in codings:
        found[coding.post].append(coding)
    return [
        CodedPost(post, given[0].publisher, max(c.week for c in given), given[0].weight, given)
        for post, given in found.items()
    ]


def units_of(posts: Iterable[CodedPost], variable: Variable) -> list[Unit]:
    """The variable's units, those that one person alone answered too."""
    if variable.kind == "tone":
        return [unit for post in posts for unit in _by_actor(post)]
    answer = _ANSWERS[variable.kind](variable)
    about = int(variable.part) if variable.kind == "mention" else None
    units = []
    for post, publisher, week, weight, codings in posts:
        given = {each.coder: answer(each) for each in codings}
        if variable.kind == "extra":
            given = {coder: said for coder, said in given.items() if said is not None}
        if given:
            units.append(Unit(post, about or publisher, week, given, weight))
    return units


def _by_actor(coded: CodedPost) -> list[Unit]:
    """A unit for each actor that somebody named."""
    given: dict[int, dict[int, Answer]] = defaultdict(dict)
    for coding in coded.codings:
        for actor, grade in coding.tones.items():
            given[actor][coding.coder] = grade
    post, _publisher, week, weight, _codings = coded
    # In a fixed order: which units a bootstrap draws hangs on it.
    return [Unit(post, actor, week, given[actor], weight) for actor in sorted(given)]


Said = Callable[[BlindCoding], Answer]


def _extra(variable: Variable) -> Said:
    def said(coding: BlindCoding) -> Answer:
        answer = coding.extra.get(variable.part)
        return float(answer) if answer is not None and variable.is_number else answer

    return said


_ANSWERS: dict[str, Callable[[Variable], Said]] = {
    "topics": lambda _variable: lambda coding: coding.topics,
    "mentions": lambda _variable: lambda coding: frozenset(coding.tones),
    "flag": lambda variable: lambda coding: variable.part in coding.flags,
    "topic": lambda variable: lambda coding: variable.part in coding.topics,
    "mention": lambda variable: lambda coding: int(variable.part) in coding.tones,
    "extra": _extra,
}


def agreement(
    units: Iterable[Unit],
    variable: Variable,
    *,
    grades: Sequence[int] = (),
    replicates: int = REPLICATES,
) -> Agreement:
    """The coefficients of a variable's units; ``grades`` are the codebook's, from worst to best."""
    counted = counted_units(units, variable, grades=grades)
    return _agreement(counted, variable, replicates)


def agreement_of_parts(units: Iterable[Unit], variable: Variable) -> dict[Answer, Agreement]:
    """Of a variable of sets: each label that somebody gave, given or not."""
    part = Variable({"topics": "topic", "mentions": "mention"}[variable.kind], "part")
    parts = parts_of(counted_units(units, variable))
    return {
        label: _agreement(patterns, part, REPLICATES_OF_A_PART) for label, patterns in parts.items()
    }


def counted_units(
    units: Iterable[Unit], variable: Variable, *, grades: Sequence[int] = ()
) -> Patterns:
    """The units by their answers. What weighs is the part a unit has in all that are compared:
    where all stand for as many posts each weighs 1, and only their differences matter."""
    values: Sequence[Answer] | None = None
    if variable.is_binary:
        values = (False, True)
    elif variable.kind == "tone":
        values = grades
    units = list(units)
    weights = [unit.weight for unit in units if len(unit.answers) > 1]
    mean = sum(weights) / len(weights) if weights else 1
    return patterns_of(
        (tuple(unit.answers.values()) for unit in units),
        values,
        (unit.weight / mean for unit in units),
    )


def _agreement(patterns: Patterns, variable: Variable, replicates: int) -> Agreement:
    return agreement_in(
        patterns,
        scale=variable.scale,
        seed=SEED,
        fewest=FEWEST_OF_A_FLAG if variable.is_binary else 2,
        replicates=replicates,
    )


def coders_of(units: Iterable[Unit]) -> set[int]:
    """Those whose answers are compared with somebody's."""
    return {coder for unit in units if len(unit.answers) > 1 for coder in unit.answers}


def with_others(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """For each person their answers beside those of each other one, a unit for each two.

    What others differ in among themselves is not theirs. Whatever the number of others, a unit
    counts as one.
    """
    found: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        for one, other in permutations(unit.answers, 2):
            answers = {one: unit.answers[one], other: unit.answers[other]}
            weight = unit.weight / (len(unit.answers) - 1)
            found[one].append(unit._replace(answers=answers, weight=weight))
    return found


def parted(units: Sequence[Unit], by: Breakdown) -> dict[Hashable, list[Unit]]:
    """The units of each actor, pair of monitors (lower id first) or week, in that order."""
    parts: dict[Hashable, list[Unit]] = defaultdict(list)
    for unit in units:
        if by is Breakdown.PAIR:
            for pair in combinations(sorted(unit.answers), 2):
                answers = {coder: unit.answers[coder] for coder in pair}
                parts[pair].append(unit._replace(answers=answers))
        elif len(unit.answers) > 1:
            parts[unit.actor if by is Breakdown.ACTOR else unit.week].append(unit)
    return dict(sorted(parts.items(), key=lambda part: (part[0] is None, part[0])))


NOTHING = "–"


def confused(unit: Unit) -> list[tuple[Answer, Answer]]:
    """The pairs of answers in a unit, each once and in no order of persons.

    Of two sets: what both hold with itself, and each that one alone holds with each that the other
    alone holds (with ``NOTHING`` where there is none).
    """
    found: list[tuple[Answer, Answer]] = []
    for one, other in combinations(unit.answers.values(), 2):
        if isinstance(one, frozenset) and isinstance(other, frozenset):
            found += [(shared, shared) for shared in one & other]
            if one != other:
                found += [
                    (a, b) for a in one - other or [NOTHING] for b in other - one or [NOTHING]
                ]
        else:
            found.append((one, other))
    return [tuple(sorted(pair, key=_in_order)) for pair in found]  # type: ignore[misc]


def _in_order(value: Answer) -> tuple[bool, str, Answer]:
    return (value == NOTHING, str(type(value)), value)


def confusions(units: Iterable[Unit]) -> dict[tuple[Answer, Answer], int]:
    """How often each pair of answers was given."""
    counts: dict[tuple[Answer, Answer], int] = defaultdict(int)
    for unit in units:
        for pair in confused(unit):
            counts[pair] += 1
    return dict(counts)
