"""What counts as an interaction on each platform, and which counters a platform has at all.

Source of the rule: DESIGN "The words": Facebook reactions + comments + shares, where reactions =
likes + love + wow + haha + sad + angry + care; Instagram likes + comments. Views are never
interactions. A counter that a platform lacks is missing (``None``), not zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FACEBOOK_REACTIONS = ("likes", "love", "wow", "haha", "sad", "angry", "care")
# Reactions that an export gives only as a sum, or of a kind Facebook does not know.
REACTIONS = (*FACEBOOK_REACTIONS, "other_reactions")
COUNTERS = (*REACTIONS, "comments", "shares", "views", "views_total")


# A number, or its digits as an export prints them; None where it is missing.
Count = int | str | None


@dataclass(frozen=True)
class Platform:
    """One platform: its key in the database, its name, and the counters it knows."""

    key: str
    name: str
    counters: tuple[str, ...]
    interactions: tuple[str, ...]


_LIKES_COMMENTS_SHARES = ("likes", "comments", "shares")

PLATFORMS: dict[str, Platform] = {
    platform.key: platform
    for platform in (
        Platform("facebook", "Facebook", COUNTERS, (*REACTIONS, "comments", "shares")),
        Platform(
            "instagram",
            "Instagram",
            ("likes", "comments", "views", "views_total"),
            ("likes", "comments"),
        ),
        Platform(
            "telegram",
            "Telegram",
            ("other_reactions", "comments", "shares", "views"),
            ("other_reactions", "comments", "shares"),
        ),
        Platform("youtube", "YouTube", ("likes", "comments", "views"), ("likes", "comments")),
        Platform("tiktok", "TikTok", (*_LIKES_COMMENTS_SHARES, "views"), _LIKES_COMMENTS_SHARES),
        Platform("x", "X", (*_LIKES_COMMENTS_SHARES, "views"), _LIKES_COMMENTS_SHARES),
        Platform("vk", "VK", (*_LIKES_COMMENTS_SHARES, "views"), _LIKES_COMMENTS_SHARES),
        Platform(
            "odnoklassniki",
            "Odnoklassniki",
            (*_LIKES_COMMENTS_SHARES, "views"),
            _LIKES_COMMENTS_SHARES,
        ),
        Platform("threads", "Threads", (*_LIKES_COMMENTS_SHARES, "views"), _LIKES_COMMENTS_SHARES),
        Platform("website", "Website", (), ()),
    )
}


def own_counters(platform: str, found: Mapping[str, Count]) -> tuple[Count, ...]:
    """The counters in the order of ``COUNTERS``; those the platform lacks are missing.

    A table may print a 0 for a counter that the platform does not have.
    """
    known = PLATFORMS[platform].counters
    return tuple(found.get(name) if name in known else None for name in COUNTERS)


def interactions(platform: str, counters: dict[str, int | None]) -> int:
    """Interactions of one post; counters that are missing add nothing."""
    return sum(counters.get(name) or 0 for name in PLATFORMS[platform].interactions)
