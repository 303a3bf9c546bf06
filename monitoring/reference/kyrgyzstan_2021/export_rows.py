"""One post as a row of CrowdTangle's 2020 exports.

Only the totals carry thousands separators. Times are EST, the zone of the dashboard, so that a day
only comes out right when it is read in Bishkek's. Reconstructed posts link to no real site.
"""

import datetime

from monitoring.reference.kyrgyzstan_2021.accounts import Account
from monitoring.reference.kyrgyzstan_2021.draws import Draws
from monitoring.reference.kyrgyzstan_2021.posts import VIDEOS, Posts
from monitoring.reference.kyrgyzstan_2021.texts import Dice, Writer

# After the first column, which is `Page Name` or `Group Name`.
FACEBOOK_COLUMNS = [
    "User Name", "Facebook Id", "Likes at Posting", "Created", "Type", "Likes", "Comments",
    "Shares", "Love", "Wow", "Haha", "Sad", "Angry", "Care", "Video Share Status", "Post Views",
    "Total Views", "Total Views For All Crossposts", "Video Length", "URL", "Message", "Link",
    "Final Link", "Image Text", "Link Text", "Description", "Sponsor Id", "Sponsor Name",
    "Total Interactions",
    "Total Interactions (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x Haha 1x "
    "Sad 1x Angry 1x Care 1x )",
]  # fmt: skip
INSTAGRAM_COLUMNS = [
    "Account", "User Name", "Followers at Posting", "Created", "Type", "Likes", "Comments",
    "Views", "URL", "Link", "Photo", "Title", "Description",
]  # fmt: skip

# Midnight in Bishkek (UTC+6) is 13:00 of the day before in EST (UTC-5); there is no summer time.
_EST_LEAD = 13 * 3600
_EST_DAYS = [
    (datetime.date(2020, 11, 18) + datetime.timedelta(days=day)).isoformat() for day in range(54)
]
# Reactions other than likes: per thousand of all, at most.
_REACTIONS = {"love": 170, "wow": 25, "haha": 70, "sad": 60, "angry": 45, "care": 25}
_LINKS = ("Link", "YouTube")

Row = list[str | int]


class _Rows:
    """The rows of one account's posts."""

    def __init__(self, posts: Posts, names: dict[str, Account], seed: int) -> None:
        self._posts = posts
        self._account = posts.account
        self._writer = Writer(posts.account, names)
        # Lists, because reading single numbers out of arrays is slow.
        self._second: list[int] = posts.second.tolist()
        self._followers: list[int] = posts.followers.tolist()
        self._views: list[int] = posts.views.tolist()
        self._parts: list[list[int]] = [posts.counters[n].tolist() for n in posts.parts]
        name = (posts.account.surface, posts.account.key, "texts")
        self._luck: list[int] = Draws(seed, *name).raw(2 * len(posts.ids)).tolist()

    def _text(self, place: int) -> str:
        """128 random bits for each text, whatever the order in which they are written."""
        dice = Dice(self._luck[2 * place] << 64 | self._luck[2 * place + 1])
        return self._writer.text(self._posts, place, dice)


class FacebookRows(_Rows):
    def __init__(self, posts: Posts, names: dict[str, Account], seed: int) -> None:
        super().__init__(posts, names, seed)
        self._views_total: list[int] = posts.views_total.tolist()
        self._totals: list[int] = posts.interactions.tolist()
        self._slug = self._account.handle or self._account.native_id
        self._kinds = _split_reactions(posts, seed)

    def row(self, place: int) -> Row:
        posts, account = self._posts, self._account
        reactions, comments, shares = (part[place] for part in self._parts)
        others = [kind[place] for kind in self._kinds]
        text = self._text(place)
        linked = posts.types[place] in _LINKS and place not in posts.texts
        link = self._link(place)
        total = f"{self._totals[place]:,}"
        return [
            account.name,
            account.handle,
            account.native_id,
            self._followers[place],
            _est(self._second[place]),
            posts.types[place],
            reactions - sum(others),
            comments,
            shares,
            *others,
            "original" if posts.types[place] in VIDEOS else "",
            self._views[place],
            self._views_total[place],
            0,
            self._length(place),
            self._url(place),
            text,
            link,
            link if linked else "",
            "",
            text.partition(". ")[0] if linked else "",
            "",
            "",
            "",
            total,
            total,
        ]

    def _length(self, place: int) -> str:
        posts = self._posts
        if posts.types[place] not in VIDEOS:
            return "N/A"
        if place < len(posts.tops) and posts.tops[place].length:
            return posts.tops[place].length
        minutes, seconds = divmod(12 + int(posts.ids[place]) % 900, 60)
        return f"00:{minutes:02}:{seconds:02}"

    def _url(self, place: int) -> str:
        number = self._posts.ids[place]
        if self._account.kind == "group":
            return f"https://www.facebook.com/groups/{self._slug}/permalink/{number}"
        return f"https://www.facebook.com/{self._slug}/posts/{number}"

    def _link(self, place: int) -> str:
        """What the post shows: its own video or photo, or a page elsewhere."""
        kind, number = self._posts.types[place], self._posts.ids[place]
        if kind == "Status":
            return ""
        if kind in _LINKS:
            return f"https://example.org/{kind.lower()}/{number}"
        if kind in VIDEOS:
            return f"https://www.facebook.com/{self._slug}/videos/{number}/"
        if self._account.kind == "group":
            return f"https://www.facebook.com/photo.php?fbid={number}&set=g.{self._slug}"
        album = self._account.native_id
        return f"https://www.facebook.com/{self._slug}/photos/a.{album}/{number}/?type=3"


class InstagramRows(_Rows):
    def row(self, place: int) -> Row:
        likes, comments = (part[place] for part in self._parts)
        url = f"https://www.instagram.com/p/{self._posts.ids[place]}/"
        return [
            self._account.name,
            self._account.handle,
            self._followers[place],
            _est(self._second[place]),
            self._posts.types[place],
            likes,
            comments,
            self._views[place],
            url,
            url,
            "",
            "",
            self._text(place),
        ]


def _split_reactions(posts: Posts, seed: int) -> list[list[int]]:
    """Love, wow, haha, sad, angry and care of each post; what is left are likes."""
    reactions = posts.counters["reactions"]
    draws = Draws(seed, posts.account.surface, posts.account.key, "reactions")
    return [
        (reactions * draws.below(most, reactions.size) // 1000).tolist()
        for most in _REACTIONS.values()
    ]


def _est(second: int) -> str:
    day, rest = divmod(second + _EST_LEAD, 86_400)
    minutes, seconds = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{_EST_DAYS[day]} {hours:02}:{minutes:02}:{seconds:02} EST"
