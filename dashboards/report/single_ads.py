"""Single ads, as the Ad Library's API gives them: what became of each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from dashboards.measures.sources import UNDISCLOSED, Window
from dashboards.models import TakenDown
from dashboards.numbers import count, interval
from monitoring.models import Ad, AdReportLine, LineKind, Project

STATUSES = {
    "active": _("active when exported"),
    "ended": _("ended"),
    "removed": _("taken down"),
}


def single_ads(project: Project) -> QuerySet[Any]:
    """All ads with their ``status`` and the ``reason`` of one taken down, the dearest first.

    Meta names the day an ad is to end, which may still lie ahead: it ended if that day was over
    when the ad was exported.
    """
    noted = TakenDown.objects.of(project).filter(advertiser=OuterRef("advertiser"))
    of_ad = noted.filter(ad=OuterRef("pk")).values("reason")[:1]
    of_page = noted.filter(ad=None).values("reason")[:1]
    exported = TruncDate("source_import__exported_at", tzinfo=project.zone)
    return (
        Ad.objects.of(project)
        .select_related("advertiser__actor")
        .annotate(
            reason=Coalesce(Subquery(of_ad), Subquery(of_page)),
            status=Case(
                When(reason__isnull=False, then=Value("removed")),
                When(ends_on__lt=exported, then=Value("ended")),
                default=Value("active"),
            ),
        )
        .order_by(F("spend_upper").desc(nulls_first=True), "-spend_lower", "id")
    )


def single_ads_of(project: Project, advertisers: Collection[int], days: Window) -> QuerySet[Any]:
    """Those of some advertisers that ran in the days."""
    return single_ads(project).filter(
        Q(ends_on=None) | Q(ends_on__gte=days.start),
        advertiser__in=advertisers,
        starts_on__lte=days.end,
    )


def report_lines(
    project: Project, advertisers: Collection[int], days: Window, country: str
) -> list["ReportLine"]:
    """What a country's report of the days prints of some advertisers, the dearest first."""
    lines = (
        AdReportLine.objects.of(project)
        .filter(
            kind=LineKind.ADVERTISER,
            country=country,
            advertiser__in=advertisers,
            covers_from=days.start,
            covers_to=days.end,
        )
        .select_related("advertiser__actor")
    )
    dearest = F("spend_upper").desc(nulls_first=True)
    return [ReportLine(line) for line in lines.order_by("-spend_lower", dearest, "id")]


def counts_by_status(project: Project) -> dict[str, int]:
    """How many ads are of each status, in the order of STATUSES; empty without any ad."""
    rows = single_ads(project).order_by().values("status").annotate(ads=Count("pk"))
    found = {row["status"]: row["ads"] for row in rows}
    return {key: found.get(key, 0) for key in STATUSES} if found else {}


@dataclass(frozen=True)
class ReportLine:
    """An advertiser's line of a report under one disclaimer, in the words of a table."""

    line: AdReportLine

    @property
    def spend(self) -> str:
        spent = interval(self.line.spend_lower, self.line.spend_upper)
        return f"{spent} {self.line.currency}".strip()

    @property
    def ads(self) -> str:
        return count(self.line.ads)

    @property
    def disclaimer(self) -> str:
        """Empty where there was none."""
        return "" if self.line.disclaimer in UNDISCLOSED else self.line.disclaimer


@dataclass(frozen=True)
class AdLine:
    """An ad in the words of a table."""

    ad: Any

    @property
    def status(self) -> Any:
        return STATUSES[self.ad.status]

    @property
    def spend(self) -> str:
        return f"{interval(self.ad.spend_lower, self.ad.spend_upper)} {self.ad.currency}".strip()

    @property
    def shown(self) -> str:
        """How often it was seen, as bounds."""
        return interval(self.ad.impressions_lower, self.ad.impressions_upper)
