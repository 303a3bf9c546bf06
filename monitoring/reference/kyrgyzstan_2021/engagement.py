"""How an account's interactions spread over its posts.

Three kinds of posts, in this order: those the report shows, with their counters; those that are
among the category's sampled 200; and the rest, which stay below every post that a printed rank puts
above them. Within each kind the spread is drawn, with a heavy tail.
"""

from dataclasses import dataclass

import numpy as np

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.apportion import apportion
from monitoring.reference.kyrgyzstan_2021.draws import Draws, Ints, ints
from monitoring.reference.kyrgyzstan_2021.interaction_totals import PARTS
from monitoring.reference.kyrgyzstan_2021.top_posts import TopPost
from monitoring.reference.kyrgyzstan_2021.totals import Totals


@dataclass(frozen=True)
class Range:
    """How much one post may draw: the sampled posts from ``entry`` up, the rest below ``rest``."""

    rest: int
    entry: int = 0
    sampled: int = 0


# Below the last printed rank of each category; for sampled categories, on both sides of the 200th.
RANGES = {
    ("facebook_page", "candidate"): Range(rest=5_000),
    ("facebook_page", "politician"): Range(rest=420),
    ("facebook_page", "party"): Range(rest=320),
    ("facebook_page", "authority"): Range(rest=1_200),
    ("facebook_page", "influencer"): Range(rest=430),
    ("facebook_page", "media"): Range(rest=1_400, entry=1_500, sampled=19_000),
    ("facebook_group", "public_group"): Range(rest=1_850, entry=2_000, sampled=10_000),
    ("instagram", "candidate"): Range(rest=7_000),
    ("instagram", "politician"): Range(rest=5_500),
    ("instagram", "party"): Range(rest=2_600),
    ("instagram", "authority"): Range(rest=190),
    ("instagram", "influencer"): Range(rest=95_000),
    ("instagram", "media"): Range(rest=14_000, entry=14_500, sampled=38_000),
}


def counters(
    account: Account, totals: Totals, tops: list[TopPost], draws: Draws
) -> dict[str, Ints]:
    """Reactions, comments and shares (or likes and comments) of every post; each adds up."""
    names = PARTS[account.surface]
    fixed = {name: [top.counters[name] for top in tops] for name in names}
    left = {name: totals.parts[name] - sum(fixed[name]) for name in names}
    room = _interactions(account, totals.posts - len(tops), sum(left.values()), draws, tops)
    parts: dict[str, Ints] = {}
    for name in names[1:]:
        weights = room * draws.between(60, 140, room.size)
        parts[name] = apportion(left[name], weights, room)
        room = room - parts[name]
    parts[names[0]] = room
    return {name: np.concatenate([ints(fixed[name]), parts[name]]) for name in names}


def _interactions(account: Account, n: int, total: int, draws: Draws, tops: list[TopPost]) -> Ints:
    """Interactions of the posts that the report does not show; sampled ones first."""
    limits = RANGES[account.surface, account.category]
    sampled = max(account.sampled - len(tops), 0)
    head = _head(limits, sampled, draws)
    rest = n - sampled
    left = total - int(head.sum())
    caps = limits.rest - draws.below(limits.rest // 4 + 1, rest)
    # Where the mean is near the cap a heavy tail would pile up at it.
    crowded = rest > 0 and left * 5 > limits.rest * rest
    weights = draws.even(rest) if crowded else draws.heavy(rest)
    return np.concatenate([head, apportion(left, weights, caps)])


def _head(limits: Range, n: int, draws: Draws) -> Ints:
    """The sampled posts: above the entry by three fifths of it on average, a few by far more."""
    if n == 0:
        return ints([])
    extra = apportion(
        limits.entry * n * 3 // 5,
        draws.heavy(n) + 20,
        limits.sampled - limits.entry - draws.below(limits.entry // 2, n),
    )
    return limits.entry + draws.below(limits.entry // 10, n) + extra
