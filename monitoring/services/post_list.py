"""The posts of some accounts, the newest first, looked through slice of time by slice of time.

No index serves the posts of a project by time, or the words in them: each would cost every import.
But each account's posts are in the order of time, and a slice of time of all accounts is a small
piece of each. Slices are as long as it takes to hold some thousand posts; a search that has not
found enough when its time is up says how far it came, and goes on from there when asked again.
"""

import datetime
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction

# A slice should hold so many posts: some milliseconds of looking.
AIM = 3000
_FIRST_SPAN = datetime.timedelta(hours=1)
_LONGEST_SPAN = datetime.timedelta(days=400)
_EPOCH = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,18})-(\d{1,18})")
# Statistics may not know of a project yet, or take one account for all: neither may lead to reading
# the posts of others.
_CAREFULLY = """
    SELECT set_config('statement_timeout', '3s', true), set_config('enable_seqscan', 'off', true)
"""
# OFFSET keeps each account's look-up its own, and the order leads it to the index by time.
_BEFORE = """
    post.account_id = account.id AND post.published_at <= %(at)s
    AND (post.published_at, post.id) < (%(at)s, %(id)s)
    AND post.published_at >= %(since)s
"""
_SLICE = f"""
    SELECT count(*),
        (array_agg(post.id ORDER BY post.published_at DESC, post.id DESC)
            FILTER (WHERE post.fits))[1:%(most)s]
    FROM unnest(%(accounts)s::bigint[]) AS account(id)
    CROSS JOIN LATERAL (
        SELECT post.id, post.published_at, (
            (%(type)s = '' OR post.type = %(type)s)
            AND (NOT %(provisional)s OR post.is_provisional)
            AND (%(words)s = '' OR post.text ILIKE %(words)s OR post.link_text ILIKE %(words)s)
        ) AS fits
        FROM monitoring_post AS post WHERE {_BEFORE}
        ORDER BY post.published_at DESC OFFSET 0
    ) AS post
"""  # noqa: S608  # of constants
_NEWEST = f"""
    SELECT max(post.published_at)
    FROM unnest(%(accounts)s::bigint[]) AS account(id)
    CROSS JOIN LATERAL (
        SELECT post.published_at FROM monitoring_post AS post WHERE {_BEFORE}
        ORDER BY post.published_at DESC LIMIT 1
    ) AS post
"""  # noqa: S608  # of constants


class TookTooLong(Exception):
    """Not even the first slice could be looked through."""


class Place(NamedTuple):
    """Between two posts of the list: those that follow are older, or as old with a lower id."""

    at: datetime.datetime
    id: int = 0

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place that ``str`` wrote; None for anything else."""
        found = _PLACE.fullmatch(text)
        try:
            return cls(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2])) if found else None
        except OverflowError:
            return None


NEWEST = Place(datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC))
OLDEST = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Wanted:
    """Which posts of the accounts to list."""

    accounts: Sequence[int]
    words: str = ""  # anywhere in the text, in any case
    type: str = ""
    provisional: bool = False
    since: datetime.datetime = OLDEST  # inclusive

    def values(self) -> dict[str, Any]:
        escaped = re.sub(r"([%_\\])", r"\\\1", self.words)
        return {
            "accounts": list(self.accounts),
            "words": f"%{escaped}%" if escaped else "",
            "type": self.type,
            "provisional": self.provisional,
        }


class Found(NamedTuple):
    """The ids of posts, the newest first, and where the search stands; None where it is through."""

    ids: list[int]
    back_to: Place | None


@transaction.atomic
def look_back(*, wanted: Wanted, before: Place = NEWEST, most: int, seconds: float) -> Found:
    """At most ``most`` posts before a place; after ``seconds`` what there is by then.

    Where there are ``most``, ``back_to`` is where the last slice ended: more of it may follow the
    last post. Looks through one slice at least; raises TookTooLong where that is too much.
    """
    deadline = time.monotonic() + seconds
    ids: list[int] = []
    span = _FIRST_SPAN
    here: Place | None = before
    looked = 0
    with connection.cursor() as cursor:
        cursor.execute(_CAREFULLY)
        while here is not None:
            try:
                with transaction.atomic():
                    end = here.at if looked else _newest(cursor, wanted, here)
                    if end is None:
                        return Found(ids, None)
                    since = max(wanted.since, end - span)
                    looked, some = _slice(cursor, wanted, here, since, most - len(ids))
            except OperationalError as problem:
                if here == before:
                    raise TookTooLong from problem
                break
            ids += some
            here = Place(since) if since > wanted.since else None
            if len(ids) >= most or time.monotonic() >= deadline:
                break
            span = min(_LONGEST_SPAN, span * min(4.0, max(0.25, AIM / max(looked, 1))))
    return Found(ids, here)


def _newest(cursor: Any, wanted: Wanted, before: Place) -> datetime.datetime | None:
    """When the newest post before a place was published."""
    bounds = {"at": before.at, "id": before.id, "since": wanted.since}
    cursor.execute(_NEWEST, {**wanted.values(), **bounds})
    (found,) = cursor.fetchone()
    return found


def _slice(
    cursor: Any, wanted: Wanted, before: Place, since: datetime.datetime, most: int
) -> tuple[int, list[int]]:
    """How many posts there are from ``since`` until a place, and which of them fit."""
    bounds = {"at": before.at, "id": before.id, "since": since, "most": most}
    cursor.execute(_SLICE, {**wanted.values(), **bounds})
    looked, ids = cursor.fetchone()
    return looked, ids or []
