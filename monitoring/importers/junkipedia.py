"""Junkipedia: posts of several platforms, with the name of the channel and the post's address."""

from typing import ClassVar

from monitoring.importers.table import KnownTable


class Junkipedia(KnownTable):
    """Posts of Junkipedia's lists."""

    source: ClassVar[str] = "junkipedia"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("PostId",),
        ("ChannelName",),
        ("Platform",),
        ("published_at", "PublishedAt"),
        ("PostUrl",),
    )
    fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "published": ("published_at", "PublishedAt"),
        "url": ("PostUrl",),
        "post_id": ("PostId",),
        "text": ("post_body_text", "PostBody"),
        "account": ("ChannelName",),
        "platform": ("Platform",),
        "likes": ("LikesCount",),
        "comments": ("CommentsCount",),
        "shares": ("SharesCount",),
        "views": ("ViewsCount",),
    }
