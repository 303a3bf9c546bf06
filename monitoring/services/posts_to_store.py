"""Posts of a chunk made ready for the database, as far as that goes without asking it anything."""

import datetime
from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from monitoring.importers.copy_lines import HOLE, copy_lines
from monitoring.importers.records import AccountSeen, Parsed, PostRow
from monitoring.languages import language_of
from monitoring.models import Import, Project


class Wave(NamedTuple):
    """Posts of which each occurs once, in columns.

    Of each the place of its account among those met, its native id, and its line for COPY: when it
    was observed, whether its counters are provisional, its language, and its cells from
    ``native_id`` on.
    """

    accounts: Sequence[str]
    native_ids: Sequence[str]
    lines: Sequence[bytes]

    def one_in(self, number: int) -> "Wave":
        return Wave(self.accounts[::number], self.native_ids[::number], self.lines[::number])

    def only(self, chosen: Sequence[bool]) -> "Wave":
        return Wave(
            [*compress(self.accounts, chosen)],
            [*compress(self.native_ids, chosen)],
            [*compress(self.lines, chosen)],
        )


# From ``followers`` on cells are numbers, of which some may be missing.
_NATIVE_ID, _FOLLOWERS = map(PostRow._fields.index, ("native_id", "followers"))


class PostsToStore(NamedTuple):
    """What a chunk's rows say.

    A row that repeats a post is in a later wave, where it meets a known one; without the rows that
    say exactly what another row said, which are ``repeated``. ``days`` are the first and last day
    of each account's posts, by its place, in ISO form on the project's clock.
    """

    accounts: list[AccountSeen]
    waves: list[Wave]
    repeated: int
    days: dict[str, list[str]]
    untold: tuple[str, ...]  # what the file says of no post: see PostReader


def posts_to_store(
    *, project: Project, source_import: Import, parsed: Parsed, untold: tuple[str, ...] = ()
) -> PostsToStore:
    """The posts of a chunk of an import, with its moment of export and the project's rule."""
    rows: list[PostRow] = parsed.rows
    observation = _Observations(source_import.exported_at, project.stabilisation_days)
    lines = copy_lines(
        [
            (
                *observation.of(row),
                language_of(row.text),
                *row[_NATIVE_ID:_FOLLOWERS],  # type: ignore[arg-type]  # all of them texts
                *[HOLE if number is None else number for number in row[_FOLLOWERS:]],
            )
            for row in rows
        ]
    )
    posts = Wave([row.account for row in rows], [row.native_id for row in rows], lines)
    waves = _waves(posts)
    repeated = len(lines) - sum(len(wave.lines) for wave in waves)
    return PostsToStore(parsed.accounts, waves, repeated, _days(rows, project.zone), untold)


def _waves(posts: Wave) -> list[Wave]:
    if len(set(posts.native_ids)) == len(posts.lines):
        return [posts] if posts.lines else []
    waves = []
    left = list(dict.fromkeys(zip(*posts, strict=True)))
    while left:
        wave: dict[str, tuple[str, str, bytes]] = {}
        left = [post for post in left if wave.setdefault(post[1], post) is not post]
        waves.append(Wave(*zip(*wave.values(), strict=True)))
    return waves


def _days(rows: Sequence[PostRow], zone: datetime.tzinfo) -> dict[str, list[str]]:
    moments: dict[str, list[str]] = {}
    for row in rows:
        ends = moments.setdefault(row.account, [row.published_at, row.published_at])
        if row.published_at < ends[0]:
            ends[0] = row.published_at
        elif row.published_at > ends[1]:
            ends[1] = row.published_at
    return {
        account: [
            datetime.datetime.fromisoformat(moment).astimezone(zone).date().isoformat()
            for moment in ends
        ]
        for account, ends in moments.items()
    }


class _Observations:
    """When posts were observed, and whether they were too young for their counters to be final."""

    def __init__(self, exported_at: datetime.datetime, days: int) -> None:
        self._exported_at = exported_at
        self._until_stable = datetime.timedelta(days=days)
        self._edges: dict[str | None, _Edge] = {}

    def of(self, row: PostRow) -> tuple[str, str]:
        """The moment, in ISO form, and "t" for provisional counters or "f" for final ones."""
        edge = self._edges.get(row.observed_at) or self._edge(row.observed_at)
        return edge.observed_at, "t" if edge.is_before(row.published_at) else "f"

    def _edge(self, observed_at: str | None) -> "_Edge":
        moment = datetime.datetime.fromisoformat(observed_at) if observed_at else self._exported_at
        edge = self._edges[observed_at] = _Edge(moment.isoformat(), moment - self._until_stable)
        return edge


class _Edge:
    """A moment; posts published after it are too young for their counters to be final."""

    def __init__(self, observed_at: str, moment: datetime.datetime) -> None:
        self.observed_at = observed_at
        self._moment = moment
        self._texts: dict[str, str] = {}

    def is_before(self, published_at: str) -> bool:
        """Times of one offset, to the second, sort as their texts do; only a tie is looked into."""
        form = published_at[10] + published_at[19:]
        edge = self._texts.get(form)
        if edge is None:
            zone = datetime.datetime.fromisoformat(published_at).tzinfo
            edge = self._moment.astimezone(zone).isoformat(form[0], "seconds")[:19]
            self._texts[form] = edge
        second = published_at[:19]
        if second == edge:
            return datetime.datetime.fromisoformat(published_at) > self._moment
        return second > edge
