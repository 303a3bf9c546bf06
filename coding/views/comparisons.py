"""Several answers for one post, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coding.models import Coding
from coding.models.codebooks import Entry

# What ``comparisons`` reads of each coding.
READ = ("topics", "mentions__actor", "mentions__tone", "flags__kind", "extra_answers__question")


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


def comparisons(rows: Sequence[Coding]) -> list[Comparison]:
    """Topics, then each actor, each flag and each further question, with everybody's answer."""
    return [_topics(rows), *_tones(rows), *_flags(rows), *_extra(rows)]


def disputed_entries(compared: Iterable[Comparison]) -> list[Entry]:
    """What the codebook says of the answers that are not everybody's, each entry once."""
    found: dict[tuple[str, str], Entry] = {}
    for comparison in compared:
        if comparison.differs:
            for entry in comparison.entries:
                found.setdefault((type(entry).__name__, entry.key), entry)
    return list(found.values())


def _topics(rows: Sequence[Coding]) -> Comparison:
    topics = [{topic.key: topic for topic in row.topics.all()} for row in rows]
    shared = set.intersection(*(set(one) for one in topics)) if topics else set()
    return Comparison(
        _("Topics"),
        [", ".join(sorted(topic.label for topic in one.values())) for one in topics],
        [set(one) for one in topics],
        [topic for one in topics for key, topic in one.items() if key not in shared],
    )


def _tones(rows: Sequence[Coding]) -> list[Comparison]:
    tones = [{each.actor.name: each.tone for each in row.mentions.all()} for row in rows]
    return [
        Comparison(
            actor,
            [one[actor].label if actor in one else "" for one in tones],
            [one[actor].key if actor in one else None for one in tones],
            [one[actor] for one in tones if actor in one],
        )
        for actor in sorted({name for one in tones for name in one})
    ]


def _flags(rows: Sequence[Coding]) -> list[Comparison]:
    flags = [{each.kind.label: each for each in row.flags.all()} for row in rows]
    return [
        Comparison(
            flag,
            [(one[flag].quote or _("raised")) if flag in one else "" for one in flags],
            [flag in one for one in flags],
            [one[flag].kind for one in flags if flag in one],
        )
        for flag in sorted({name for one in flags for name in one})
    ]


def _extra(rows: Sequence[Coding]) -> list[Comparison]:
    extra = [{each.question.label: each for each in row.extra_answers.all()} for row in rows]
    return [
        Comparison(
            question,
            [one[question].value if question in one else "" for one in extra],
            [
                one[question].value
                if question in one and one[question].question.kind != "text"
                else None
                for one in extra
            ],
            [one[question].question for one in extra if question in one],
        )
        for question in sorted({name for one in extra for name in one})
    ]
