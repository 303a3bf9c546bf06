"""The codebook as questions with a key for every answer, and no key twice."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import get_language, gettext

from coding.models import (
    CodebookVersion,
    CodingTopic,
    Question,
    QuestionKind,
    Topic,
    VersionState,
)
from coding.models.codebooks import Entry
from coding.services.codings import Answers, FlagAnswer
from monitoring.models import Project

# Commands of the desk: actor, flag, guide, message, skip, topic.
COMMAND_KEYS = frozenset("afgmst")
# Keys for topics, those under the fingers first.
FREE_KEYS = "qweryuiodhjklzxvb"
TONE_KEYS = {1: "p", 0: "n", -1: "c"}


@dataclass(frozen=True)
class Choice:
    """One answer a codebook offers, the key that gives it, and whether it was given."""

    entry: Entry
    hotkey: str = ""
    is_chosen: bool = False
    # Of a flag that was raised.
    flag: FlagAnswer | None = None
    # Of a tone: positive, neutral or negative, which is also its colour.
    sign: str = ""

    @property
    def names(self) -> list[str]:
        """The entry's names in every language, for the type-ahead."""
        entry = self.entry
        return [name for name in (entry.name, entry.name_ru, entry.name_ky) if name]


@dataclass(frozen=True)
class ExtraChoice:
    """A further question of the codebook, with what it can be answered with."""

    entry: Question
    # key and name of each answer; none for a number and a text
    options: list[tuple[str, str]]
    answer: str = ""

    @property
    def is_text(self) -> bool:
        return self.entry.kind == QuestionKind.TEXT


@dataclass(frozen=True)
class Questions:
    """What is asked about a post."""

    version: CodebookVersion
    topics: list[Choice]
    tones: list[Choice]
    flags: list[Choice]
    extra: list[ExtraChoice]

    @property
    def keyed_topics(self) -> list[Choice]:
        return [topic for topic in self.topics if topic.hotkey]

    @property
    def other_topics(self) -> list[Choice]:
        return [topic for topic in self.topics if not topic.hotkey]


def questions_of(
    version: CodebookVersion,
    answers: Answers | None = None,
    *,
    topic_use: Mapping[str, int] | None = None,
) -> Questions:
    """The questions of a version, with the answers given before."""
    tones = tones_of(version)
    topics = list(version.topics.all())
    keys = topic_keys(topics, taken={tone.hotkey for tone in tones}, use=topic_use or {})
    chosen = set(answers.topics) if answers else set()
    raised = {flag.kind: flag for flag in answers.flags} if answers else {}
    return Questions(
        version=version,
        topics=[Choice(topic, keys.get(topic.key, ""), topic.key in chosen) for topic in topics],
        tones=tones,
        flags=[
            Choice(
                kind,
                f"f{place}" if place <= 9 else "",
                kind.key in raised,
                flag=raised.get(kind.key),
            )
            for place, kind in enumerate(version.flag_kinds.all(), start=1)
        ],
        extra=extra_choices(version, dict(answers.extra) if answers else {}),
    )


def extra_choices(version: CodebookVersion, given: Mapping[str, str]) -> list[ExtraChoice]:
    """The extra questions of a version with the answers given before, by key."""
    own_name = f"name_{get_language()}"

    def options(question: Question) -> list[tuple[str, str]]:
        if question.kind == QuestionKind.YES_NO:
            return [("yes", gettext("yes")), ("no", gettext("no"))]
        return [
            (option["key"], option.get(own_name) or option["name"]) for option in question.options
        ]

    return [
        ExtraChoice(question, options(question), given.get(question.key, ""))
        for question in version.questions.all()
    ]


def topic_keys(
    topics: Sequence[Topic], *, taken: Collection[str], use: Mapping[str, int]
) -> dict[str, str]:
    """A letter for each of one's most used topics: one of its own key where it is free.

    Use decides only who has a letter. Which one it is follows from the codebook, so that keys do
    not move under the hands of somebody who has learnt them.
    """
    free = [key for key in FREE_KEYS if key not in taken]
    most_used = sorted(topics, key=lambda topic: -use.get(topic.key, 0))[: len(free)]
    keys: dict[str, str] = {}
    # Initials first, then any letter of the topic's key, then any letter at all.
    for wanted in (lambda key: key[:1], lambda key: key, lambda _key: FREE_KEYS):
        for topic in sorted(most_used, key=lambda topic: topic.position):
            letter = next((letter for letter in wanted(topic.key) if letter in free), None)
            if letter and topic.key not in keys:
                keys[topic.key] = letter
                free.remove(letter)
    return keys


def topic_use(version: CodebookVersion, coder: User, before: datetime.datetime) -> dict[str, int]:
    """How often a person chose each topic before a moment.

    Their own choices only: what the others choose most would sway, and of few codings it would
    tell how a post was coded.
    """
    rows = CodingTopic.objects.filter(
        topic__version=version, coding__coder=coder, coding__made_at__lt=before
    )
    return dict(rows.values_list("topic__key").annotate(Count("pk")))


def published_tones(project: Project) -> tuple[int | None, list[Choice]]:
    """The id and the grades of the published version, in one query: it never changes."""
    published = (
        CodebookVersion.objects.filter(codebook__project=project, state=VersionState.PUBLISHED)
        .values_list("pk", "published_at")
        .first()
    )
    return (published[0], list(_remembered_tones(*published))) if published else (None, [])


@lru_cache(maxsize=64)
def _remembered_tones(version: int, _published_at: datetime.datetime) -> tuple[Choice, ...]:
    return tuple(tones_of(CodebookVersion.objects.get(pk=version)))


def tones_of(version: CodebookVersion) -> list[Choice]:
    """The grades from best to worst; those beyond the usual three take the last free keys."""
    spare = iter(reversed(FREE_KEYS))
    return [
        Choice(
            grade,
            TONE_KEYS[grade.value] if grade.value in TONE_KEYS else next(spare),
            sign=_sign(grade.value),
        )
        for grade in sorted(version.tone_grades.all(), key=lambda grade: -grade.value)
    ]


def _sign(value: int) -> str:
    if value == 0:
        return "neutral"
    return "positive" if value > 0 else "negative"
