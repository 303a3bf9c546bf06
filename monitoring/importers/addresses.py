"""Addresses of posts: the platform they are on, the id of the post, and whose it is.

Exports of most tools print no id of the account, and some none of the post; the address has both.
Where a platform numbers posts within a channel (Telegram), the channel is part of the id. A page of
a website is known by a digest of its address.
"""

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit

from monitoring.importers.problems import UnreadableRow

POST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HANDLE = re.compile(r"[\w.-]{1,200}")
# What advertising and mail programs hang on an address; the page is the same without.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|mc_cid|mc_eid")


class Address(NamedTuple):
    """Where a post is; empty strings where the address does not say."""

    platform: str
    post: str
    handle: str
    owner_id: str
    kind: str  # of the account


def address_of(url: str) -> Address | None:
    """What an address says; None where it is none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "." not in host:
        return None
    for name, read in _PLATFORMS.items():
        if host == name or host.endswith("." + name):
            return read(parts)
    return _website(parts, host)


def platform_of(name: str) -> str:
    """The platform that a name as exports print it means; "" for none."""
    return _NAMES.get(re.sub(r"[^a-z]", "", name.lower()), "")


def facebook_post_id(url: str) -> str:
    """The id of a post in any of the forms of its address. Raises UnreadableRow."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise UnreadableRow("no_post_id", "URL", value=url) from None
    query = parse_qs(parts.query)
    for name in ("story_fbid", "fbid", "v"):
        if name in query and POST_ID.fullmatch(query[name][0]):
            return query[name][0]
    last = parts.path.rstrip("/").rpartition("/")[2]
    if not parts.netloc or not POST_ID.fullmatch(last) or not any(map(str.isdecimal, last)):
        raise UnreadableRow("no_post_id", "URL", value=url)
    return last


def _facebook(parts: SplitResult) -> Address:
    try:
        post = facebook_post_id(parts.geturl())
    except UnreadableRow:
        post = ""
    path = _path(parts)
    if path[:1] == ["groups"] and len(path) > 1:
        return Address("facebook", post, *_id_or_handle(path[1]), "group")
    owner = path[0] if len(path) > 1 else parse_qs(parts.query).get("id", [""])[0]
    if owner in ("watch", "photo", "story.php", "permalink.php", "reel"):
        owner = ""
    return Address("facebook", post, *_id_or_handle(owner), "page")


def _instagram(parts: SplitResult) -> Address:
    path = _path(parts)
    for number, part in enumerate(path[:-1]):
        if part in ("p", "tv", "reel", "reels"):
            handle = path[0] if number else ""
            return Address("instagram", _sound(path[number + 1]), handle, "", "profile")
    return Address("instagram", "", path[0] if path else "", "", "profile")


def _telegram(parts: SplitResult) -> Address:
    path = [part for part in _path(parts) if part != "s"]
    if path[:1] == ["c"] and len(path) > 2:
        return Address("telegram", f"c/{path[1]}/{path[-1]}"[:64], "", path[1], "channel")
    channel = path[0] if path else ""
    is_post = len(path) > 1 and path[-1].isdecimal()
    post = f"{channel.lower()}/{path[-1]}" if is_post else ""
    return Address("telegram", post[:64], channel, "", "channel")


def _youtube(parts: SplitResult) -> Address:
    path = _path(parts)
    post = parse_qs(parts.query).get("v", [""])[0]
    if path[:1] in (["shorts"], ["live"], ["embed"]) and len(path) > 1:
        post = path[1]
    elif parts.hostname == "youtu.be" and path:
        post = path[0]
    handle = path[0][1:] if path and path[0].startswith("@") else ""
    return Address("youtube", _sound(post), handle, "", "channel")


def _tiktok(parts: SplitResult) -> Address:
    path = _path(parts)
    handle = path[0][1:] if path and path[0].startswith("@") else ""
    is_post = len(path) > 2 and path[1] in ("video", "photo")
    return Address("tiktok", _sound(path[2]) if is_post else "", handle, "", "profile")


def _x(parts: SplitResult) -> Address:
    path = _path(parts)
    is_post = len(path) > 2 and path[1] in ("status", "statuses")
    handle = path[0] if path and path[0] != "i" else ""
    return Address("x", _sound(path[2]) if is_post else "", handle, "", "profile")


def _vk(parts: SplitResult) -> Address:
    found = re.search(r"(wall|video|clip|photo)((-?)\d{1,20})_(\d{1,20})", parts.geturl())
    if found:
        what, owner, group, number = found.groups()
        # Photos and videos are numbered apart from what is on the wall; a clip is a video.
        apart = {"wall": "", "clip": "video"}.get(what, what)
        kind = "group" if group else "profile"
        return Address("vk", f"{apart}{owner}_{number}", "", owner, kind)
    path = _path(parts)
    return Address("vk", "", path[0] if path else "", "", "group")


def _odnoklassniki(parts: SplitResult) -> Address:
    path = _path(parts)
    kind = "profile" if path[:1] == ["profile"] else "group"
    owner = path[1] if path[:1] in (["group"], ["profile"]) and len(path) > 1 else "".join(path[:1])
    is_post = len(path) > 2 and path[-2] in ("topic", "statuses", "video")
    return Address(
        "odnoklassniki", _sound(path[-1]) if is_post else "", *_id_or_handle(owner), kind
    )


def _threads(parts: SplitResult) -> Address:
    path = _path(parts)
    handle = path[0][1:] if path and path[0].startswith("@") else ""
    is_post = len(path) > 2 and path[1] == "post"
    return Address("threads", _sound(path[2]) if is_post else "", handle, "", "profile")


def _website(parts: SplitResult, host: str) -> Address:
    query = urlencode(
        [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key)]
    )
    page = f"{host}{parts.path.rstrip('/')}?{query}"
    is_post = bool(parts.path.strip("/") or query)
    digest = hashlib.sha256(page.encode("utf-8", "replace")).hexdigest() if is_post else ""
    return Address("website", digest, host[:200], "", "page")


def _path(parts: SplitResult) -> list[str]:
    return [part for part in parts.path.split("/") if part]


def _sound(post: str) -> str:
    return post if POST_ID.fullmatch(post) else ""


def _id_or_handle(owner: str) -> tuple[str, str]:
    """(handle, id): the same place in an address holds either."""
    if owner.isascii() and owner.isdecimal() and len(owner) <= 64:
        return "", owner
    return (owner if _HANDLE.fullmatch(owner) else ""), ""


_PLATFORMS: dict[str, Callable[[SplitResult], Address]] = {
    "facebook.com": _facebook,
    "fb.com": _facebook,
    "fb.watch": _facebook,
    "instagram.com": _instagram,
    "t.me": _telegram,
    "telegram.me": _telegram,
    "youtube.com": _youtube,
    "youtu.be": _youtube,
    "tiktok.com": _tiktok,
    "x.com": _x,
    "twitter.com": _x,
    "vk.com": _vk,
    "vk.ru": _vk,
    "ok.ru": _odnoklassniki,
    "odnoklassniki.ru": _odnoklassniki,
    "threads.net": _threads,
    "threads.com": _threads,
}
_NAMES = {
    "facebook": "facebook",
    "fb": "facebook",
    "facebookpages": "facebook",
    "facebookpublic": "facebook",
    "facebookgroups": "facebook",
    "instagram": "instagram",
    "ig": "instagram",
    "instagrampublic": "instagram",
    "telegram": "telegram",
    "tg": "telegram",
    "youtube": "youtube",
    "yt": "youtube",
    "tiktok": "tiktok",
    "x": "x",
    "xtwitter": "x",
    "twitter": "x",
    "vk": "vk",
    "vkontakte": "vk",
    "odnoklassniki": "odnoklassniki",
    "ok": "odnoklassniki",
    "okru": "odnoklassniki",
    "threads": "threads",
    "website": "website",
    "web": "website",
    "news": "website",
    "onlinenews": "website",
    "blog": "website",
}


_ACCOUNTS = {
    "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "telegram": "https://t.me/{}",
    "youtube": "https://www.youtube.com/@{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "x": "https://x.com/{}",
    "vk": "https://vk.com/{}",
    "odnoklassniki": "https://ok.ru/{}",
    "threads": "https://www.threads.net/@{}",
    "website": "https://{}/",
}


def account_address(platform: str, handle: str) -> str:
    """Where an account is found by its handle; "" where a handle is a mere name."""
    return _ACCOUNTS[platform].format(handle) if _HANDLE.fullmatch(handle) else ""
