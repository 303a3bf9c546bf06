"""Posts of a chunk into the database: new ones, newer readings of known ones, and their totals.

Rows of which the database knows no post go straight into the table; others are copied into a
temporary one, compared, and handled as a set. No statement is run per row. All of it happens in
the caller's transaction. Whatever the order in which files, chunks and rows arrive, the same posts,
observations, reported counters and totals come out:

* a post is known by (platform, native id) within its project;
* of two readings of one moment the greater one stands, by interactions, then counter by counter;
* a post's texts are those of the newest export, of two equally new ones the greater; one that says
  nothing of a post leaves them as they are, and any that does fills them; what an export has no
  column for stays (and an older one that comes in later does not fill that part);
* reported are the counters of the first reading taken ``stabilisation_days`` after publication,
  else of the latest (DESIGN "observation"); the project's rule may be *latest* instead.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, compress, repeat
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from monitoring.languages import LANGUAGES, language_of
from monitoring.models import CountersRule, Import, Project
from monitoring.services import totals
from monitoring.services.accounts import Found, resolve
from monitoring.services.arrays import array_of
from monitoring.services.post_statements import (
    ADD_GREATER_READINGS,
    ADD_NEW_READINGS,
    CHOOSE,
    COPY_INCOMING,
    COPY_POSTS,
    COUNT_UPDATED,
    DESCRIBED_ANEW,
    HOLD_KNOWN_POSTS,
    KNOWN_POSTS,
    MAKE_ROOM,
    MOVE_IN,
    MOVE_OUT,
    TAKE_IDS,
    compare,
    update_known,
)
from monitoring.services.posts_to_store import PostsToStore, Wave
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


_LANGUAGE_CELLS = {language: f"{language}\t".encode() for language in ("", *LANGUAGES)}
# Exports are new as a whole or overlap for days, so one row in so many tells nearly always whether
# a chunk holds known posts. The unique keys tell in the other cases.
_LOOKED_AT = 50


class Raced(Exception):
    """Another import stored one of the posts at the same moment: load the chunk again."""


def load_posts(*, project: Project, source_import: Import, content: PostsToStore) -> Counts:
    """Store the posts of a chunk. Raises Raced where a concurrent import was quicker."""
    found = resolve(project=project, seen=content.accounts)
    counts = Counts(unchanged=content.repeated)
    with connection.cursor() as cursor:
        store = _Store(cursor, project, source_import, found, content.untold)
        for wave in content.waves:
            counts = counts.plus(store.load(wave))
    return counts._replace(
        seen={str(found[int(account)].id): days for account, days in content.days.items()}
    )


class _Store:
    """Brings the waves of a chunk into the database."""

    def __init__(
        self,
        cursor: Any,
        project: Project,
        source_import: Import,
        found: list[Found],
        untold: tuple[str, ...],
    ) -> None:
        self._cursor = cursor
        self._untold = untold
        self._found = {str(place): account for place, account in enumerate(found)}
        self._values: dict[str, Any] = {
            "project": project.pk,
            "import": source_import.pk,
            "zone": project.timezone,
            "days": project.stabilisation_days,
            "latest": project.counters_rule == CountersRule.LATEST,
        }

    def load(self, wave: Wave) -> Counts:
        # Of posts that are created, and of those that are described anew and their languages.
        self._values |= {"ids": "{}", "described": "{}", "languages": "{}"}
        if not any(self.known(wave.one_in(_LOOKED_AT))):
            with suppress(IntegrityError), transaction.atomic():
                counts = self.create(wave)
                totals.add_new_posts(self.run)
                return counts
        return self.create_and_update(wave)

    def run(self, statement: str) -> int:
        self._cursor.execute(statement, self._values)
        return self._cursor.rowcount

    def known(self, wave: Wave, *, hold: bool = False) -> list[bytes | None]:
        """Of each post the id under which the database has it, None of those it has not.

        To ``hold`` them keeps other imports from changing them.
        """
        platforms = {place: account.platform for place, account in self._found.items()}
        known: dict[str, dict[str, bytes]] = {}
        for platform in sorted({platforms[account] for account in set(wave.accounts)}):
            is_asked = [platforms[account] == platform for account in wave.accounts]
            asked = array_of([*compress(wave.native_ids, is_asked)])
            values = {**self._values, "platform": platform, "native_ids": asked}
            self._cursor.execute(HOLD_KNOWN_POSTS if hold else KNOWN_POSTS, values)
            native_ids, ids = (text.split("\n") if text else [] for text in self._cursor.fetchone())
            known[platform] = dict(zip(native_ids, map(str.encode, ids), strict=True))
        return [
            known[platforms[account]].get(native_id)
            for account, native_id in zip(wave.accounts, wave.native_ids, strict=True)
        ]

    def create(self, wave: Wave) -> Counts:
        """Store posts none of which is known; their ids are a value of statements from then on.

        Raises IntegrityError where one is known after all, or another import was quicker.
        """
        self._cursor.execute(TAKE_IDS, {"rows": len(wave.lines)})
        (text,) = self._cursor.fetchone()
        ids = text.split(",")
        project, source_import = self._values["project"], self._values["import"]
        owners = {
            place: f"\t{one.id}\t{one.platform}\t{project}\t{source_import}\t".encode()
            for place, one in self._found.items()
        }
        owned = map(owners.__getitem__, wave.accounts)
        languages = map(_LANGUAGE_CELLS.__getitem__, wave.judged_languages())
        self._copy(COPY_POSTS, _joined(text.encode().split(b","), owned, languages, wave.lines))
        self._values["ids"] = f"{{{text}}}"
        waits = {place for place, account in self._found.items() if account.waits}
        waiting = sum(account in waits for account in wave.accounts) if waits else 0
        return Counts(len(ids), 0, 0, waiting, int(ids[0]), int(ids[-1]))

    def create_and_update(self, wave: Wave) -> Counts:
        """Store the posts that are new, and what the rows say anew of the known ones.

        Raises Raced where another import stored one of them meanwhile.
        """
        ids = self.known(wave, hold=True)
        new = ids.count(None)
        try:
            counts = self.create(wave.only([one is None for one in ids])) if new else Counts()
        except IntegrityError as error:
            raise Raced from error
        known = len(ids) - new
        touched, updated = self._update(ids, wave) if known else (0, 0)
        if touched:
            totals.add_changes(self.run)
        elif new:
            totals.add_new_posts(self.run)
        return counts._replace(updated=updated, unchanged=known - updated)

    def _update(self, ids: Sequence[bytes | None], wave: Wave) -> tuple[int, int]:
        """How many posts change, and how many the file is said to have updated.

        A newer reading of a post whose reported counters are final does not change the post.
        """
        self.run(MAKE_ROOM)
        known, lines = filter(None, ids), compress(wave.lines, ids)
        self._copy(COPY_INCOMING, _joined(known, repeat(b"\t"), lines))
        touched, described, updated = self._told(compare(self._untold))
        if touched:
            if described:
                posts = map(int, filter(None, ids))
                self._judge(dict(zip(posts, compress(wave.texts, ids), strict=True)))
            self.run(CHOOSE)
            self.run(MOVE_IN)
            self.run(MOVE_OUT)
            self.run(ADD_GREATER_READINGS)
            self.run(ADD_NEW_READINGS)
            self.run(update_known(self._untold))
            (of_touched,) = self._told(COUNT_UPDATED)
            updated += of_touched
        return touched, updated

    def _judge(self, texts: Mapping[int, str]) -> None:
        """Tell the languages of the posts that are described anew; they are values from then on."""
        self.run(DESCRIBED_ANEW)
        described = [post for (post,) in self._cursor.fetchall()]
        languages = [language_of(texts[post]) for post in described]
        self._values |= {"described": described, "languages": array_of(languages)}

    def _told(self, statement: str) -> tuple[int, ...]:
        self.run(statement)
        return self._cursor.fetchone()

    def _copy(self, statement: str, lines: bytes) -> None:
        with connection.wrap_database_errors:  # Django's cursor leaves those of COPY as they are
            self._cursor.copy_expert(statement, io.BytesIO(lines), len(lines))


def _joined(*columns: Iterable[bytes]) -> bytes:
    """Lines whose parts stand in columns. Not row by row: the thread that reads waits meanwhile."""
    return b"".join(chain.from_iterable(zip(*columns, repeat(b"\n"), strict=False)))
