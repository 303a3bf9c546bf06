"""What merging two actors means for what was coded about them. No coding is changed by it.

Mentions of the merged one count as mentions of the other (the view ``CountedMention``). Who gave
one post tones toward both that differ has to look again; two who disagreed only about which of the
two a post is about agree from now on.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from coding.models import (
    Case,
    Coding,
    CountedMention,
    FinalCoding,
    FinalState,
    Mention,
    Recheck,
    RecheckReason,
    SamplePost,
    Section,
)
from coding.services.chain import locked_head
from coding.services.coding_statements import STANDS
from coding.services.final_codings import keep_finals
from monitoring.models import Account, Actor, Advertiser, DailyTotal, Project
from monitoring.services import merging

# Standing codings with different tones toward what is one actor, each with that actor.
_TORN = f"""
    SELECT coding.version_id, coding.id, coalesce(actor.merged_into_id, actor.id)
    FROM coding_mention mention
    JOIN monitoring_actor actor ON actor.id = mention.actor_id
    JOIN coding_counted_tones tone ON tone.id = mention.tone_id
    JOIN coding_coding coding ON coding.id = mention.coding_id
    WHERE {{which}} AND {STANDS}
    GROUP BY 1, 2, 3 HAVING count(DISTINCT tone.key) > 1
"""  # noqa: S608  # put together from constants
_ASK_AGAIN = """
    INSERT INTO coding_recheck (version_id, coding_id, actor_id, section, key, reason)
    SELECT torn.*, %(section)s, '', %(reason)s FROM ({torn}) AS torn
    ON CONFLICT DO NOTHING
"""
_OF_CODING = _ASK_AGAIN.format(torn=_TORN.format(which="coding.id = %(coding)s"))
_OF_ACTORS = _ASK_AGAIN.format(
    torn=_TORN.format(
        which="coding.project_id = %(project)s AND mention.coding_id IN ("
        " SELECT coding_id FROM coding_mention WHERE actor_id = ANY(%(actors)s))"
    )
)


@dataclass(frozen=True)
class Concerned:
    """How much there is of an actor that counts, or would count, under another one."""

    accounts: int
    posts: int
    sampled: int  # posts in a sample
    advertisers: int
    codings: int  # with a tone toward it
    torn: int  # of these, with another tone toward the other one
    cases: int


@transaction.atomic
def merge_actors(*, actor: Actor, into: Actor, by: User, at: datetime.datetime) -> None:
    """Let an actor count as another one from now on. Raises NotMergeable."""
    # Decisions come one by one, and so does what they settle to: the lock each of them takes first.
    locked_head(actor.project)
    group = merging.merge(actor=actor, into=into, by=by, at=at)
    _keep_in_step(actor.project, group)


@transaction.atomic
def take_actors_apart(*, actor: Actor) -> None:
    """Let a merged actor stand for itself again. Raises NotMergeable."""
    locked_head(actor.project)
    group = merging.take_apart(actor=actor)
    _keep_in_step(actor.project, group)


def _keep_in_step(project: Project, actors: Collection[int]) -> None:
    """What follows from codings that name these actors, after they count as another one or not."""
    named = Coding.objects.of(project).filter(mentions__actor__in=actors)
    asked = Recheck.objects.of(project).filter(reason=RecheckReason.MERGED)
    asked.waiting().filter(coding__in=named.values("pk")).delete()
    _ask_again(_OF_ACTORS, project=project.pk, actors=list(actors))
    compared = FinalCoding.objects.of(project).filter(
        state__in=[FinalState.AGREED, FinalState.UNSETTLED], post__in=named.values("post")
    )
    keep_finals(project=project, posts=compared.values_list("post_id", flat=True))


def ask_about_merged(*, project: Project, coding: int) -> None:
    """Whether a coding that was just stored says two things of what is one actor by now."""
    _ask_again(_OF_CODING, project=project.pk, coding=coding)


def _ask_again(statement: str, **values: Any) -> None:
    words = {"section": Section.TONES, "reason": RecheckReason.MERGED}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**words, **values})


def concerned(*, actor: Actor, into: Actor | None = None) -> Concerned:
    """What goes over with an actor that is merged ``into`` another, or came with one that was."""
    project, group = actor.project, merging.group_of(actor)
    whose = Q(merged_from__in=group) if actor.merged_into else Q(actor=actor)
    accounts = Account.objects.of(project).filter(whose)
    totals = DailyTotal.objects.filter(account__in=accounts.values("pk"))
    sampled = SamplePost.objects.current().filter(sample__project=project)
    mentions = Mention.objects.filter(
        coding__in=Coding.objects.of(project).current(), actor__in=group
    )
    named = Q(target__in=group) | Q(beneficiary__in=group)
    return Concerned(
        accounts=accounts.count(),
        posts=totals.aggregate(posts=Sum("posts"))["posts"] or 0,
        sampled=sampled.filter(post__account__in=accounts.values("pk")).count(),
        advertisers=Advertiser.objects.of(project).filter(whose).count(),
        codings=mentions.values("coding").distinct().count(),
        torn=_torn(mentions, into) if into else 0,
        cases=Case.objects.of(project).filter(named).count(),
    )


def _torn(mentions: QuerySet[Mention], into: Actor) -> int:
    """Of how many of the codings the tone toward the other actor is another one."""
    others = CountedMention.objects.filter(coding=OuterRef("coding"), actor=into)
    differing = mentions.filter(Exists(others.exclude(tone=OuterRef("tone"))))
    return differing.values("coding").distinct().count()
