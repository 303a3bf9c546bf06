"""Storing what people decide: one row per decision, in the project's chain, never changed."""

import datetime
import uuid
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coding.answers import Answers, FlagAnswer
from coding.extra_questions import InvalidAnswer, checked
from coding.models import (
    Ask,
    AssignmentState,
    ChainHead,
    CodebookVersion,
    Coding,
    CodingKind,
    VersionState,
)
from coding.models.codings import DECISIONS
from coding.services import chain
from coding.services.codebooks import Vocabulary, vocabulary_of
from coding.services.coding_statements import STORE_DECISION
from coding.services.final_codings import keep_final
from coding.services.late_answers import ask_again
from coding.services.merged_actors import ask_about_merged
from coding.services.refusals import AlreadySaved, CodingRefused, StaleBase
from coding.services.second_opinions import give_to_another
from monitoring.models import Post, Project

__all__ = [
    "AlreadySaved",
    "Answers",
    "CodingRefused",
    "FlagAnswer",
    "StaleBase",
    "answers_of",
    "save_coding",
    "settle",
    "skip",
    "take_back",
    "verify_history",
    "withdraw",
]

LARGEST_ID = 2**63 - 1  # that the database can hold; a form can send any digits
INVALID_ANSWERS = {
    "not_offered": _("“%(question)s” has no such answer."),
    "not_a_number": _("“%(question)s” is answered with a number."),
    "too_small": _("The answer to “%(question)s” is smaller than the codebook allows."),
    "too_large": _("The answer to “%(question)s” is larger than the codebook allows."),
    "too_long": _("The answer to “%(question)s” is too long."),
    "missing": _("“%(question)s” has to be answered."),
}

PLAIN_COLUMNS = (
    *("kind", "number", "request_id", "reason", "asks", "seconds", "made_at"),
    *("chain_number", "previous_hash", "hash"),
)


def save_coding(  # noqa: PLR0913
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
    asks: str = "",
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
        asks=asks,
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
    asks: str = "",
) -> Coding:
    """Store that a monitor leaves a post uncoded, and why. Raises as ``save_coding``."""
    coding = Coding(
        kind=CodingKind.SKIP,
        version=version,
        coder=coder,
        request_id=request_id,
        reason=reason,
        asks=asks,
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
    """Take back one's answers, and one's settlement if there is one. Raises as ``save_coding``.

    A post of one's own queue comes to the desk again.
    """
    own = Coding.objects.of(project).filter(post=post, coder=coder).exclude(kind__in=DECISIONS)
    last = _last_that_stands(own, CodingKind.WITHDRAWAL, request_id)
    coding = Coding(
        kind=CodingKind.WITHDRAWAL,
        version_id=last.version_id,
        coder=coder,
        request_id=request_id,
        reason=reason,
        made_at=at,
    )
    return _store(project, post, coding, Answers(), base_number, AssignmentState.OPEN)


def take_back(
    *,
    project: Project,
    post: Post,
    lead: User,
    request_id: uuid.UUID,
    base_number: int,
    at: datetime.datetime,
) -> Coding:
    """Take back a lead's settlement alone: what they answered as a monitor stands.

    Raises as ``save_coding``.
    """
    decisions = Coding.objects.of(project).filter(post=post, coder=lead, kind__in=DECISIONS)
    last = _last_that_stands(decisions, CodingKind.REVERSAL, request_id)
    coding = Coding(
        kind=CodingKind.REVERSAL,
        version_id=last.version_id,
        coder=lead,
        request_id=request_id,
        made_at=at,
    )
    return _store(project, post, coding, Answers(), base_number, None)


def _last_that_stands(
    rows: QuerySet[Coding], taken_back: CodingKind, request_id: uuid.UUID
) -> Coding:
    """The last of a person's rows, unless another request than this took it back already.

    Raises CodingRefused.
    """
    last = rows.order_by("-number").first()
    if last is None or (last.kind == taken_back and last.request_id != request_id):
        raise CodingRefused("nothing_saved", _("There is nothing to take back."))
    return last


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
    seen: int | None = None,
) -> Coding:
    """Store a lead's decision on a post: from then on it counts. Raises as ``save_coding``.

    ``seen`` is the place in the chain of the last that the lead knew of the post: where a monitor
    or another lead said more since, CodingRefused asks to look again.
    """
    coding = Coding(
        kind=CodingKind.SETTLEMENT,
        version=version,
        coder=lead,
        request_id=request_id,
        reason=reason,
        made_at=at,
    )
    return _store(project, post, coding, answers, None, None, seen)


def answers_of(coding: Coding) -> Answers:
    """A stored coding's answers; four queries unless its rows were prefetched."""
    return Answers(
        topics=tuple(topic.key for topic in coding.topics.all()),
        mentions=tuple((row.actor_id, row.tone.key) for row in coding.mentions.all()),
        flags=tuple(
            FlagAnswer(row.kind.key, row.quote, row.translation) for row in coding.flags.all()
        ),
        extra=tuple((row.question.key, row.value) for row in coding.extra_answers.all()),
    )


@transaction.atomic
def _store(
    project: Project,
    post: Post,
    coding: Coding,
    answers: Answers,
    base_number: int | None,
    state: AssignmentState | None,
    seen: int | None = None,
) -> Coding:
    """One decision into the chain; what follows from it is stored in the same transaction."""
    if post.project_id != project.pk:
        raise CodingRefused("unknown_post", _("The project has no such post."))
    vocabulary = _vocabulary(project, coding.version, answers)
    if coding.kind in (CodingKind.CODING, CodingKind.SETTLEMENT):
        answers = replace(answers, extra=_extra_answers(vocabulary, answers))
    head = chain.locked_head(project)
    rows = list(
        Coding.objects.of(project)
        .filter(Q(post=post) | Q(request_id=coding.request_id))
        .order_by("chain_number")
    )
    stored = next((row for row in rows if row.request_id == coding.request_id), None)
    if stored is not None:
        return _replayed(stored, coding, post, answers)
    if seen is not None and rows and rows[-1].chain_number > seen:
        raise CodingRefused("changed", _("Somebody answered or decided meanwhile: look again."))
    coding.project, coding.post = project, post
    coding.number = 1 + _checked_base(coding, rows, base_number)
    chain.append(head, coding, _content(coding, answers))
    _store_decision(coding, answers, vocabulary, state)
    if coding.asks == Ask.SECOND_OPINION:
        give_to_another(coding)
    if coding.kind == CodingKind.CODING:
        ask_again(coding, answers)
    keep_final(latest=coding, earlier=rows)
    return coding


def _replayed(stored: Coding, sent: Coding, post: Post, answers: Answers) -> Coding:
    is_same = (stored.post_id, stored.coder_id, stored.kind, stored.reason, stored.asks) == (
        post.pk,
        sent.coder_id,
        sent.kind,
        sent.reason,
        sent.asks,
    )
    if not is_same or answers_of(stored).in_order() != answers.in_order():
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


def _vocabulary(project: Project, version: CodebookVersion, answers: Answers) -> Vocabulary:
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
    if any(actor > LARGEST_ID for actor in actors):
        raise _unknown_actor()
    return vocabulary


def _extra_answers(vocabulary: Vocabulary, answers: Answers) -> tuple[tuple[str, str], ...]:
    """The answers to extra questions as they are stored. Raises CodingRefused."""
    try:
        return checked(vocabulary.extra_questions, answers.extra)
    except InvalidAnswer as invalid:
        words = {"question": invalid.question}
        message = INVALID_ANSWERS[invalid.problem] % words
        raise CodingRefused(f"extra_{invalid.problem}", message) from invalid


def _unknown_actor() -> CodingRefused:
    return CodingRefused("unknown_actor", _("An actor is not one of this project."))


def _store_decision(
    coding: Coding, answers: Answers, ids: Vocabulary, state: AssignmentState | None
) -> None:
    """Store a row with its answers, and the ``state`` of its post in the person's queue.

    Raises CodingRefused for an actor of another project, and for a post that is not the person's
    to code.
    """
    given: dict[str, Any] = {
        "project": coding.project_id,
        "post": coding.post_id,
        "coder": coding.coder_id,
        "version": coding.version_id,
        **{name: getattr(coding, name) for name in PLAIN_COLUMNS},
        "state": state,
        "topics": [ids.topics[topic] for topic in dict.fromkeys(answers.topics)],
        "actors": [actor for actor, _tone in answers.mentions],
        "tones": [ids.tones[tone] for _actor, tone in answers.mentions],
        "flags": [ids.flags[flag.kind] for flag in answers.flags],
        "quotes": [flag.quote for flag in answers.flags],
        "translations": [flag.translation for flag in answers.flags],
        "questions": [ids.questions[question] for question, _answer in answers.extra],
        "values": [answer for _question, answer in answers.extra],
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE_DECISION, given)
        coding.pk, mentions, queued, merged = cursor.fetchone()
    coding._state.adding = False
    if mentions < len(answers.mentions):
        raise _unknown_actor()
    # A lead takes a settlement back without having had the post in a queue.
    if state is not None and not queued and coding.kind != CodingKind.WITHDRAWAL:
        raise CodingRefused("not_assigned", _("This post is not assigned to you."))
    if merged:
        # Of a tab that was open, or offline, while the actors were merged.
        ask_about_merged(project=coding.project, coding=coding.pk)


def _content(coding: Coding, answers: Answers) -> dict[str, Any]:
    """Everything a row of the history says, in one canonical form for its hash."""
    given = answers.in_order()
    # Rows without extra answers, or that ask nothing, have the form they had before there were any.
    extra = {"extra": given.extra} if given.extra else {}
    asks = {"asks": str(coding.asks)} if coding.asks else {}
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
        **extra,
        **asks,
    }


def verify_history(*, project: Project) -> chain.Verdict:
    """Walk a project's chain and name the first row that is not as it was stored."""
    rows = (
        Coding.objects.of(project)
        .order_by("chain_number")
        .prefetch_related("topics", "mentions__tone", "flags__kind", "extra_answers__question")
    )
    head = ChainHead.objects.filter(project=project).first()
    return chain.verify(
        ((row, _content(row, answers_of(row))) for row in rows.iterator(chunk_size=1000)), head
    )
