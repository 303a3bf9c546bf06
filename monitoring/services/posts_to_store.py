"""Posts of a chunk made ready for the database, as far as that goes without asking it anything."""

import datetime
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, NamedTuple, cast

from monitoring.importers.copy_lines import HOLE, copy_lines
from monitoring.importers.records import AccountSeen, Parsed, PostBlock, PostRow
from monitoring.languages import language_of
from monitoring.models import Import, Project


class Wave(NamedTuple):
    """Posts of which each occurs once, in columns.

    Of each the place of its account among those met, its native id, its text, the language of that
    (None where it was not judged yet), and its line for COPY: when it was observed, whether its
    counters are provisional, and its cells from ``native_id`` on.
    """

    accounts: list[str]
    native_ids: list[str]
    texts: list[str]
    languages: list[str | None]
    lines: list[bytes]

    def one_in(self, number: int) -> "Wave":
        return Wave._make(column[::number] for column in self)

    def only(self, chosen: Sequence[bool]) -> "Wave":
        return Wave._make([*compress(column, chosen)] for column in self)

    def judged_languages(self) -> list[str]:
        return [
            language_of(text) if language is None else language
            for text, language in zip(self.texts, self.languages, strict=True)
        ]


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
    *,
    project: Project,
    source_import: Import,
    parsed: Parsed,
    untold: tuple[str, ...] = (),
    judged: bool = False,
) -> PostsToStore:
    """The posts of a chunk of an import, with its moment of export and the project's rule.

    A fifth of this is telling languages, of which those of known posts are known. It is done only
    to be ``judged`` here already, where time is.
    """
    observed = _Observations(source_import.exported_at, project.stabilisation_days)
    days = _Days()
    posts = Wave([], [], [], [], [])
    for block in filter(len, parsed.blocks):
        columns = _columns_of(block)
        days.note(columns.account, columns.published_at)
        cells = zip(
            *observed.of(columns.observed_at, columns.published_at),
            *columns[_NATIVE_ID:_FOLLOWERS],
            *map(_without_gaps, columns[_FOLLOWERS:]),
            strict=True,
        )
        posts.accounts.extend(columns.account)
        posts.native_ids.extend(columns.native_id)
        posts.texts.extend(columns.text)
        posts.languages.extend(map(language_of, columns.text) if judged else [None] * len(block))
        posts.lines.extend(copy_lines([*cells]))
    waves = _waves(posts)
    repeated = len(posts.lines) - sum(len(wave.lines) for wave in waves)
    return PostsToStore(parsed.accounts, waves, repeated, days.on_the_clock(project.zone), untold)


def _columns_of(block: list[PostRow] | PostBlock) -> Any:
    """A ``PostRow`` of columns."""
    return PostRow._make(
        block.columns if isinstance(block, PostBlock) else zip(*block, strict=True)
    )


def _without_gaps(column: Sequence[str | None]) -> Sequence[str]:
    if all(column):
        return cast(Sequence[str], column)
    return [HOLE if number is None else number for number in column]


def _waves(posts: Wave) -> list[Wave]:
    if len(set(posts.native_ids)) == len(posts.lines):
        return [posts] if posts.lines else []
    waves = []
    left = list(dict.fromkeys(zip(*posts, strict=True)))
    while left:
        wave: dict[str, tuple[Any, ...]] = {}
        left = [post for post in left if wave.setdefault(post[1], post) is not post]
        waves.append(Wave._make(map(list, zip(*wave.values(), strict=True))))
    return waves


class _Days:
    """The first and last moment of the posts of each account, as it is printed."""

    def __init__(self) -> None:
        self._ends: dict[str, list[str]] = {}

    def note(self, accounts: Iterable[str], moments: Iterable[str]) -> None:
        for account, moment in zip(accounts, moments, strict=True):
            ends = self._ends.get(account)
            if ends is None:
                self._ends[account] = [moment, moment]
            elif moment < ends[0]:
                ends[0] = moment
            elif moment > ends[1]:
                ends[1] = moment

    def on_the_clock(self, zone: datetime.tzinfo) -> dict[str, list[str]]:
        """The days of these moments, in ISO form, by account."""
        return {
            account: [
                datetime.datetime.fromisoformat(moment).astimezone(zone).date().isoformat()
                for moment in ends
            ]
            for account, ends in self._ends.items()
        }


class _Observations:
    """When posts were observed, and whether they were too young for their counters to be final."""

    def __init__(self, exported_at: datetime.datetime, days: int) -> None:
        self._exported_at = exported_at
        self._until_stable = datetime.timedelta(days=days)
        self._edges: dict[str | None, _Edge] = {}

    def of(
        self, observed: Iterable[str | None], published: Iterable[str]
    ) -> tuple[list[str], list[str]]:
        """The moments, in ISO form, and "t" for provisional counters or "f" for final ones."""
        edges = [self._edges.get(moment) or self._edge(moment) for moment in observed]
        is_young = map(_Edge.is_before, edges, published)
        return [edge.observed_at for edge in edges], ["t" if young else "f" for young in is_young]

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
