"""Who codes what: a fair share for everyone, and a blind overlap, drawn by seed."""

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A post to be coded and the stratum (platform and category) it is drawn from."""

    post: int
    stratum: Hashable


@dataclass(frozen=True)
class Share:
    """One post for one coder; ``position`` is its place in the coder's queue."""

    post: int
    coder: int
    position: int
    is_overlap: bool


def allocate(
    units: Sequence[Unit], *, coders: Sequence[int], overlap: float, seed: int
) -> list[Share]:
    """Deal the units to the coders; the same seed deals the same way.

    From each stratum the fraction ``overlap`` (0 to 1) goes to two coders, who do not see one
    another's answers; with one coder there is none. Nobody gets two posts more than another, and
    strata are spread evenly over each queue.
    Raises ValueError for a fraction outside 0 to 1.
    """
    if not 0 <= overlap <= 1:
        raise ValueError(f"overlap is a fraction, not {overlap}")
    if not coders:
        return []
    strata = defaultdict(list)
    for unit in units:
        strata[unit.stratum].append(unit.post)
    dealt: list[tuple[float, int, int, bool]] = []
    load = dict.fromkeys(coders, 0)
    for stratum in sorted(strata, key=repr):
        posts = sorted(strata[stratum])
        dice = random.Random(f"{seed}:{stratum!r}")  # noqa: S311 - a draw, not a secret
        dice.shuffle(posts)
        double = round(overlap * len(posts)) if len(load) > 1 else 0
        for place, post in enumerate(posts):
            is_overlap = place < double
            # Overlap posts are spread over the queue like the others, not put first.
            depth = (place * 0.618034) % 1 if is_overlap else place / len(posts)
            # Those with least to do; chance among equals mixes the pairs that can be compared.
            idlest = sorted(load, key=lambda coder: (load[coder], dice.random()))
            for coder in idlest[: 1 + is_overlap]:
                dealt.append((depth, post, coder, is_overlap))
                load[coder] += 1
    dealt.sort()
    return [
        Share(post, coder, position, is_overlap)
        for position, (_depth, post, coder, is_overlap) in enumerate(dealt, start=1)
    ]
