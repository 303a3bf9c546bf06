"""Tables of no known kind: what people said of their columns, and files that wait for that."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.models.owned import Owned


class TableMapping(Owned):
    """Which column of a table is what; used again for every table with the same columns."""

    name = models.CharField(max_length=100)
    # Of the header, whatever the order of its columns (importers.mapping.fingerprint).
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="table_mappings",
    )
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "fingerprint"], name="table_mapping_explains_a_header_once"
            ),
            models.UniqueConstraint(
                fields=["project", "name"], name="table_mapping_name_is_unique_in_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnmappedTable(Owned):
    """A file that came in and waits for somebody to say what its columns are."""

    file_name = models.CharField(max_length=255)
    # Relative to MEDIA_ROOT, like those of imports.
    stored_path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20)
    timezone = models.CharField(max_length=64, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="unmapped_tables",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="unmapped_table_waits_once"),
        ]

    def __str__(self) -> str:
        return self.file_name
