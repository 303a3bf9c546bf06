"""Who codes what: to each monitor their share, drawn by seed; two see one post where it says so."""

import random
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A post to be coded by ``wanted`` people, and the stratum it is drawn from.

    ``has`` are those who have it already. A post without words has no language: anybody reads it.
    """

    post: int
    stratum: Hashable
    wanted: int = 1
    has: Collection[int] = ()
    language: str = ""
    category: str = ""


@dataclass(frozen=True)
class Coder:
    """One who codes a ``share`` compared with the others'; without languages or categories, all."""

    id: int
    share: float = 1
    languages: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def takes(self, unit: Unit) -> bool:
        return (
            self.share > 0
            and self.id not in unit.has
            and (not self.languages or not unit.language or unit.language in self.languages)
            and (not self.categories or unit.category in self.categories)
        )


@dataclass(frozen=True)
class Share:
    """One post for one coder; ``position`` is its place in the coder's queue."""

    post: int
    coder: int
    position: int
    is_overlap: bool


def allocate(units: Sequence[Unit], *, coders: Sequence[Coder], seed: int) -> list[Share]:
    """Deal the units to the coders; the same seed deals the same way.

    Each unit goes to as many different coders as it still wants, as far as there are such who take
    it; among them to those who are furthest behind their share. Those who take everything and have
    equal shares end at most one post apart. Strata are spread evenly over each queue.
    """
    strata = defaultdict(list)
    for unit in units:
        strata[unit.stratum].append(unit)
    dealt: list[tuple[float, int, int, bool]] = []
    load = {coder.id: 0 for coder in coders}
    for stratum in sorted(strata, key=repr):
        members = sorted(strata[stratum], key=lambda unit: unit.post)
        dice = random.Random(f"{seed}:{stratum!r}")  # noqa: S311 - a draw, not a secret
        dice.shuffle(members)
        for place, unit in enumerate(members):
            able = [coder for coder in coders if coder.takes(unit)]
            # Chance among equals mixes the pairs that can be compared.
            able.sort(key=lambda coder: ((load[coder.id] + 1) / coder.share, dice.random()))
            for coder in able[: max(0, unit.wanted - len(unit.has))]:
                dealt.append((place / len(members), unit.post, coder.id, unit.wanted > 1))
                load[coder.id] += 1
    dealt.sort()
    return [
        Share(post, coder, position, is_overlap)
        for position, (_depth, post, coder, is_overlap) in enumerate(dealt, start=1)
    ]


def mixed(strata: Mapping[int, Hashable], *, seed: int) -> list[int]:
    """The posts in an order in which every stratum is spread from its beginning to its end."""
    members = defaultdict(list)
    for post, stratum in strata.items():
        members[stratum].append(post)
    depths = []
    for stratum, posts in members.items():
        posts.sort()
        random.Random(f"{seed}:{stratum!r}").shuffle(posts)  # noqa: S311 - a draw, not a secret
        depths += [
            ((place + 0.5) / len(posts), repr(stratum), post) for place, post in enumerate(posts)
        ]
    return [post for _depth, _stratum, post in sorted(depths)]
