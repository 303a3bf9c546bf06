"""What a new version of a codebook means for what was coded before it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coding.models.codebooks import CodebookVersion
from coding.models.codings import Coding
from monitoring.models import Actor, Owned, Project


class Section(models.TextChoices):
    """A part of a codebook."""

    TOPICS = "topics", _("Topics")
    TONES = "tones", _("Tone")
    FLAGS = "flags", _("Flags")
    QUESTIONS = "questions", _("Extra questions")


class CarriedKey(Owned):
    """A key that no version offers any more, and the one its codings count as since.

    Codings keep what was said; the views ``coding_counted_*`` (migration 0005) give the key that
    counts. A key is never offered again once it was carried.
    """

    version = models.ForeignKey(
        CodebookVersion, on_delete=models.PROTECT, related_name="carried_keys"
    )
    section = models.CharField(max_length=9, choices=Section.choices)
    key = models.SlugField()
    counts_as = models.SlugField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "section", "key"], name="carried_key_counts_as_one_other"
            ),
            models.CheckConstraint(
                condition=~Q(key=F("counts_as")), name="carried_key_is_not_its_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(section__in=Section.values), name="carried_key_section_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} > {self.counts_as}"


class RecheckReason(models.TextChoices):
    """Why somebody has to look at their answer again."""

    SPLIT = "split", _("divided into several")
    REDEFINED = "redefined", _("defined anew")
    REMOVED = "removed", _("removed")
    # Not by the codebook: the answer has several tones toward actors that are one now.
    MERGED = "merged", _("two tones toward one actor")


def _later_rows() -> models.QuerySet[Coding]:
    """What the author of a re-check said about the post since."""
    return Coding._base_manager.filter(
        post=models.OuterRef("coding__post"),
        coder=models.OuterRef("coding__coder"),
        number__gt=models.OuterRef("coding__number"),
    )


class RecheckQuerySet(models.QuerySet):
    def of(self, project: Project) -> Self:
        return self.filter(version__codebook__project=project)

    def waiting(self) -> Self:
        """Those whose author said nothing about the post since: a later row is the re-check."""
        return self.filter(~models.Exists(_later_rows()))

    def settled(self) -> Self:
        """The others, with ``settled_by``: the first row their author added since."""
        first = _later_rows().order_by("number").values("pk")[:1]
        return self.annotate(settled_by=models.Subquery(first)).exclude(settled_by=None)


class Recheck(models.Model):
    """A coding whose author should look again, since a new version changed what they answered.

    Or since actors were merged: then ``actor`` is the one that several of its tones are toward now.
    """

    version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="rechecks")
    coding = models.ForeignKey(Coding, on_delete=models.PROTECT, related_name="rechecks")
    section = models.CharField(max_length=9, choices=Section.choices)
    key = models.SlugField(blank=True)
    reason = models.CharField(max_length=9, choices=RecheckReason.choices)
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="rechecks"
    )

    # Where the query was asked for the ``settled`` ones.
    settled_by: int

    objects = RecheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "coding", "section", "key", "actor"],
                nulls_distinct=False,
                name="recheck_is_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=RecheckReason.values), name="recheck_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reason=RecheckReason.MERGED, actor__isnull=False)
                | (~Q(reason=RecheckReason.MERGED) & Q(actor__isnull=True)),
                name="recheck_names_an_actor_where_actors_were_merged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"
