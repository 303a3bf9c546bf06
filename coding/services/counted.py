"""Answers in the keys that count now, after codebooks were merged (``CarriedKey``)."""

from collections.abc import Mapping

from coding.answers import Answers, FlagAnswer
from coding.models import CarriedKey, Section
from monitoring.models import Project

Carried = Mapping[tuple[str, str], str]


def carried_keys(*, project: Project) -> Carried:
    """Section and key of what was merged away, and the key it counts as. One query."""
    rows = CarriedKey.objects.of(project).values_list("section", "key", "counts_as")
    return {(section, key): heir for section, key, heir in rows}


def as_counted(answers: Answers, carried: Carried) -> Answers:
    """The same answers as one gives them by the codebook that is published now.

    What was divided or removed keeps its key, which is not offered any more.
    """

    def now(section: str, key: str) -> str:
        return carried.get((section, key), key)

    flags: dict[str, FlagAnswer] = {}
    for flag in answers.flags:
        kind = now(Section.FLAGS, flag.kind)
        if kind not in flags or not flags[kind].quote:
            flags[kind] = FlagAnswer(kind, flag.quote, flag.translation)
    return Answers(
        topics=tuple(dict.fromkeys(now(Section.TOPICS, topic) for topic in answers.topics)),
        mentions=tuple((actor, now(Section.TONES, tone)) for actor, tone in answers.mentions),
        flags=tuple(flags.values()),
        extra=tuple({now(Section.QUESTIONS, key): answer for key, answer in answers.extra}.items()),
    )
