"""Tables of no known kind: what people said of their columns."""

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
