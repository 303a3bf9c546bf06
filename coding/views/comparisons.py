"""Several answers for one post, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from coding.models import Coding, Section
from coding.models.codebooks import Entry
from coding.services.counted import Carried, counted_tones

E = TypeVar("E", bound=Entry)

# What ``comparisons`` reads of each coding.
READ = (
    *("topics", "mentions__actor__merged_into", "mentions__tone"),
    *("flags__kind", "extra_answers__question"),
)


@dataclass(frozen=True)
class Comparison:
    """One question with each person's answer to it; empty where they gave none.

    ``said`` is what has to be equal to agree; of a flag the quote is shown but does not count.
    """

    question: str
    answers: list[str]
    said: list[object]
    entries: list[Entry]

    @property
    def differs(self) -> bool:
        return any(one != self.said[0] for one in self.said[1:])


def comparisons(rows: Sequence[Coding], carried: Carried) -> list[Comparison]:
    """Topics, then each actor, each flag and each further question, with everybody's answer.

    Codings of different versions are compared in the keys that count now.
    """
    return [
        _topics(rows, carried),
        *_tones(rows, carried),
        *_flags(rows, carried),
        *_extra(rows, carried),
    ]


def disputed_entries(compared: Iterable[Comparison]) -> list[Entry]:
    """What the codebook says of the answers that are not everybody's, each entry once."""
    found: dict[tuple[str, str], Entry] = {}
    for comparison in compared:
        if comparison.differs:
            for entry in comparison.entries:
                found.setdefault((type(entry).__name__, entry.key), entry)
    return list(found.values())


def _topics(rows: Sequence[Coding], carried: Carried) -> Comparison:
    topics = [_by_key(row.topics.all(), Section.TOPICS, carried) for row in rows]
    shared = set.intersection(*(set(one) for one in topics)) if topics else set()
    return Comparison(
        _("Topics"),
        [", ".join(sorted(topic.label for topic in one.values())) for one in topics],
        [set(one) for one in topics],
        [topic for one in topics for key, topic in one.items() if key not in shared],
    )


def _tones(rows: Sequence[Coding], carried: Carried) -> list[Comparison]:
    mentions = [
        counted_tones(((each.actor_id, each) for each in row.mentions.all()), carried)
        for row in rows
    ]
    tones = [{each.actor.counts_as.name: each.tone for each in one.values()} for one in mentions]
    return [
        Comparison(
            actor,
            [one[actor].label if actor in one else "" for one in tones],
            [_key(one[actor], Section.TONES, carried) if actor in one else None for one in tones],
            [one[actor] for one in tones if actor in one],
        )
        for actor in sorted({name for one in tones for name in one})
    ]


def _flags(rows: Sequence[Coding], carried: Carried) -> list[Comparison]:
    flags = [
        {_key(each.kind, Section.FLAGS, carried): each for each in row.flags.all()} for row in rows
    ]
    return [
        Comparison(
            label,
            [(one[key].quote or _("raised")) if key in one else "" for one in flags],
            [key in one for one in flags],
            [one[key].kind for one in flags if key in one],
        )
        for label, key in _labelled((key, flag.kind) for one in flags for key, flag in one.items())
    ]


def _extra(rows: Sequence[Coding], carried: Carried) -> list[Comparison]:
    extra = [
        {_key(each.question, Section.QUESTIONS, carried): each for each in row.extra_answers.all()}
        for row in rows
    ]
    return [
        Comparison(
            label,
            [one[key].value if key in one else "" for one in extra],
            [
                one[key].value if key in one and one[key].question.kind != "text" else None
                for one in extra
            ],
            [one[key].question for one in extra if key in one],
        )
        for label, key in _labelled(
            (key, answer.question) for one in extra for key, answer in one.items()
        )
    ]


def _key(entry: Entry, section: str, carried: Carried) -> str:
    return carried.get((section, entry.key), entry.key)


def _by_key(entries: Iterable[E], section: str, carried: Carried) -> dict[str, E]:
    return {_key(entry, section, carried): entry for entry in entries}


def _labelled(entries: Iterable[tuple[str, Entry]]) -> list[tuple[str, str]]:
    """Label and key, each key once, by label; the latest version says what it is called."""
    latest: dict[str, Entry] = {}
    for key, entry in entries:
        if key not in latest or latest[key].version_id < entry.version_id:
            latest[key] = entry
    return sorted((entry.label, key) for key, entry in latest.items())
