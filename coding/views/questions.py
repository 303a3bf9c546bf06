"""The codebook as questions with a key for every answer, and no key twice."""

from dataclasses import dataclass

from coding.models import CodebookVersion
from coding.models.codebooks import Entry
from coding.services.codings import Answers, FlagAnswer

# Commands of the desk: actor, flag, guide, skip, topic.
COMMAND_KEYS = frozenset("afgst")
# Keys for topics, those under the fingers first.
FREE_KEYS = "qweryuiodhjklzxvbm"
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
class Questions:
    """What is asked about a post."""

    version: CodebookVersion
    topics: list[Choice]
    tones: list[Choice]
    flags: list[Choice]


def questions_of(version: CodebookVersion, answers: Answers | None = None) -> Questions:
    """The questions of a version, with the answers given before.

    Topics take the free keys in the codebook's order, not by use: a key must not move under the
    hands of somebody who has learnt it.
    """
    grades = sorted(version.tone_grades.all(), key=lambda grade: -grade.value)
    spare = [key for key in reversed(FREE_KEYS)]
    tone_keys = {
        grade.key: TONE_KEYS[grade.value] if grade.value in TONE_KEYS else spare.pop(0)
        for grade in grades
    }
    free = [key for key in FREE_KEYS if key in spare]
    chosen = set(answers.topics) if answers else set()
    raised = {flag.kind: flag for flag in answers.flags} if answers else {}
    return Questions(
        version=version,
        topics=[
            Choice(topic, free[place] if place < len(free) else "", topic.key in chosen)
            for place, topic in enumerate(version.topics.all())
        ],
        tones=[
            Choice(grade, tone_keys[grade.key], sign=_sign(grade.value)) for grade in grades
        ],
        flags=[
            Choice(
                kind,
                f"f{place}" if place <= 9 else "",
                kind.key in raised,
                flag=raised.get(kind.key),
            )
            for place, kind in enumerate(version.flag_kinds.all(), start=1)
        ],
    )


def _sign(value: int) -> str:
    if value == 0:
        return "neutral"
    return "positive" if value > 0 else "negative"
