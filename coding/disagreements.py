"""In which variables people who answered for the same post disagree, and about whom."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# As ``Answers.essence``: question, answer, and the actor where the question is about one.
Essence = frozenset[tuple[str, str, int]]


@dataclass(frozen=True)
class Disagreement:
    """A post that waits for a decision: between whom, in what, since when.

    ``variables`` are keys of ``coding.reliability``, ``actors`` those about whom answers differ.
    ``is_returned``: it waits for a monitor first.
    """

    post: int
    coders: frozenset[int]
    variables: frozenset[str]
    actors: frozenset[int]
    since: datetime.datetime
    is_returned: bool = False


def disputed(answers: Iterable[Essence]) -> tuple[frozenset[str], frozenset[int]]:
    """The variables in which some of the answers differ, and the actors they differ about."""
    given = list(answers)
    variables, actors = set(), set()
    for kind in {kind for one in given for kind, _answer, _actor in one} - {"tone"}:
        said = [{answer for other, answer, _actor in one if other == kind} for one in given]
        variables |= {key for answer in _differing(said) for key in [_key(kind, answer)]}
    tones: list[Mapping[int, str]] = [
        {actor: answer for kind, answer, actor in one if kind == "tone"} for one in given
    ]
    if named := _differing([set(one) for one in tones]):
        variables.add("mentions")
        actors |= named
    by_actor: dict[int, set[str]] = defaultdict(set)
    for one in tones:
        for actor, tone in one.items():
            by_actor[actor].add(tone)
    if unlike := {actor for actor, said_of in by_actor.items() if len(said_of) > 1}:
        variables.add("tone")
        actors |= unlike
    return frozenset(variables), frozenset(actors)


def _differing(sets: list[set]) -> set:
    """What is in some of the sets and not in all."""
    return set().union(*sets) - set.intersection(*sets)


def _key(kind: str, answer: str) -> str:
    if kind == "topic":
        return "topics"
    return f"flag:{answer}" if kind == "flag" else kind.replace("extra ", "extra:")
