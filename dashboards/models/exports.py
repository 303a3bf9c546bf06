"""Files that leads asked for."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned
from monitoring.models.owned import OwnedQuerySet


class ExportState(models.TextChoices):
    """Where the making of a file stands."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ExportedTable(models.TextChoices):
    """What can be exported; ``dashboards.exports.tables`` reads it."""

    POSTS = "posts", _("Posts")
    CODINGS = "codings", _("Codings")
    ADS = "ads", _("Ads")
    AGREEMENT = "agreement", _("Agreement")
    FIGURES = "figures", _("Figures of the charts")


class ExportFormat(models.TextChoices):
    """The formats of ``dashboards.exports.formats``."""

    CSV = "csv", _("CSV for spreadsheets")
    CSV_RAW = "csv-raw", _("CSV for analysis, every character as it came")
    XLSX = "xlsx", _("Excel")
    JSONL = "jsonl", _("JSON lines")


class DocumentFormat(models.TextChoices):
    """The forms of ``dashboards.documents``."""

    DOCX = "docx", _("Word")
    PDF = "pdf", "PDF"
    HTML = "html", _("Web page")


# What a document is of; all else is a table.
REPORT = "report"


class ExportQuerySet(OwnedQuerySet):
    def tables(self) -> Self:
        return self.exclude(what=REPORT)

    def documents(self) -> Self:
        return self.filter(what=REPORT)

    def done(self) -> Self:
        """Those that can be fetched."""
        return self.filter(state=ExportState.DONE)


class Export(Owned):
    """One file: asked for, made by a worker, kept under ``stored_path`` until it is removed.

    A table, as an archive with its codebook, or the report as a document in a language.
    """

    what = models.CharField(max_length=10, choices=[*ExportedTable.choices, (REPORT, _("Report"))])
    format = models.CharField(
        max_length=8, choices=[*ExportFormat.choices, *DocumentFormat.choices]
    )
    language = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.WAITING)
    # How often a worker began: one that dies each time is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it failed, for the person who asked.
    problem = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    # Posts whose codings are not in it: whoever asked for it had still to code them.
    withheld = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    # Of the file: what was published can be told from what was changed afterwards.
    sha256 = models.CharField(max_length=64, blank=True)
    # The one moment at which everything in it was read.
    as_of = models.DateTimeField(null=True, blank=True)
    stored_path = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(what__in=[*ExportedTable.values, REPORT]),
                name="export_table_is_known",
            ),
            models.CheckConstraint(
                condition=Q(format__in=[*ExportFormat.values, *DocumentFormat.values]),
                name="export_format_is_known",
            ),
            models.CheckConstraint(
                condition=Q(what=REPORT, format__in=DocumentFormat.values) & ~Q(language="")
                | ~Q(what=REPORT) & ~Q(format__in=DocumentFormat.values) & Q(language=""),
                name="export_of_a_report_is_a_document_in_a_language",
            ),
            models.CheckConstraint(
                condition=Q(state=ExportState.DONE, finished_at__isnull=False) & ~Q(stored_path="")
                | ~Q(state=ExportState.DONE) & Q(stored_path=""),
                name="export_is_done_with_a_file",
            ),
        ]
        indexes = [
            # Serves the sweeper.
            models.Index(
                fields=["asked_at"],
                condition=Q(state=ExportState.WAITING),
                name="export_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}.{self.format}"

    @property
    def file_name(self) -> str:
        if self.is_document:
            return f"{self.project.slug}-{self.what}-{self.language}-{self.pk}.{self.format}"
        return f"{self.project.slug}-{self.what}-{self.pk}.zip"

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def is_document(self) -> bool:
        return self.what == REPORT
