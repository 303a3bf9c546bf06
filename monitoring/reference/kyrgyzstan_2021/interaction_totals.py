"""What each account's posts drew: whole numbers that meet every printed sum and rounding."""

import numpy as np

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.apportion import apportion
from monitoring.reference.kyrgyzstan_2021.draws import Draws, ints
from monitoring.reference.kyrgyzstan_2021.figures import Bounds
from monitoring.reference.kyrgyzstan_2021.known import POLITICAL, SURFACES, Known
from monitoring.reference.kyrgyzstan_2021.top_posts import tops_of

Counts = dict[Account, int]

PARTS = {
    "facebook_page": ("reactions", "comments", "shares"),
    "facebook_group": ("reactions", "comments", "shares"),
    "instagram": ("likes", "comments"),
}
# Who may not be overtaken: unprinted sums of candidates stay below the leaders the report names.
INTERACTIONS_CAP = {"facebook_page": 59_000, "instagram": 99_000}
# Per hundred interactions, where the report does not print them.
_TYPICAL = {
    "facebook": {"comments": (9, 21), "shares": (4, 12)},
    "instagram": {"comments": (3, 8)},
}


def entire(known: Known) -> Counts:
    """Interactions of each account, with the posts of the whole period."""
    published = known.published
    groups = known.of("facebook_group", "public_group")
    found = _shared(known, groups, published["fb.interactions.groups"])
    for prefix, surface in SURFACES.items():
        for category in ("candidate", "media"):
            total = published[f"{prefix}.interactions.{category}"]
            found |= _shared(known, known.of(surface, category), total)
        for category in ("politician", "party"):
            found |= _shared(known, known.of(surface, category), None)
        # The authorities drew what the other political subjects leave, influencers the rest of all.
        left = published[f"{prefix}.interactions.political"]
        left -= sum(found.get(account, 0) for account in known.of(surface, *POLITICAL))
        found |= _shared(known, known.of(surface, "authority"), left)
        left = published[f"{prefix}.interactions.all"]
        platform = {surface, "facebook_group"} if prefix == "fb" else {surface}
        left -= sum(found.get(a, 0) for a in known.accounts if a.surface in platform)
        found |= _shared(known, known.of(surface, "influencer"), left)
    return found


def _shared(known: Known, accounts: list[Account], total: int | None) -> Counts:
    """Interactions of a category's accounts; no ``total``: any that the roundings allow."""
    printed = {account: _bounds(known, account) for account in accounts}
    bounds = {account: each for account, each in printed.items() if each is not None}
    free = [account for account in accounts if account not in bounds]
    if free or total is None:
        found = {account: _somewhere(known, account, each) for account, each in bounds.items()}
        weights = ints([account.interactions or 0 for account in free])
        rest = int(weights.sum()) if total is None else total - sum(found.values())
        cap = INTERACTIONS_CAP[accounts[0].surface] if accounts[0].category == "candidate" else rest
        shares = apportion(rest, weights, np.full_like(weights, cap))
        return found | dict(zip(free, shares.tolist(), strict=True))
    draws = Draws(known.seed, accounts[0].surface, accounts[0].category, "interactions")
    return dict(zip(bounds, _filled(total, list(bounds.values()), draws), strict=True))


def _somewhere(known: Known, account: Account, bounds: Bounds) -> int:
    draws = Draws(known.seed, account.surface, account.key, "interactions")
    return int(draws.between(*bounds, 1)[0])


def _bounds(known: Known, account: Account) -> Bounds | None:
    """What is printed of an account's interactions, narrowed to what its parts can add up to."""
    whole = known.published.bounds("interactions", account)
    parts = _parts_bounds(known, account)
    if parts is None:
        return whole
    low = sum(part.low for part in parts)
    high = sum(part.high for part in parts)
    if whole is None:
        return Bounds(low, high)
    return Bounds(max(whole.low, low), min(whole.high, high))


def _parts_bounds(known: Known, account: Account) -> list[Bounds] | None:
    found = [known.published.bounds(part, account) for part in PARTS[account.surface]]
    printed = [part for part in found if part is not None]
    return printed if len(printed) == len(found) else None


def _filled(total: int, bounds: list[Bounds], draws: Draws) -> list[int]:
    """Whole numbers anywhere within ``bounds`` that add up to ``total``."""
    slack = ints([each.slack for each in bounds])
    above = ints([int(draws.between(0, width, 1)[0]) for width in slack.tolist()])
    missing = total - sum(each.low for each in bounds) - int(above.sum())
    if missing >= 0:
        above = above + apportion(missing, slack - above, slack - above)
    else:
        above = above - apportion(-missing, above, above)
    return [each.low + extra for each, extra in zip(bounds, above.tolist(), strict=True)]


def parts(known: Known, account: Account, total: int) -> dict[str, int]:
    """Reactions, comments and shares (or likes and comments) of an account."""
    names = PARTS[account.surface]
    draws = Draws(known.seed, account.surface, account.key, "parts")
    bounds = _parts_bounds(known, account)
    if bounds is not None:
        return dict(zip(names, _filled(total, bounds, draws), strict=True))
    tops = tops_of(account, known.top_posts)
    fixed = {name: sum(top.counters[name] for top in tops) for name in names}
    rest = total - sum(fixed.values())
    typical = _TYPICAL[account.platform]
    for name in names[1:]:
        part = rest * int(draws.between(*typical[name], 1)[0]) // 100
        fixed[name] += part
        fixed[names[0]] -= part
    fixed[names[0]] += rest
    return fixed
