"""Zeeschuimer: what a browser saw of Instagram, TikTok, X and Threads, one JSON object a line.

Each item carries the moment at which it was seen: its counters are of then. Other platforms that
Zeeschuimer captures are refused row by row.
"""

from collections.abc import Callable
from typing import ClassVar

from monitoring.importers.addresses import Address
from monitoring.importers.post_reader import PostReader, account_at, post_row
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import PostRow
from monitoring.importers.values import MOST_VIEWS, count, native_id, post_id

Cell = Callable[..., str]


class Zeeschuimer(PostReader):
    """Items as Zeeschuimer wrapped them; ``data`` is what the platform's own page received."""

    source: ClassVar[str] = "zeeschuimer"
    dated_by_export: ClassVar[bool] = False
    is_by_account: ClassVar[bool] = False
    printed_in: ClassVar[str] = "UTC"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("item_id",),
        ("timestamp_collected",),
        ("source_platform",),
        ("source_platform_url",),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.index = {name: place for place, name in enumerate(self.header)}
        numbers = ("followerCount", "followers_count")
        followers = next((at for name, at in self.index.items() if name.endswith(numbers)), -1)
        self.tells({"text": 0, "url": 0, "followers": followers})

    def row(self, cells: list[str]) -> PostRow:
        def cell(*names: str) -> str:
            """The first of these parts of the item that holds something."""
            for name in names:
                if found := cells[self.index.get(name, -1)].strip():
                    return found
            return ""

        platform = cell("source_platform").removesuffix(".com").removesuffix(".net").lower()
        read = _PLATFORMS.get(platform)
        if read is None:
            raise UnreadableRow("unknown_platform", "source_platform", value=platform)
        return read(self, cell)

    def instagram(self, cell: Cell) -> PostRow:
        hidden = cell("data.like_and_view_counts_disabled") == "true"
        code = post_id(cell("data.code"), "data.code")
        return self._post(
            cell,
            Address("instagram", code, "", "", "profile"),
            handle=cell("data.user.username", "data.owner.username"),
            name=cell("data.user.full_name", "data.owner.full_name"),
            published=cell("data.taken_at"),
            text=cell("data.caption.text"),
            url=f"https://www.instagram.com/p/{code}/",
            likes="" if hidden else cell("data.like_count"),
            comments=cell("data.comment_count"),
            views="" if hidden else cell("data.play_count", "data.view_count"),
        )

    def threads(self, cell: Cell) -> PostRow:
        code = post_id(cell("data.code"), "data.code")
        handle = cell("data.user.username")
        info = "data.text_post_app_info."
        return self._post(
            cell,
            Address("threads", code, "", "", "profile"),
            handle=handle,
            name=cell("data.user.full_name"),
            published=cell("data.taken_at"),
            text=cell("data.caption.text"),
            url=f"https://www.threads.net/@{handle}/post/{code}",
            likes=cell("data.like_count"),
            comments=cell(f"{info}direct_reply_count"),
            shares=cell(f"{info}repost_count"),
        )

    def tiktok(self, cell: Cell) -> PostRow:
        own = post_id(cell("data.id", "item_id"), "data.id")
        handle = cell("data.author.uniqueId", "data.author")
        stats = ("data.stats.", "data.statsV2.")
        return self._post(
            cell,
            Address("tiktok", own, "", "", "profile"),
            handle=handle,
            native_id=native_id(cell("data.author.id"), "data.author.id"),
            name=cell("data.author.nickname"),
            published=cell("data.createTime"),
            text=cell("data.desc"),
            url=f"https://www.tiktok.com/@{handle}/video/{own}",
            followers=cell("data.authorStats.followerCount"),
            likes=cell(*(f"{one}diggCount" for one in stats)),
            comments=cell(*(f"{one}commentCount" for one in stats)),
            shares=cell(*(f"{one}shareCount" for one in stats)),
            views=cell(*(f"{one}playCount" for one in stats)),
        )

    def x(self, cell: Cell) -> PostRow:
        own = post_id(cell("data.rest_id", "data.legacy.id_str", "item_id"), "data.rest_id")
        user = "data.core.user_results.result."
        handle = cell(f"{user}core.screen_name", f"{user}legacy.screen_name")
        reposts = [cell(f"data.legacy.{name}") for name in ("retweet_count", "quote_count")]
        known = [int(one) for one in reposts if one.isdecimal()]
        return self._post(
            cell,
            Address("x", own, "", "", "profile"),
            handle=handle,
            native_id=native_id(cell(f"{user}rest_id"), f"{user}rest_id"),
            name=cell(f"{user}core.name", f"{user}legacy.name"),
            published=cell("data.legacy.created_at"),
            text=cell("data.note_tweet.note_tweet_results.result.text", "data.legacy.full_text"),
            url=f"https://x.com/{handle}/status/{own}",
            followers=cell(f"{user}legacy.followers_count"),
            likes=cell("data.legacy.favorite_count"),
            comments=cell("data.legacy.reply_count"),
            shares=str(sum(known)) if known else "",
            views=cell("data.views.count"),
        )

    def _post(
        self,
        cell: Cell,
        address: Address,
        *,
        handle: str,
        name: str,
        published: str,
        text: str,
        url: str,
        native_id: str = "",
        followers: str = "",
        **counters: str,
    ) -> PostRow:
        if not published:
            raise UnreadableRow("no_time", "data")
        account = account_at(address, native_id=native_id, handle=handle, name=name)
        collected = cell("timestamp_collected")
        return post_row(
            self.number_of(account),
            address.post,
            self.times.instant(published, "data"),
            platform=address.platform,
            observed_at=self.times.instant(collected, "timestamp_collected") if collected else None,
            followers=count(followers, "followers", most=MOST_VIEWS),
            counters={
                field: count(printed, field, most=MOST_VIEWS if field == "views" else 2**31 - 1)
                for field, printed in counters.items()
            },
            text=text,
            url=url,
        )


_PLATFORMS: dict[str, Callable[[Zeeschuimer, Cell], PostRow]] = {
    "instagram": Zeeschuimer.instagram,
    "threads": Zeeschuimer.threads,
    "tiktok": Zeeschuimer.tiktok,
    "twitter": Zeeschuimer.x,
    "x": Zeeschuimer.x,
}
