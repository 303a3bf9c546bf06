"""The sentences of a report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned


class FindingSection(models.TextChoices):
    """What a finding is about: they stand together in the report."""

    MONITORING = "monitoring", _("The monitoring")
    PLATFORMS = "platforms", _("Posts and interactions")
    CANDIDATES = "candidates", _("Candidates")
    PARTIES = "parties", _("Political parties")
    MEDIA = "media", _("Media")
    AUTHORITIES = "authorities", _("Official institutions")
    CONTENT = "content", _("Topics and problematic content")
    ADVERTISING = "advertising", _("Advertising")


class Finding(Owned):
    """A sentence, or a few, in up to three languages, with placeholders for its numbers.

    ``numbers`` says by placeholder what to ask and what to print (``dashboards.findings.numbers``).
    ``confirmed`` is what each printed, in English, when a lead last looked; ``dismissed`` holds the
    keys of remarks a lead has read and overruled. ``edition`` counts changes: who saves must have
    seen the last one.
    """

    section = models.CharField(max_length=11, choices=FindingSection.choices)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_ru = models.TextField(blank=True)
    text_ky = models.TextField(blank=True)
    numbers = models.JSONField(default=dict, blank=True)
    confirmed = models.JSONField(default=dict, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_findings",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dismissed = models.JSONField(default=list, blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "position"],
                name="finding_has_its_place_in_the_report",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=~Q(text=""), name="finding_says_something"),
            models.CheckConstraint(
                condition=Q(section__in=FindingSection.values), name="finding_section_is_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="finding_is_confirmed_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def text_in(self, language: str) -> str:
        """The text in a language; in English where there is none."""
        return str(getattr(self, f"text_{language}", "") or self.text)

    @property
    def texts(self) -> dict[str, str]:
        return {"en": self.text, "ru": self.text_ru, "ky": self.text_ky}
