"""Storing what people decide: one row per decision, in the project's chain, never changed."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coding.finals import Given, final_of
from coding.models import (
    Assignment,
    AssignmentState,
    ChainHead,
    CodebookVersion,
    Coding,
    CodingKind,
    CodingTopic,
    FinalCoding,
    Flag,
    Mention,
    VersionState,
)
from coding.services import chain
from coding.services.codebooks import Vocabulary, vocabulary_of
from monitoring.models import Actor, Post, Project
from monitoring.services.revisions import note_change

# Rows that say something of the post; a skip or a withdrawal says nothing.
_ANSWERING = (CodingKind.CODING, CodingKind.SETTLEMENT)


@dataclass(frozen=True)
class FlagAnswer:
    """One thing that is wrong with a post, with the words that show it."""

    kind: str
    quote: str = ""
    translation: str = ""


@dataclass(frozen=True)
class Answers:
    """What a person says of a post, in keys of the codebook and ids of actors."""

    topics: tuple[str, ...] = ()
    # actor, tone
    mentions: tuple[tuple[int, str], ...] = ()
    flags: tuple[FlagAnswer, ...] = ()

    @property
    def essence(self) -> tuple[frozenset[str], frozenset[tuple[int, str]], frozenset[str]]:
        """What has to be equal for two people to agree: quotes and comments do not."""
        return (
            frozenset(self.topics),
            frozenset(self.mentions),
            frozenset(flag.kind for flag in self.flags),
        )


class CodingRefused(Exception):
    """A decision that cannot be stored; ``message`` is for the person who made it."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AlreadySaved(CodingRefused):
    """The request was stored before, with other answers."""

    def __init__(self) -> None:
        super().__init__("already_saved", _("This was saved before, with other answers."))


class StaleBase(CodingRefused):
    """The person answered for the post elsewhere meanwhile; ``current`` is that answer."""

    def __init__(self, current: Coding) -> None:
        super().__init__("stale", _("You answered for this post in another window meanwhile."))
        self.current = current


def save_coding(
    *,
    project: Project,
    post: Post,
    coder: User,
    version: CodebookVersion,
    request_id: uuid.UUID,
    base_number: int,
    answers: Answers,
    seconds: int,
    at: datetime.datetime,
    reason: str = "",
) -> Coding:
    """Store a monitor's answers.

    ``request_id`` is made where the post is opened: sent again with the same answers it gives the
    row that is stored already. ``base_number`` is the number of the person's last row for the post,
    0 for none. Raises AlreadySaved, StaleBase or CodingRefused; then nothing is stored.
    """
    coding = Coding(
        kind=CodingKind.CODING,
        version=version,
        coder=coder,
        request_id=request_id,
        reason=reason,
        seconds=seconds,
        made_at=at,
    )
    return _store(project, post, coding, answers, base_number, AssignmentState.DONE)


def skip(
    *,
    project: Project,
    post: Post,
    coder: User,
    version: CodebookVersion,
    request_id: uuid.UUID,
    base_number: int,
    reason: str,
    seconds: int,
    at: datetime.datetime,
) -> Coding:
    """Store that a monitor leaves a post uncoded, and why. Raises as ``save_coding``."""
    coding = Coding(
        kind=CodingKind.SKIP,
        version=version,
        coder=coder,
        request_id=request_id,
        reason=reason,
        seconds=seconds,
        made_at=at,
    )
    return _store(project, post, coding, Answers(), base_number, AssignmentState.SKIPPED)


def withdraw(
    *,
    project: Project,
    post: Post,
    coder: User,
    request_id: uuid.UUID,
    base_number: int,
    at: datetime.datetime,
    reason: str = "",
) -> Coding:
    """Take back one's answers: the post comes to the desk again. Raises as ``save_coding``."""
    last = Coding.objects.of(project).filter(post=post, coder=coder).order_by("-number").first()
    if last is None:
        raise CodingRefused("nothing_saved", _("There is nothing to take back."))
    coding = Coding(
        kind=CodingKind.WITHDRAWAL,
        version_id=last.version_id,
        coder=coder,
        request_id=request_id,
        reason=reason,
        made_at=at,
    )
    return _store(project, post, coding, Answers(), base_number, AssignmentState.OPEN)


def settle(
    *,
    project: Project,
    post: Post,
    lead: User,
    version: CodebookVersion,
    request_id: uuid.UUID,
    answers: Answers,
    reason: str,
    at: datetime.datetime,
) -> Coding:
    """Store a lead's decision on a post: from then on it counts. Raises as ``save_coding``."""
    coding = Coding(
        kind=CodingKind.SETTLEMENT,
        version=version,
        coder=lead,
        request_id=request_id,
        reason=reason,
        made_at=at,
    )
    return _store(project, post, coding, answers, None, None)


def answers_of(coding: Coding) -> Answers:
    """A stored coding's answers; three queries unless its rows were prefetched."""
    return Answers(
        topics=tuple(topic.key for topic in coding.topics.all()),
        mentions=tuple((row.actor_id, row.tone.key) for row in coding.mentions.all()),
        flags=tuple(
            FlagAnswer(row.kind.key, row.quote, row.translation) for row in coding.flags.all()
        ),
    )


@transaction.atomic
def _store(
    project: Project,
    post: Post,
    coding: Coding,
    answers: Answers,
    base_number: int | None,
    state: AssignmentState | None,
) -> Coding:
    """One decision into the chain; what follows from it is stored in the same transaction."""
    if post.project_id != project.pk:
        raise CodingRefused("unknown_post", _("The project has no such post."))
    head = chain.locked_head(project)
    stored = Coding.objects.of(project).filter(request_id=coding.request_id).first()
    if stored is not None:
        return _replayed(stored, coding, post, answers)
    ids = _ids(project, coding.version, answers)
    coding.project, coding.post = project, post
    earlier = list(Coding.objects.of(project).filter(post=post).order_by("chain_number"))
    coding.number = 1 + _checked_base(coding, earlier, base_number)
    chain.append(head, coding, _content(coding, answers))
    _store_answers(coding, answers, ids)
    if state is not None:
        own = Assignment.objects.of(project).filter(post=post, monitor=coding.coder)
        if not own.update(state=state):
            raise CodingRefused("not_assigned", _("This post is not assigned to you."))
    _keep_final(coding, answers, earlier)
    note_change(project_id=project.pk)
    return coding


def _replayed(stored: Coding, sent: Coding, post: Post, answers: Answers) -> Coding:
    is_same = (stored.post_id, stored.coder_id, stored.kind) == (post.pk, sent.coder_id, sent.kind)
    if not is_same or _sorted(answers_of(stored)) != _sorted(answers):
        raise AlreadySaved
    return stored


def _checked_base(coding: Coding, earlier: list[Coding], base_number: int | None) -> int:
    """The number of the person's last row for the post. Raises StaleBase where it is another."""
    own = [row for row in earlier if row.coder_id == coding.coder_id]
    last = max((row.number for row in own), default=0)
    if base_number is not None and base_number != last:
        if not own:
            raise CodingRefused("stale", _("What this was based on does not exist."))
        raise StaleBase(max(own, key=lambda row: row.number))
    return last


def _ids(project: Project, version: CodebookVersion, answers: Answers) -> Vocabulary:
    """The vocabulary the answers are in. Raises CodingRefused for what it does not allow."""
    vocabulary = vocabulary_of(version)
    if version.state == VersionState.DRAFT or vocabulary.project != project.pk:
        raise CodingRefused("unknown_version", _("The codebook has no such version."))
    tones = {tone for _actor, tone in answers.mentions}
    flags = {flag.kind for flag in answers.flags}
    for words, known in (
        (set(answers.topics), vocabulary.topics),
        (tones, vocabulary.tones),
        (flags, vocabulary.flags),
    ):
        if unknown := sorted(words - known.keys()):
            raise CodingRefused(
                "unknown_word",
                _("The codebook has no “%(word)s”.") % {"word": unknown[0]},
            )
    actors = {actor for actor, _tone in answers.mentions}
    if len(actors) < len(answers.mentions):
        raise CodingRefused("actor_twice", _("An actor can have one tone only."))
    if len(flags) < len(answers.flags):
        raise CodingRefused("flag_twice", _("A flag can be raised once only."))
    if actors and Actor.objects.of(project).filter(pk__in=actors).count() < len(actors):
        raise CodingRefused("unknown_actor", _("An actor is not one of this project."))
    return vocabulary


def _store_answers(coding: Coding, answers: Answers, ids: Vocabulary) -> None:
    CodingTopic.objects.bulk_create(
        CodingTopic(coding=coding, topic_id=ids.topics[key])
        for key in dict.fromkeys(answers.topics)
    )
    Mention.objects.bulk_create(
        Mention(coding=coding, actor_id=actor, tone_id=ids.tones[tone])
        for actor, tone in answers.mentions
    )
    Flag.objects.bulk_create(
        Flag(
            coding=coding,
            kind_id=ids.flags[flag.kind],
            quote=flag.quote,
            translation=flag.translation,
        )
        for flag in answers.flags
    )


def _keep_final(latest: Coding, answers: Answers, earlier: list[Coding]) -> None:
    """Keep ``FinalCoding`` in step with the rows of a post, of which ``latest`` is new."""
    current = {row.coder_id: row for row in earlier if row.coder_id != latest.coder_id}
    others = [row for row in current.values() if row.kind in _ANSWERING]
    others.sort(key=lambda row: row.chain_number)
    if others:
        prefetch_related_objects(others, "topics", "mentions__tone", "flags__kind")
    given = [
        Given(row.pk, answers_of(row).essence, row.kind == CodingKind.SETTLEMENT) for row in others
    ]
    if latest.kind in _ANSWERING:
        is_settlement = latest.kind == CodingKind.SETTLEMENT
        given.append(Given(latest.pk, answers.essence, is_settlement))
    final = final_of(given)
    if final is None:
        FinalCoding.objects.of(latest.project).filter(post=latest.post).delete()
        return
    FinalCoding.objects.bulk_create(
        [
            FinalCoding(
                project=latest.project,
                post=latest.post,
                state=final.state,
                coding_id=final.coding,
            )
        ],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["state", "coding"],
    )


def _sorted(answers: Answers) -> Answers:
    return Answers(
        tuple(sorted(set(answers.topics))),
        tuple(sorted(answers.mentions)),
        tuple(sorted(answers.flags, key=lambda flag: flag.kind)),
    )


def _content(coding: Coding, answers: Answers) -> dict[str, Any]:
    """Everything a row of the history says, in one canonical form for its hash."""
    given = _sorted(answers)
    return {
        "project": coding.project_id,
        "post": coding.post_id,
        "coder": coding.coder_id,
        "version": coding.version_id,
        "kind": str(coding.kind),
        "number": coding.number,
        "request": str(coding.request_id),
        "reason": coding.reason,
        "seconds": coding.seconds,
        "made_at": coding.made_at.astimezone(datetime.UTC).isoformat(),
        "topics": given.topics,
        "mentions": given.mentions,
        "flags": [[flag.kind, flag.quote, flag.translation] for flag in given.flags],
    }


def verify_history(*, project: Project) -> chain.Verdict:
    """Walk a project's chain and name the first row that is not as it was stored."""
    rows = (
        Coding.objects.of(project)
        .order_by("chain_number")
        .prefetch_related("topics", "mentions__tone", "flags__kind")
    )
    head = ChainHead.objects.filter(project=project).first()
    return chain.verify(
        ((row, _content(row, answers_of(row))) for row in rows.iterator(chunk_size=1000)), head
    )
