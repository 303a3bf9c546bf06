"""Posts of a chunk into the database: new ones, newer readings of known ones, and their totals.

The rows are copied into a temporary table and handled as a set; no statement is run per row. All
of it happens in the caller's transaction. Whatever the order in which files, chunks and rows
arrive, the same posts, observations, reported counters and totals come out:

* a post is known by (platform, native id) within its project;
* of two readings of one moment the greater one stands, by interactions, then counter by counter;
* a post's texts are those of the newest export, of two equally new ones the greater;
* reported are the counters of the first reading taken ``stabilisation_days`` after publication,
  else of the latest (DESIGN "observation"); the project's rule may be *latest* instead.
"""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import IntegrityError, connection

from monitoring.importers.records import Parsed, PostRow
from monitoring.models import CountersRule, Import, Project
from monitoring.services import totals
from monitoring.services.accounts import Found, resolve
from monitoring.services.post_statements import (
    COMPARE,
    COPY,
    COUNT_NEW,
    COUNT_UPDATED,
    CREATE_INCOMING,
    DROP,
    FORGET_KNOWN,
    INSERT_NEW,
    OBSERVE_KNOWN,
    OBSERVE_NEW,
    UPDATE_KNOWN,
)
from monitoring.services.totals import rebuild_daily_totals

__all__ = ["Counts", "Raced", "load_posts", "rebuild_daily_totals"]


_TABS = len(PostRow._fields) - 1
_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


class Counts(NamedTuple):
    """What became of rows. ``waiting`` are those of the created whose account nobody claimed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0
    # The created posts are among these ids.
    first_post: int | None = None
    last_post: int | None = None

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


class Raced(Exception):
    """Another import stored one of the posts at the same moment: load the chunk again."""


def load_posts(*, project: Project, source_import: Import, parsed: Parsed) -> Counts:
    """Store the posts of a chunk. Raises Raced where a concurrent import was quicker."""
    found = resolve(project=project, seen=parsed.accounts)
    distinct = _distinct(parsed.rows)
    counts = Counts(unchanged=len(parsed.rows) - len(distinct))
    for wave in _waves(distinct):
        counts = counts.plus(_load_wave(project, source_import, found, wave))
    return counts


def _distinct(posts: list[PostRow]) -> list[PostRow]:
    """Without the rows that say exactly what another row said."""
    if len({post.native_id for post in posts}) == len(posts):
        return posts
    return list(dict.fromkeys(posts))


def _waves(posts: list[PostRow]) -> Iterator[list[PostRow]]:
    """Runs in which each post occurs once: a row that repeats a post meets it as a known one."""
    while posts:
        wave: dict[str, PostRow] = {}
        again = [post for post in posts if wave.setdefault(post.native_id, post) is not post]
        yield list(wave.values())
        posts = again


def _load_wave(
    project: Project, source_import: Import, found: list[Found], posts: list[PostRow]
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

        run(CREATE_INCOMING)
        cursor.copy_expert(COPY, _as_copy_text(posts), 1 << 20)
        known = run(COMPARE)
        touched = updated = waiting = 0
        if known:
            run(OBSERVE_KNOWN)
            touched = run(UPDATE_KNOWN)
            run(COUNT_UPDATED)
            updated = cursor.fetchone()[0]
            run(FORGET_KNOWN)
        created = len(posts) - known
        if created:
            _insert_new(run, created)
        if created and values["waiting"]:
            run(COUNT_NEW)
            waiting = cursor.fetchone()[0]
        run("SELECT min(id), max(id) FROM incoming")
        first, last = cursor.fetchone()
        # Foreign keys are checked now, so that days are locked for as short as can be.
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("SET CONSTRAINTS ALL DEFERRED")
        _add_up(run, changed=bool(touched), created=bool(created))
        run(DROP)
    return Counts(created, updated, known - updated, waiting, first, last)


def _insert_new(run: Callable[[str], int], expected: int) -> None:
    try:
        inserted = run(INSERT_NEW)
    except IntegrityError as error:
        raise Raced from error
    if inserted != expected:
        raise Raced
    run(OBSERVE_NEW)


def _add_up(run: Callable[[str], int], *, changed: bool, created: bool) -> None:
    if changed:
        if run(totals.CHANGES):
            run(totals.MAKE_ROOM)
            run(totals.LOCK_DAYS)
            run(totals.ADD_CHANGES)
        run("DROP TABLE delta")
    elif created:
        run(totals.ADD_NEW_POSTS)


def _as_copy_text(posts: list[PostRow]) -> io.BytesIO:
    """The rows as COPY reads them. NUL stands for a missing value: readers refuse it in cells."""
    lines = []
    for post in posts:
        line = "\t".join(["\0" if cell is None else cell for cell in post])
        if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != _TABS:
            line = "\t".join(["\0" if cell is None else cell.translate(_ESCAPES) for cell in post])
        lines.append(line)
    lines.append("")
    return io.BytesIO("\n".join(lines).replace("\0", "\\N").encode())
