"""What was advertised, by whom, and for how much."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models.actors import Actor
from monitoring.models.imports import Import
from monitoring.models.owned import Owned
from monitoring.models.projects import Project


class Advertiser(Owned):
    """A page that advertised; several may belong to one actor, most belong to none.

    Pages that were deleted have the id ``0``, so id and name together are the key.
    """

    page_id = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="advertisers"
    )
    # As of an account.
    merged_from = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="advertisers_before"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "page_id", "name"], name="advertiser_is_one_page_and_name"
            ),
            models.CheckConstraint(
                condition=Q(merged_from__isnull=True) | Q(actor__isnull=False),
                name="advertiser_of_a_merged_actor_has_an_actor",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SpendingInterval(models.Model):
    """An amount known only within bounds, in whole units of a currency.

    ``≤100`` is the interval 0 to 100. An exact amount has equal bounds. ``spend_upper`` is NULL
    where the platform's top bucket is open.
    """

    currency = models.CharField(max_length=3)
    spend_lower = models.PositiveBigIntegerField()
    spend_upper = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class LineKind(models.TextChoices):
    """What a line of an Ad Library report adds up."""

    ADVERTISER = "advertiser", _("advertiser")
    LOCATION = "location", _("location")
    REGION = "region", _("advertiser in a region")


class AdReportLine(Owned, SpendingInterval):
    """One line of Meta's Ad Library report of a country, for a window of days.

    The country's total is the sum of the location lines: advertisers who spent little are printed
    as ``≤100``, so their lines alone give only an interval.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="ad_report_lines")
    # ISO 3166, as the name of the report prints it.
    country = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    advertiser = models.ForeignKey(
        Advertiser, on_delete=models.PROTECT, null=True, blank=True, related_name="report_lines"
    )
    location = models.CharField(max_length=200, blank=True)
    disclaimer = models.TextField(blank=True)
    covers_from = models.DateField()
    covers_to = models.DateField()
    ads = models.PositiveIntegerField(null=True, blank=True)
    source_import = models.ForeignKey(
        Import, on_delete=models.PROTECT, related_name="ad_report_lines", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "project",
                    "country",
                    "covers_from",
                    "covers_to",
                    "kind",
                    "currency",
                    "advertiser",
                    "location",
                    "disclaimer",
                ],
                nulls_distinct=False,
                name="ad_report_line_is_printed_once_in_a_country",
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^([A-Z]{2})?$"),
                name="ad_report_line_country_is_a_code",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LineKind.values), name="ad_report_line_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.LOCATION, advertiser__isnull=True)
                | Q(kind__in=[LineKind.ADVERTISER, LineKind.REGION], advertiser__isnull=False),
                name="ad_report_line_names_its_advertiser",
            ),
            models.CheckConstraint(
                condition=Q(spend_upper__isnull=True) | Q(spend_upper__gte=F("spend_lower")),
                name="ad_report_line_spend_is_an_interval",
            ),
            models.CheckConstraint(
                condition=Q(covers_to__gte=F("covers_from")),
                name="ad_report_line_window_is_a_range",
            ),
        ]

    def __str__(self) -> str:
        return self.disclaimer or self.location


class Ad(Owned, SpendingInterval):
    """One ad of the Ad Library API."""

    native_id = models.CharField(max_length=64)
    advertiser = models.ForeignKey(Advertiser, on_delete=models.PROTECT, related_name="ads")
    disclaimer = models.TextField(blank=True)
    text = models.TextField(blank=True)
    platforms = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    impressions_lower = models.PositiveBigIntegerField(null=True, blank=True)
    impressions_upper = models.PositiveBigIntegerField(null=True, blank=True)
    source_import = models.ForeignKey(
        Import, on_delete=models.PROTECT, related_name="ads", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "native_id"], name="ad_native_id_is_unique_in_project"
            ),
            models.CheckConstraint(
                condition=Q(spend_upper__isnull=True) | Q(spend_upper__gte=F("spend_lower")),
                name="ad_spend_is_an_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.native_id
