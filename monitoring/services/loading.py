"""Posts of a chunk into the database: new ones, newer readings of known ones, and their totals.

Rows of which the database knows no post go straight into the table; others are copied into a
temporary one, compared, and handled as a set. No statement is run per row. All of it happens in
the caller's transaction. Whatever the order in which files, chunks and rows arrive, the same posts,
observations, reported counters and totals come out:

* a post is known by (platform, native id) within its project;
* of two readings of one moment the greater one stands, by interactions, then counter by counter;
* a post's texts are those of the newest export, of two equally new ones the greater;
* reported are the counters of the first reading taken ``stabilisation_days`` after publication,
  else of the latest (DESIGN "observation"); the project's rule may be *latest* instead.
"""

import datetime
import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from monitoring.importers.copy_lines import MISSING
from monitoring.importers.records import Parsed, PostRow
from monitoring.models import CountersRule, Import, Project
from monitoring.services import totals
from monitoring.services.accounts import Found, resolve
from monitoring.services.new_posts import new_lines
from monitoring.services.post_statements import (
    CHOOSE,
    COMPARE,
    COPY,
    COPY_POSTS,
    COUNT_NEW,
    COUNT_UPDATED,
    CREATE_INCOMING,
    DROP,
    FORGET_KNOWN,
    HAS_KNOWN,
    INSERT_NEW,
    MOVE_IN,
    MOVE_OUT,
    TAKE_IDS,
    UPDATE_KNOWN,
)
from monitoring.services.totals import rebuild_daily_totals

__all__ = ["Counts", "Raced", "load_posts", "rebuild_daily_totals"]


class Counts(NamedTuple):
    """What became of rows. ``waiting`` are those of the created whose account nobody claimed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0
    # The created posts are among these ids.
    first_post: int | None = None
    last_post: int | None = None
    # The first and last day, in ISO form, of the posts of each account, by its id.
    seen: Mapping[str, list[str]] = MappingProxyType({})

    def plus(self, other: "Counts") -> "Counts":
        """Of rows that came after these, whose posts have greater ids."""
        return Counts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.waiting + other.waiting,
            self.first_post or other.first_post,
            other.last_post or self.last_post,
        )


# Exports are new as a whole or overlap for days, so one row in so many tells nearly always whether
# a chunk holds known posts. The unique keys tell in the other cases.
_LOOKED_AT = 50
# A post, and its line for COPY.
Sent = tuple[PostRow, str]


class Raced(Exception):
    """Another import stored one of the posts at the same moment: load the chunk again."""


def load_posts(*, project: Project, source_import: Import, parsed: Parsed) -> Counts:
    """Store the posts of a chunk. Raises Raced where a concurrent import was quicker."""
    found = resolve(project=project, seen=parsed.accounts)
    counts = Counts()
    waves = _waves(list(zip(parsed.rows, parsed.lines, strict=True)))
    for wave in waves:
        counts = counts.plus(_load_wave(project, source_import, found, wave))
    said_before = len(parsed.rows) - sum(map(len, waves))
    return counts._replace(
        unchanged=counts.unchanged + said_before, seen=_seen(found, parsed.rows, project.zone)
    )


def _seen(found: list[Found], posts: list[PostRow], zone: datetime.tzinfo) -> dict[str, list[str]]:
    """Of what the file is: the accounts that have posts in it, and from when to when."""
    moments: dict[str, list[str]] = {}
    for post in posts:
        ends = moments.setdefault(post.account, [post.published_at, post.published_at])
        if post.published_at < ends[0]:
            ends[0] = post.published_at
        elif post.published_at > ends[1]:
            ends[1] = post.published_at
    return {
        str(found[int(account)].id): [
            datetime.datetime.fromisoformat(moment).astimezone(zone).date().isoformat()
            for moment in ends
        ]
        for account, ends in moments.items()
    }


def _waves(posts: list[Sent]) -> list[list[Sent]]:
    """Runs in which each post occurs once: a row that repeats a post meets it as a known one.

    Without the rows that say exactly what another row said.
    """
    if len({post.native_id for post, _line in posts}) == len(posts):
        return [posts] if posts else []
    waves = []
    left = list(dict.fromkeys(posts))
    while left:
        wave: dict[str, Sent] = {}
        left = [sent for sent in left if wave.setdefault(sent[0].native_id, sent) is not sent]
        waves.append(list(wave.values()))
    return waves


def _load_wave(
    project: Project, source_import: Import, found: list[Found], posts: list[Sent]
) -> Counts:
    values: dict[str, Any] = {
        "project": project.pk,
        "import": source_import.pk,
        "exported_at": source_import.exported_at,
        "zone": project.timezone,
        "days": project.stabilisation_days,
        "latest": project.counters_rule == CountersRule.LATEST,
        "numbers": list(range(len(found))),
        "accounts": [account.id for account in found],
        "platforms": [account.platform for account in found],
        "waiting": [number for number, account in enumerate(found) if account.waits],
    }
    with connection.cursor() as cursor:

        def run(statement: str) -> int:
            cursor.execute(statement, values)
            return cursor.rowcount

        if not _has_known(cursor, project, found, posts[::_LOOKED_AT]):
            with suppress(IntegrityError), transaction.atomic():
                return _copy_new(run, cursor, found, posts, values)
        run(CREATE_INCOMING)
        lines = (f"{post.account}\t{post.observed_at or MISSING}\t{line}\n" for post, line in posts)
        _copy(cursor, COPY, "".join(lines))
        known = run(COMPARE)
        touched, updated = _update_known(run, cursor) if known else (0, 0)
        created = len(posts) - known
        waiting, first, last = 0, None, None
        if created:
            run(FORGET_KNOWN)
            _insert_new(run, created)
            run(COUNT_NEW)
            waiting, first, last = cursor.fetchone()
        _add_up(run, changed=bool(touched), created=bool(created))
        run(DROP)
    return Counts(created, updated, known - updated, waiting, first, last)


def _update_known(run: Callable[[str], int], cursor: Any) -> tuple[int, int]:
    """Keep what the rows say anew of known posts: how many posts change, and how many are said to.

    A newer reading of a post whose reported counters are final does not change the post.
    """
    touched = run(CHOOSE)
    if touched:
        run(MOVE_IN)
    if not run(MOVE_OUT) and not touched:
        return 0, 0
    if touched:
        run(UPDATE_KNOWN)
    run(COUNT_UPDATED)
    return touched, cursor.fetchone()[0]


def _has_known(cursor: Any, project: Project, found: list[Found], posts: list[Sent]) -> bool:
    ids: dict[str, list[str]] = {}
    for post, _line in posts:
        ids.setdefault(found[int(post.account)].platform, []).append(post.native_id)
    for platform, native_ids in ids.items():
        values = {"project": project.pk, "platform": platform, "native_ids": _array(native_ids)}
        cursor.execute(HAS_KNOWN, values)
        if cursor.fetchone()[0]:
            return True
    return False


def _array(texts: Iterable[str]) -> str:
    """PostgreSQL's literal of an array; a list takes the driver five times as long."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return '{"' + '","'.join(escaped) + '"}'


def _copy_new(
    run: Callable[[str], int],
    cursor: Any,
    found: list[Found],
    posts: list[Sent],
    values: dict[str, Any],
) -> Counts:
    """Store posts none of which is known, without comparing them with anything.

    Raises IntegrityError where one is known after all, or was stored by another import meanwhile.
    """
    cursor.execute(TAKE_IDS, {"rows": len(posts)})
    ids = [number for (number,) in cursor.fetchall()]
    _copy(cursor, COPY_POSTS, new_lines(posts, found, ids, values))
    values["ids"] = _array(map(str, ids))
    totals.add_copied_posts(run)
    waiting = sum(found[int(post.account)].waits for post, _line in posts)
    return Counts(len(posts), 0, 0, waiting, ids[0], ids[-1])


def _copy(cursor: Any, statement: str, lines: str) -> None:
    cursor.copy_expert(statement, io.BytesIO(lines.encode()), 1 << 20)


def _insert_new(run: Callable[[str], int], expected: int) -> None:
    try:
        inserted = run(INSERT_NEW)
    except IntegrityError as error:
        raise Raced from error
    if inserted != expected:
        raise Raced


def _add_up(run: Callable[[str], int], *, changed: bool, created: bool) -> None:
    if changed:
        totals.add_changes(run)
    elif created:
        totals.add_new_posts(run)
