"""What leads know of ads beyond the files: that they were taken down, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from monitoring.models import Ad, Advertiser, Owned


class TakenDown(Owned):
    """Ads that the Ad Library shows as taken down, with the reason it gives.

    No export of Meta's says so: it stands on the library's pages only. Without ``ad`` it is about
    all ads of the page.
    """

    advertiser = models.ForeignKey(Advertiser, on_delete=models.CASCADE, related_name="taken_down")
    ad = models.ForeignKey(
        Ad, on_delete=models.CASCADE, null=True, blank=True, related_name="taken_down"
    )
    reason = models.CharField(max_length=300)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ads_taken_down"
    )
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["advertiser", "ad"],
                nulls_distinct=False,
                name="taken_down_is_noted_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="taken_down_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
