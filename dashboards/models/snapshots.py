"""What was true at a moment, frozen, and the links by which strangers may see it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned


class FrozenPage(models.TextChoices):
    """Which page a snapshot holds."""

    REPORT = "report", _("Report")
    DASHBOARD = "dashboard", _("Dashboard")


class Snapshot(Owned):
    """A page's charts with their tables and bases, in every language, as they were.

    ``content`` is ``{language: {"charts": […], "chapters": {…}}}`` (see ``dashboards.snapshots``),
    ``sha256`` that of its canonical JSON, pictures by their hash. A trigger refuses every change.
    """

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=9, choices=FrozenPage.choices)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    # The project's revision that was frozen.
    revision = models.BigIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snapshots"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], name="snapshot_number_is_unique_in_project"
            ),
            models.CheckConstraint(
                condition=Q(page__in=FrozenPage.values), name="snapshot_page_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("dashboards:snapshot", args=[self.project.slug, self.number])


class FrozenPicture(Owned):
    """A picture of an example as it was published when a snapshot was made.

    The snapshot names it by its hash, which is part of what the snapshot's own hash is of. A
    trigger refuses every change.
    """

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sha256"], name="frozen_picture_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class ShareQuerySet(models.QuerySet):
    def open(self, at: object) -> Self:
        """The links that lead somewhere at a moment."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class Share(models.Model):
    """A link to a snapshot for whoever has it; only the hash of its token is kept."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="shares")
    token_sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shares"
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="share_expires_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "ru", "ky"]), name="share_language_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class ShareViews(models.Model):
    """How often a link was opened in an hour; nothing of who opened it."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="views")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-hour"]
        constraints = [
            models.UniqueConstraint(fields=["share", "hour"], name="share_views_are_one_per_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.count}"
