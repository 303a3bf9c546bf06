"""How many posts each account published: in all, before the campaign, in the final week."""

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.apportion import apportion
from monitoring.reference.kyrgyzstan_2021.draws import Draws, ints
from monitoring.reference.kyrgyzstan_2021.known import POLITICAL, SURFACES, Known
from monitoring.reference.kyrgyzstan_2021.top_posts import tops_of

Counts = dict[Account, int]
_CAMPAIGN_START = 26 * 86_400


def entire(known: Known) -> Counts:
    """Posts of each account: the printed number, else the inferred one."""
    posts = {account: _posts(known, account) for account in known.accounts}
    _check(known, posts)
    return posts


def _posts(known: Known, account: Account) -> int:
    printed = known.published.bounds("posts", account)
    if printed is not None:
        return printed.low
    if account.posts is None:
        raise ValueError(f"no number of posts for {account.name} ({account.surface})")
    return account.posts


def _check(known: Known, posts: Counts) -> None:
    sums = {"fb.posts.groups": known.of("facebook_group", "public_group")}
    for prefix, surface in SURFACES.items():
        for category in ("candidate", "party", "authority", "media", "influencer"):
            sums[f"{prefix}.posts.{category}"] = known.of(surface, category)
        sums[f"{prefix}.posts.political"] = known.of(surface, *POLITICAL)
    for figure, accounts in sums.items():
        total = sum(posts[account] for account in accounts)
        if total != known.published[figure]:
            raise ValueError(f"{figure}: the accounts' posts add up to {total}")


def pre_campaign(known: Known, posts: Counts) -> Counts:
    """Posts before the campaign.

    Printed for candidates (what their campaign posts leave), for the media together and for all;
    each other account takes its share.
    """
    pre: Counts = {}
    for prefix, surface in SURFACES.items():
        left = known.published["fb.posts.pages.pre" if prefix == "fb" else "ig.posts.pre"]
        for account in known.of(surface, "candidate"):
            pre[account] = posts[account] - _campaign(known, account)
            left -= pre[account]
        media = known.of(surface, "media")
        pre |= _shared(known, media, posts, known.published[f"{prefix}.posts.media.pre"])
        left -= known.published[f"{prefix}.posts.media.pre"]
        others = known.of(surface, "politician", "party", "authority", "influencer")
        pre |= _shared(known, others, posts, left)
    groups = known.of("facebook_group", "public_group")
    total = sum(posts[account] for account in groups)
    return pre | _shared(known, groups, posts, total * 44 // 100)


def _campaign(known: Known, account: Account) -> int:
    printed = known.published.bounds("posts", account, "campaign")
    if printed is None:
        raise ValueError(f"no campaign posts of {account.name} ({account.surface})")
    return printed.low


def _shared(known: Known, accounts: list[Account], posts: Counts, total: int) -> Counts:
    """``total`` split over accounts by their posts, leaving room for the known posts' dates."""
    names = (accounts[0].surface, accounts[0].category, "pre-campaign")
    noise = Draws(known.seed, *names).between(92, 108, len(accounts))
    early = ints([_tops_before(known, account) for account in accounts])
    late = ints([len(tops_of(a, known.top_posts)) for a in accounts]) - early
    caps = ints([posts[account] for account in accounts]) - late - early
    shares = early + apportion(total - int(early.sum()), caps * noise, caps)
    return dict(zip(accounts, shares.tolist(), strict=True))


def _tops_before(known: Known, account: Account) -> int:
    return sum(top.second < _CAMPAIGN_START for top in tops_of(account, known.top_posts))


def final_week(known: Known, posts: Counts, before: Counts) -> Counts:
    """Candidates' posts of the last seven days."""
    found: Counts = {}
    for prefix, surface in SURFACES.items():
        accounts = known.of(surface, "candidate")
        campaign = ints([posts[a] - before[a] for a in accounts])
        noise = Draws(known.seed, surface, "final week").between(80, 120, len(accounts))
        total = known.published[f"{prefix}.posts.candidate.final_week"]
        shares = apportion(total, campaign * noise, campaign * 2 // 3)
        found |= dict(zip(accounts, shares.tolist(), strict=True))
    return found
