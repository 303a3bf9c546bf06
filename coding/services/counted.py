"""Answers in the keys that count now, after entries of codebooks or actors were merged."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db import connection

from coding.answers import Answers, FlagAnswer
from coding.models import Section
from monitoring.models import Project

ACTORS = "actors"
T = TypeVar("T")
Carried = Mapping[tuple[str, str], str]
_CARRIED = """
    SELECT section, key, counts_as FROM coding_carriedkey WHERE project_id = %(project)s
    UNION ALL
    SELECT %(actors)s, id::text, merged_into_id::text FROM monitoring_actor
    WHERE project_id = %(project)s AND merged_into_id IS NOT NULL
"""


def carried_keys(*, project: Project) -> Carried:
    """Section and key of what was merged away, and the key it counts as. One query.

    Of actors (section ``ACTORS``) the keys are their ids.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED, {"project": project.pk, "actors": ACTORS})
        return {(section, key): heir for section, key, heir in cursor}


def counted_actor(actor: int, carried: Carried) -> int:
    """The id of the actor that an actor counts as."""
    return int(carried.get((ACTORS, str(actor)), actor))


def counted_tones(mentions: Iterable[tuple[int, T]], carried: Carried) -> dict[int, T]:
    """The tone toward each actor. As the view ``CountedMention`` has it: of tones toward several
    that are one now the one toward the actor that stayed, else toward the one entered first."""
    given = list(mentions)
    tones: dict[int, T] = {}
    for actor, tone in sorted(given, key=lambda one: ((ACTORS, str(one[0])) in carried, one[0])):
        tones.setdefault(counted_actor(actor, carried), tone)
    in_order = dict.fromkeys(counted_actor(actor, carried) for actor, _tone in given)
    return {actor: tones[actor] for actor in in_order}


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
        mentions=tuple(
            (actor, now(Section.TONES, tone))
            for actor, tone in counted_tones(answers.mentions, carried).items()
        ),
        flags=tuple(flags.values()),
        extra=tuple({now(Section.QUESTIONS, key): answer for key, answer in answers.extra}.items()),
    )
