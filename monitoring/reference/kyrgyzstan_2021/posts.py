"""Every post of every account, as columns of numbers: times, counters, ids, types."""

from dataclasses import dataclass, field

import numpy as np

from monitoring.reference.kyrgyzstan_2021 import engagement, timeline
from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.draws import Draws, Ints
from monitoring.reference.kyrgyzstan_2021.interaction_totals import PARTS
from monitoring.reference.kyrgyzstan_2021.known import Known
from monitoring.reference.kyrgyzstan_2021.top_posts import TopPost, tops_of
from monitoring.reference.kyrgyzstan_2021.totals import Totals

VIDEOS = {"Native Video", "Live Video Complete", "Video", "IGTV"}

# Kinds of posts and how common they are, per hundred.
_TYPES = {
    ("facebook_page", "media"): {
        "Link": 62, "Photo": 15, "Native Video": 15, "Live Video Complete": 4, "YouTube": 2,
        "Status": 2,
    },
    ("facebook_group", "public_group"): {
        "Photo": 34, "Link": 24, "Status": 20, "Native Video": 14, "YouTube": 5,
        "Live Video Complete": 3,
    },
    ("instagram", "media"): {"Photo": 52, "Video": 27, "Album": 13, "IGTV": 8},
}  # fmt: skip
_FACEBOOK_TYPES = {
    "Photo": 44, "Native Video": 23, "Link": 12, "Status": 10, "Live Video Complete": 7,
    "YouTube": 4,
}  # fmt: skip
_INSTAGRAM_TYPES = {"Photo": 46, "Video": 27, "Album": 19, "IGTV": 8}

# Instagram's ids count the milliseconds since this moment of 2011, and 23 bits more.
_INSTAGRAM_EPOCH = 1_314_220_021_721
_START_MS = 1_605_722_400_000  # 2020-11-19 00:00 in Bishkek
_SHORTCODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Subject:
    """What a post is about, where that is decided before its text is written."""

    topics: tuple[str, ...]
    # (actor, tone): who it is about.
    mentions: tuple[tuple[str, str], ...] = ()
    # Who is named without the post being about them.
    named: tuple[str, ...] = ()
    # Two monitors read it differently, and nobody has settled it.
    disputed: bool = False


@dataclass
class Posts:
    """The posts of one account: a column per property, a position per post."""

    account: Account
    tops: list[TopPost]
    second: Ints
    counters: dict[str, Ints]
    types: list[str]
    followers: Ints
    views: Ints
    views_total: Ints
    ids: list[str]
    # By position: texts as printed, and subjects decided before the text is written.
    texts: dict[int, str] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)

    @property
    def interactions(self) -> Ints:
        return sum(self.counters.values(), np.zeros_like(self.second))

    @property
    def parts(self) -> tuple[str, ...]:
        """What its interactions are the sum of."""
        return PARTS[self.account.surface]

    def retype(self, place: int, kind: str) -> None:
        """Make the post of another type; what is no video has no views."""
        self.types[place] = kind
        if kind not in VIDEOS:
            self.views[place] = self.views_total[place] = 0


def lay_out(known: Known, totals: dict[Account, Totals]) -> list[Posts]:
    """The posts of every account, in the order of the accounts."""
    numbers: dict[str, int] = {"facebook": 0, "instagram": 0}
    every = []
    for account in known.accounts:
        every.append(_posts(known, account, totals[account], numbers[account.platform]))
        numbers[account.platform] += 1
    return every


def _posts(known: Known, account: Account, totals: Totals, number: int) -> Posts:
    tops = tops_of(account, known.top_posts)
    draws = Draws(known.seed, account.surface, account.key, "posts")
    counters = engagement.counters(account, totals, tops, draws)
    second = timeline.seconds(account, totals, tops, draws)
    interactions = sum(counters.values(), np.zeros_like(second))
    types = _types(account, tops, totals.posts, draws)
    views, views_total = _views(tops, types, interactions, draws)
    ids = _shortcodes if account.platform == "instagram" else _facebook_ids
    return Posts(
        account=account,
        tops=tops,
        second=second,
        counters=counters,
        types=types,
        followers=_followers(account, second, draws),
        views=views,
        views_total=views_total,
        ids=ids(number, second, draws),
        texts={place: top.text for place, top in enumerate(tops) if top.text},
        subjects={place: Subject(top.topics) for place, top in enumerate(tops) if top.topics},
    )


def _types(account: Account, tops: list[TopPost], n: int, draws: Draws) -> list[str]:
    others = _INSTAGRAM_TYPES if account.platform == "instagram" else _FACEBOOK_TYPES
    weights = _TYPES.get((account.surface, account.category), others)
    names = list(weights)
    drawn = draws.pick(list(weights.values()), n - len(tops)).tolist()
    return [top.type for top in tops] + [names[each] for each in drawn]


def _views(
    tops: list[TopPost], types: list[str], interactions: Ints, draws: Draws
) -> tuple[Ints, Ints]:
    """Views of the post itself, and of the video with its shares; 0 for what is no video."""
    n = interactions.size
    is_video = np.array([each in VIDEOS for each in types], dtype=bool)
    total = interactions * draws.between(4, 40, n) + draws.below(400, n)
    views_total = np.where(is_video, total, 0)
    views = views_total * draws.between(55, 98, n) // 100
    for place, top in enumerate(tops):
        views[place] = top.counters["views"]
        views_total[place] = top.counters.get("views_total", views[place])
    return views, views_total


def _followers(account: Account, second: Ints, draws: Draws) -> Ints:
    """Followers at posting: a slow growth, by a few percent over the 52 days."""
    permille = int(draws.between(8, 45, 1)[0])
    whole = timeline.END * timeline.DAY
    return account.followers + account.followers * permille * (second - whole // 2) // (
        1000 * whole
    )


def _facebook_ids(number: int, second: Ints, draws: Draws) -> list[str]:
    """15 or 16 digits, growing with time, different for each account."""
    stem = 137 + 59 * number + int(draws.below(59, 1)[0])
    first = int(draws.below(100_000, 1)[0])
    end = (first + np.arange(second.size, dtype=np.int64) * 7919) % 100_000
    return [str(number) for number in (stem * 10**12 + second * 100_000 + end).tolist()]


def _shortcodes(number: int, second: Ints, draws: Draws) -> list[str]:
    """Instagram's 11 characters: the post's number in base 64."""
    since = _START_MS - _INSTAGRAM_EPOCH + second * 1000 + draws.below(1000, second.size)
    end = draws.below(64, second.size) * 2**17 + np.arange(second.size) * 64 + number
    return [_base64(number) for number in (since * 2**23 + end).tolist()]


def _base64(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 64)
        digits = _SHORTCODE[digit] + digits
    return digits
