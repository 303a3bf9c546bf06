"""What people decided about the posts: an append-only history, and the answers that count.

Nothing here is ever changed or deleted: triggers refuse it (migration ``append_only``). A change
of mind is a further row. Every row carries the hash of the row before it in its project.
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coding.models.codebooks import CodebookVersion, FlagKind, Question, ToneGrade, Topic
from monitoring.models import Actor, Owned, OwnedQuerySet, Post, Project


class CodingKind(models.TextChoices):
    """What a row of the history is."""

    CODING = "coding", _("coding")
    SKIP = "skip", _("skip")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    SETTLEMENT = "settlement", _("settlement by a lead")
    REVERSAL = "reversal", _("settlement taken back")


# What somebody says as a lead; the other rows are what they say as a monitor.
DECISIONS = (CodingKind.SETTLEMENT, CodingKind.REVERSAL)


class Ask(models.TextChoices):
    """Whom a monitor asks for help with a post, beside answering or skipping it."""

    LEAD = "lead", _("a lead should look")
    SECOND_OPINION = "second", _("a second opinion")


_IS_DECISION = models.ExpressionWrapper(Q(kind__in=DECISIONS), models.BooleanField())


class CodingQuerySet(OwnedQuerySet):
    def current(self) -> Self:
        """Of each person and post the last row of their answers, and of their decisions as a lead.

        A withdrawal takes back both.
        """
        newer = (
            self.model._base_manager.filter(
                post=models.OuterRef("post"),
                coder=models.OuterRef("coder"),
                number__gt=models.OuterRef("number"),
            )
            .alias(is_decision=_IS_DECISION)
            .filter(Q(is_decision=models.OuterRef("is_decision")) | Q(kind=CodingKind.WITHDRAWAL))
        )
        return self.alias(is_decision=_IS_DECISION).filter(~models.Exists(newer))

    def asking(self) -> Self:
        """What monitors ask and have not taken back, answered or not."""
        return self.exclude(asks="").current()

    def double_coded(self) -> Self:
        """All rows of the posts for which two people or more gave answers."""
        answered = self.filter(kind=CodingKind.CODING).order_by().values("post")
        several = answered.annotate(people=models.Count("coder", distinct=True))
        return self.filter(post__in=several.filter(people__gt=1).values("post"))


class Coding(Owned):
    """One person's answers for one post under one codebook version.

    ``number`` counts a person's rows for the post from 1: it is the version number that saving
    names as its base, so that two tabs cannot overwrite one another. ``request_id`` is made where
    the post is opened: sending it twice stores one row.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="codings")
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="codings"
    )
    version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="codings")
    kind = models.CharField(max_length=10, choices=CodingKind.choices)
    number = models.PositiveIntegerField()
    request_id = models.UUIDField(default=uuid.uuid4)
    # Why it was skipped, withdrawn or settled so; or a comment for the lead.
    reason = models.TextField(blank=True)
    asks = models.CharField(
        max_length=6, choices=Ask.choices, blank=True, default="", db_default=""
    )
    # Time the post was on the screen and the person active.
    seconds = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    # The place in the project's chain, taken under a lock on the chain's head.
    chain_number = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    topics = models.ManyToManyField(Topic, through="CodingTopic", related_name="codings")

    objects = CodingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "coder", "number"], name="coding_number_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["project", "chain_number"], name="coding_place_in_chain_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["project", "request_id"], name="coding_request_is_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CodingKind.values), name="coding_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(asks__in=["", *Ask.values]), name="coding_asks_whom_we_know"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="coding_number_starts_at_1"),
        ]
        indexes = [
            # Serves a monitor's own last codings and their pace.
            models.Index(fields=["project", "coder", "-made_at"], name="coding_by_coder"),
            # Serves what monitors ask, the newest first.
            models.Index(
                fields=["project", "-made_at"], condition=~Q(asks=""), name="coding_that_asks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain_number}"

    @property
    def is_decision(self) -> bool:
        return self.kind in DECISIONS

    @property
    def can_be_taken_back(self) -> bool:
        return self.kind not in (CodingKind.WITHDRAWAL, CodingKind.REVERSAL)


class Reply(models.Model):
    """What a lead says to a monitor who asked; it cannot be changed either."""

    coding = models.OneToOneField(Coding, on_delete=models.PROTECT, related_name="reply")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reply_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Mention(models.Model):
    """One actor a post is about, and the tone toward that actor."""

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="mentions")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="mentions")
    tone = models.ForeignKey(ToneGrade, on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "actor"], name="mention_names_an_actor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class CountedMention(models.Model):
    """A mention as it counts: of the actor that its actor counts as, and of each such actor once.

    A view (migration ``merged_actors_count_as_one``). Of several tones toward actors that are one
    now it has the one toward the actor that stayed, else toward the one that was entered first;
    where they differ, the coding is on the list to be looked at again.
    """

    coding = models.ForeignKey(Coding, on_delete=models.DO_NOTHING, related_name="counted_mentions")
    actor = models.ForeignKey(Actor, on_delete=models.DO_NOTHING, related_name="+")
    tone = models.ForeignKey(ToneGrade, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "coding_counted_mentions"

    def __str__(self) -> str:
        return f"{self.pk}"


class CodingTopic(models.Model):
    """One topic of a coding."""

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="coding_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="coding_topics")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "topic"], name="coding_names_a_topic_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Flag(models.Model):
    """One thing that is wrong with a post, with the quote that shows it."""

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="flags")
    kind = models.ForeignKey(FlagKind, on_delete=models.PROTECT, related_name="flags")
    quote = models.TextField(blank=True)
    translation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["coding", "kind"], name="flag_is_raised_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ExtraAnswer(models.Model):
    """The answer to one extra question, in the form ``coding.extra_questions`` gives it."""

    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="extra_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coding", "question"], name="extra_question_is_answered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ReturnedQuerySet(models.QuerySet):
    def of(self, project: Project) -> Self:
        return self.filter(coding__project=project)

    def waiting(self) -> Self:
        """Those whose author said nothing about the post since."""
        later = Coding._base_manager.filter(
            post=models.OuterRef("coding__post"),
            coder=models.OuterRef("coding__coder"),
            number__gt=models.OuterRef("coding__number"),
        )
        return self.filter(~models.Exists(later))


class ReturnedCoding(models.Model):
    """Answers that a lead gave back to their author, and why; they stand until there are others.

    What the author answers after it is not blind any more (``coding.reliability.blind``).
    """

    coding = models.OneToOneField(Coding, on_delete=models.PROTECT, related_name="returned")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="returned_codings"
    )
    note = models.TextField()
    made_at = models.DateTimeField()

    objects = ReturnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="returned_coding_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ChainHead(models.Model):
    """The last place and hash of a project's chain; locked to take the next."""

    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, primary_key=True, related_name="chain_head"
    )
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.number}"


class FinalState(models.TextChoices):
    """How the answers that count came about."""

    SINGLE = "single", _("one coding")
    AGREED = "agreed", _("all agree")
    SETTLED = "settled", _("settled by a lead")
    UNSETTLED = "unsettled", _("not settled yet")


class FinalCoding(Owned):
    """The answers that count for a post: those of one coding, or none while monitors disagree.

    Kept in the transaction that stores a coding. Unsettled disagreements count in no chart, and
    the chart says how many there are.
    """

    post = models.OneToOneField(
        Post, on_delete=models.PROTECT, primary_key=True, related_name="final_coding"
    )
    state = models.CharField(max_length=9, choices=FinalState.choices)
    coding = models.ForeignKey(
        Coding, on_delete=models.PROTECT, null=True, blank=True, related_name="final_codings"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FinalState.UNSETTLED, coding__isnull=True)
                | Q(
                    state__in=[FinalState.SINGLE, FinalState.AGREED, FinalState.SETTLED],
                    coding__isnull=False,
                ),
                name="final_coding_is_settled_or_counts_nothing",
            ),
        ]
        indexes = [
            # Serves "how many posts wait for a decision".
            models.Index(fields=["project", "state"], name="final_coding_by_state"),
        ]

    def __str__(self) -> str:
        return self.state
