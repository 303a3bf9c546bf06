"""How many posts two monitors have to code both, which ones, and what each of them stands for.

Sources: the number of units is Bloch and Kraemer's, as Krippendorff (2011) and the manual of
ATLAS.ti give it for alpha at the 5 % level, z = 1.645: twice
z² · ((1 + α)(3 − α) / (4 (1 − α) p (1 − p)) − α), with the share p of the rarest answer.
The weights are those of post-stratification.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping

from coding.allocation import mixed

Z = 1.645
# Krippendorff's conventions: conclusions may rest on the first, tentative ones on the second.
RELIABLE, TENTATIVE = 0.8, 0.667


def units_needed(*, rarest: float, alpha: float) -> int:
    """Posts to be coded twice so that an alpha of at least ``alpha`` can be shown.

    ``rarest`` is the share of the rarest answer among all (0 to 1, both exclusive), ``alpha``
    likewise. Raises ValueError outside.
    """
    if not 0 < rarest < 1 or not 0 < alpha < 1:
        raise ValueError(f"shares lie between 0 and 1: {rarest}, {alpha}")
    spread = 4 * (1 - alpha) * rarest * (1 - rarest)
    return math.ceil(2 * Z**2 * ((1 + alpha) * (3 - alpha) / spread - alpha))


def drawn(
    strata: Mapping[int, Hashable], *, size: int, seed: int, already: Collection[int] = ()
) -> list[int]:
    """The posts to add so that ``size`` are drawn, from each stratum its share.

    ``strata`` gives the stratum of each post. A post's depth in its shuffled stratum decides, so
    that a larger size with the same seed keeps what the smaller one drew, and adds to it.
    """
    free = [post for post in mixed(strata, seed=seed) if post not in already]
    return free[: max(0, size - len(already))]


def weights(strata: Mapping[int, Hashable], chosen: Collection[int]) -> dict[int, float]:
    """How many posts each chosen one stands for: those of its stratum by those chosen from it."""
    total = Counter(strata.values())
    taken = Counter(strata[post] for post in chosen)
    return {post: total[strata[post]] / taken[strata[post]] for post in chosen}
