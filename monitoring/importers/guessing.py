"""A first mapping for an unknown table: by the names of its columns, then by what is in them.

It is a proposal that a person sees beside the first rows and corrects; nothing is imported by it.
"""

import re
from collections.abc import Sequence

from monitoring.importers.addresses import address_of, platform_of
from monitoring.importers.mapping import FIELDS, Mapping
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.times import days_meant, order_shown, written_time

# Names as tools in English and people in Russian and Kyrgyz give them, letters and digits only.
_NAMES = {
    "published": "published publishedat publishdate publisheddate date datetime time timestamp"
    " created createdat createtime creationtime postcreated posted postedat postdate takenat"
    " дата датапубликации датапоста время опубликовано күнү убактысы",
    "url": "url link permalink posturl postlink address href weburl ссылка адрес ссылканапост"
    " шилтеме",
    "post_id": "postid id messageid tweetid videoid statusid nativeid itemid idпоста",
    "text": "text message body content posttext caption description fulltext tweet posttextbody"
    " postbodytext snippet текст сообщение содержание пост",
    "account": "account accountname author authorname name channel channelname channeltitle page"
    " pagename source sourcename publisher автор аккаунт канал страница источник имя название",
    "handle": "handle username screenname user channelusername authorusername login login ник логин"
    " имяпользователя",
    "account_id": "accountid authorid userid channelid pageid ownerid idаккаунта idканала",
    "platform": "platform network socialnetwork sourcetype medium платформа сеть соцсеть площадка",
    "type": "type posttype contenttype mediatype тип типпоста",
    "link": "sharedlink externallink linkurl",
    "followers": "followers followercount followerscount subscribers subscribercount members"
    " подписчики подписчиков участники",
    "reactions": "reactions reactioncount reactionscount totalreactions реакции",
    "likes": "likes likecount likescount favorites favoritecount diggcount лайки лайков нравится",
    "love": "love lovecount",
    "wow": "wow wowcount",
    "haha": "haha hahacount",
    "sad": "sad sadcount",
    "angry": "angry angrycount",
    "care": "care carecount",
    "comments": "comments commentcount commentscount replies replycount комментарии комментариев",
    "shares": "shares sharecount sharescount retweets retweetcount reposts forwards репосты"
    " репостов поделились",
    "views": "views viewcount viewscount playcount impressions просмотры просмотров охват",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split()}
_NOT_A_NAME = re.compile(r"[\W_]+")


def guess(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """The likeliest mapping; ``rows`` are the first few."""
    columns: dict[str, str] = {}
    for name in header:
        field = _FIELD_OF.get(_NOT_A_NAME.sub("", name.rpartition(".")[2].lower()), "")
        field = field or _FIELD_OF.get(_NOT_A_NAME.sub("", name.lower()), "")
        if field and field not in columns:
            columns[field] = name
    cells = {
        name: [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place, name in enumerate(header)
    }
    _by_content(columns, cells)
    ordered = {field: columns[field] for field in FIELDS if field in columns}
    dates = order_shown(filter(days_meant, cells.get(columns.get("published", ""), [])))
    return Mapping(ordered, _platform(columns, cells), "", dates)


def _by_content(columns: dict[str, str], cells: dict[str, list[str]]) -> None:
    """Fill what no name told, and take back what the content contradicts."""
    for field, fits in (("url", _is_post), ("published", _is_time)):
        if field in columns and _share(cells[columns[field]], fits) < 0.5:
            del columns[field]
        if field not in columns:
            free = [name for name in cells if name not in columns.values()]
            best = max(free, key=lambda name: _share(cells[name], fits), default="")
            if best and _share(cells[best], fits) >= 0.8:
                columns[field] = best
    if "text" not in columns:
        free = [name for name in cells if name not in columns.values()]
        longest = max(free, key=lambda name: sum(map(len, cells[name])), default="")
        if longest and sum(map(len, cells[longest])) >= 40 * len(cells[longest]) > 0:
            columns["text"] = longest


def _platform(columns: dict[str, str], cells: dict[str, list[str]]) -> str:
    """The one platform that all addresses are of; "" where a column says it, or none does."""
    if "platform" in columns:
        if any(platform_of(cell) for cell in cells[columns["platform"]]):
            return ""
        del columns["platform"]
    found = {
        address.platform
        for cell in cells.get(columns.get("url", ""), [])
        if (address := address_of(cell))
    }
    return found.pop() if len(found) == 1 else ""


def _share(cells: list[str], fits: object) -> float:
    return sum(map(fits, cells)) / len(cells) if cells else 0.0  # type: ignore[call-overload]


def _is_post(cell: str) -> bool:
    address = address_of(cell)
    return address is not None and bool(address.post)


def _is_time(cell: str) -> bool:
    if re.fullmatch(r"1\d{9}(?:\d{3})?", cell):
        return True
    if cell.isdecimal():
        return False  # a count, unless a person says it is a day of a workbook
    try:
        written_time(cell, "", "dmy")
    except UnreadableRow:
        return False
    return True
