"""Documented examples: flagged posts with what proves them, ready to be shown in the report."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from monitoring.models import Actor, Owned, OwnedQuerySet, Post


class CaseState(models.TextChoices):
    """A ready case may be published; a draft never is."""

    DRAFT = "draft", _("draft")
    READY = "ready", _("ready for the report")


class Severity(models.IntegerChoices):
    """How much harm the example can do, as the lead judges it."""

    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")
    SEVERE = 4, _("severe")


class LinkKind(models.TextChoices):
    """What a link of a case leads to."""

    FACT_CHECK = "fact_check", _("fact-check")
    ARCHIVE = "archive", _("archived copy")
    SOURCE = "source", _("source")


class CaseQuerySet(OwnedQuerySet):
    def with_actors(self) -> Self:
        """Each with whom it is against and in favour of."""
        return self.select_related("target__merged_into", "beneficiary__merged_into")


class Case(Owned):
    """One example: what was said, in which posts, why it is wrong, whom it hits and serves.

    ``kind`` is the key of a flag, so that it outlives versions of the codebook. ``edition`` grows
    with every change: saving names the one it started from, so that nobody overwrites another.
    """

    number = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=5, choices=CaseState.choices, default=CaseState.DRAFT)
    kind = models.SlugField()
    title = models.CharField(max_length=200)
    quote = models.TextField(blank=True)
    translation = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    # An actor where it is one, else (or besides) words: "voters abroad".
    target = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_against"
    )
    target_in_words = models.CharField(max_length=200, blank=True)
    beneficiary = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_in_favour"
    )
    beneficiary_in_words = models.CharField(max_length=200, blank=True)
    posts = models.ManyToManyField(Post, through="CasePost", related_name="cases")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases_opened"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    objects = CaseQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="case_number_is_unique_in_project"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="case_severity_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DRAFT) | (~Q(quote="") & ~Q(explanation="")),
                name="case_is_ready_with_quote_and_explanation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def against(self) -> Actor | None:
        """The target, or who counts for it since they were merged."""
        return self.target and self.target.counts_as

    @property
    def in_favour_of(self) -> Actor | None:
        """The beneficiary, or who counts for it since they were merged."""
        return self.beneficiary and self.beneficiary.counts_as

    def get_absolute_url(self) -> str:
        return reverse("coding:case", args=[self.project.slug, self.number])


class CasePost(models.Model):
    """One of the posts a case documents."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_posts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="case_posts")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "post"], name="case_names_a_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}"


class CaseLink(models.Model):
    """Where the claim was checked, archived, or first made."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    url = models.URLField(max_length=2000)
    title = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "url"], name="case_names_a_link_once"),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values), name="case_link_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(url__iregex=r"^https?://"), name="case_link_is_a_web_address"
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Screenshot(models.Model):
    """A picture that proves the case: as it came, and as it may be published.

    Both are files under their SHA-256. The published copy is drawn anew with ``covers`` burnt in:
    boxes ``[left, top, width, height]`` in pixels over people who are not public. There is none
    until somebody has looked for such people.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="screenshots")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=300, blank=True)
    covers = models.JSONField(default=list, blank=True)
    published_sha256 = models.CharField(max_length=64, blank=True)
    published_media_type = models.CharField(max_length=20, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="screenshots_checked",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="screenshots_added"
    )
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sha256"], name="case_has_a_picture_once"),
            models.CheckConstraint(
                condition=Q(published_sha256="") | Q(checked_by__isnull=False),
                name="screenshot_is_published_after_a_check",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
