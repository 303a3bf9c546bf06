"""Advertising: by spending and by number of ads, undisclosed and removed ads (chapter V)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboards import live
from dashboards.blindness import measures_for
from dashboards.charts.advertisers import advertisers_of
from dashboards.charts.advertising import period_with_ads
from dashboards.numbers import count, interval
from monitoring.access import Action, ProjectRequest, project_page

MOST_ROWS = 100


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def ads(request: ProjectRequest) -> HttpResponse:
    measures = measures_for(request)
    period = period_with_ads(measures)
    if period is None:
        return render(request, "dashboards/ads.html", {"period": None})
    found = advertisers_of(measures, period)
    spend = measures.ask("spend", period=period)
    by_number = sorted(found, key=lambda one: (-one.ads, one.name.casefold()))
    context = {
        "period": period,
        "ads": count(measures.ask("ads", period=period).value),
        "spend": interval(spend.rows[0]["low"], spend.rows[0]["high"]),
        "currency": spend.rows[0]["currency"],
        "advertisers": len(found),
        "by_spend": found[:MOST_ROWS],
        "by_number": by_number[:MOST_ROWS],
        "monitored": [one for one in by_number if one.category],
        "undisclosed": [one for one in by_number if one.undisclosed][:MOST_ROWS],
        "removed": [one for one in by_number if one.removed][:MOST_ROWS],
        "base": spend.base,
        "charts": live.drawn(measures, ["ads-by-advertiser", "ads-by-candidate"]),
        "revision": live.revision_of(request.project),
    }
    return render(request, "dashboards/ads.html", context)
