"""Advertising: by spending and by number, undisclosed and removed ads, single ads (chapter V)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dashboards import live
from dashboards.blindness import measures_for
from dashboards.charts.advertisers import advertisers_of, by_number
from dashboards.forms import TakenDownForm
from dashboards.measures import Result, UnknownWord
from dashboards.measures.base import days_in_words
from dashboards.models import TakenDown
from dashboards.numbers import count, interval
from dashboards.report.single_ads import (
    STATUSES,
    AdLine,
    counts_by_status,
    report_lines,
    single_ads,
    single_ads_of,
)
from dashboards.services.ads import NotNoted, note_taken_down
from monitoring.access import Action, ProjectRequest, may, project_page

MOST_ROWS = 100
# Every other parameter is a filter.
_WORDS = {"measure", "period", "scope", "page"}
ADS_ON_A_PAGE = 50


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def ads(request: ProjectRequest) -> HttpResponse:
    return render(request, "dashboards/ads.html", _context(request, TakenDownForm.of(request)))


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def behind(request: ProjectRequest) -> HttpResponse:
    """Exactly the ads that a number counts: lines of the report, and the single ads of its days."""
    try:
        context = _ads_of(request, request.GET)
    except UnknownWord as problem:
        return render(request, "dashboards/ads_behind.html", {"problem": problem}, status=400)
    return render(request, "dashboards/ads_behind.html", context)


def _ads_of(request: ProjectRequest, asked: QueryDict) -> dict[str, Any]:
    measure, period = asked.get("measure", "ads"), asked.get("period", "entire")
    where = {key: asked.getlist(key) for key in asked if key not in _WORDS}
    measures = measures_for(request)
    found = measures.ads_behind(measure, where=where, period=period)
    answer = measures.ask(measure, where=where, period=period)
    rows = single_ads_of(request.project, found.advertisers, found.window)
    page = Paginator(rows, ADS_ON_A_PAGE).get_page(asked.get("page"))
    others = asked.copy()
    others.pop("page", None)
    return {
        "ads": count(measures.ask("ads", where=where, period=period).value),
        "spend": _in_words(answer) if measure == "spend" else "",
        "base": answer.base,
        "report_lines": report_lines(
            request.project, found.advertisers, found.window, found.country
        )
        if found.is_report
        else [],
        "page": page,
        "lines": [AdLine(ad) for ad in page],
        "others": others.urlencode(),
    }


def _in_words(spent: Result) -> str:
    row = spent.rows[0]
    return f"{interval(row['low'], row['high'])} {row['currency']}".strip()


@require_POST
@project_page(Action.EDIT_REPORT)
def taken_down(request: ProjectRequest) -> HttpResponse:
    """Note why ads were taken down; an empty reason takes the note away."""
    form = TakenDownForm.of(request)
    if form.is_valid():
        try:
            note_taken_down(by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotNoted as problem:
            form.add_error("ad", str(problem))
        else:
            messages.success(request, form.saved)
            return redirect("dashboards:ads", request.project.slug)
    return render(request, "dashboards/ads.html", _context(request, form), status=422)


def _context(request: ProjectRequest, form: TakenDownForm) -> dict[str, Any]:
    measures = measures_for(request)
    may_edit = may(request.membership.role, Action.EDIT_CHARTS)
    period = measures.ad_period
    if period is None:
        return {"period": None, "may_edit": may_edit}
    found = advertisers_of(measures, period)
    spend = measures.ask("spend", period=period)
    most_first = by_number(found)
    return {
        "period": period,
        "may_edit": may_edit,
        "days": days_in_words(spend.base.start, spend.base.end),
        "ads": count(measures.ask("ads", period=period).value),
        "spend": interval(spend.rows[0]["low"], spend.rows[0]["high"]),
        "currency": spend.rows[0]["currency"],
        "advertisers": len(found),
        "by_spend": found[:MOST_ROWS],
        "by_number": most_first[:MOST_ROWS],
        "monitored": [one for one in most_first if one.category],
        "undisclosed": [one for one in most_first if one.undisclosed][:MOST_ROWS],
        "removed": [one for one in most_first if one.removed][:MOST_ROWS],
        "base": spend.base,
        "others": [
            (country, urlencode({"country": country, "period": f"{days.start}..{days.end}"}))
            for country, days in measures.other_ad_reports.items()
        ],
        "charts": live.drawn(measures, ["ads-by-advertiser", "ads-by-candidate", "ads-by-number"]),
        "revision": live.revision_of(request.project),
        "may_note": may(request.membership.role, Action.EDIT_REPORT),
        "form": form,
        **_single_ads(request),
    }


def _single_ads(request: ProjectRequest) -> dict[str, Any]:
    """A page of the single ads, of ``?status=`` only where that is one."""
    counts = counts_by_status(request.project)
    chosen = request.GET.get("status", "")
    rows = single_ads(request.project)
    if chosen in STATUSES:
        rows = rows.filter(status=chosen)
    page = Paginator(rows, ADS_ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "statuses": [(key, STATUSES[key], number) for key, number in counts.items()],
        "status": chosen if chosen in STATUSES else "",
        "page": page,
        "lines": [AdLine(ad) for ad in page] if counts else [],
        "notes": TakenDown.objects.of(request.project).select_related(
            "advertiser", "ad", "noted_by"
        ),
    }
