"""The report: findings, charts in order, top posts, advertising, examples, and how it was done."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from coding.services.cases import ready_cases
from coding.services.codebooks import published_version
from coding.views.own_posts import still_to_code
from dashboards import live
from dashboards.blindness import measures_for
from dashboards.charts import CHARTS
from dashboards.documents import annex
from dashboards.documents.advertising import others_in_words, silent_in_words
from dashboards.documents.cases import facts_of
from dashboards.findings import findings_of, hash_of
from dashboards.findings.names import names_in_language
from dashboards.measures import Measures
from dashboards.report.ads import advertising
from dashboards.report.agreement import remembered_agreement
from dashboards.report.single_ads import STATUSES
from dashboards.report.top_posts import top_posts
from dashboards.views.documents import documents_of
from monitoring.access import Action, ProjectRequest, may, project_page


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def report(request: ProjectRequest) -> HttpResponse:
    revision = live.revision_of(request.project)
    measures = measures_for(request)
    charts = live.drawn(measures, CHARTS)
    findings = findings_of(measures)
    language = get_language() or "en"
    context = {
        "revision": revision,
        "sections": [
            ("Facebook", [one for one in charts if one.chart.platform == "facebook"]),
            ("Instagram", [one for one in charts if one.chart.platform == "instagram"]),
        ],
        "findings": findings,
        "findings_hash": hash_of(findings),
        "is_blind": not measures.with_codings,
        "may_edit": may(request.membership.role, Action.EDIT_REPORT),
        "top_posts": top_posts(
            project=request.project, background=measures.background, language=language
        ),
        "zone": request.project.timezone,
        **_advertising(measures),
        "cases": _cases(measures, still_to_code(request)) if measures.with_codings else [],
        **_method(measures, language),
        "agreement": remembered_agreement(request.project, revision=revision, language=language)
        if measures.with_codings
        else None,
        **documents_of(request),
    }
    return render(request, "dashboards/report.html", context)


def _advertising(measures: Measures) -> dict[str, Any]:
    ads = advertising(measures)
    if ads is None:
        return {"ads": None}
    return {
        "ads": ads,
        "ads_others": others_in_words(ads),
        "ads_silent": silent_in_words(ads),
        "ad_statuses": [(STATUSES[key], number) for key, number in ads.statuses.items()],
    }


def _cases(measures: Measures, hidden: set[int]) -> list[dict[str, Any]]:
    """The examples that are ready, each with the pictures that may be published.

    Without those of posts that the reader has still to code.
    """
    return [
        {
            "case": case,
            "label": _("Example %(number)s") % {"number": case.number},
            "kind": measures.background.flag_label(case.kind),
            "pictures": [one for one in case.screenshots.all() if one.published_sha256],
            "facts": facts_of(case),
        }
        for case in ready_cases(project=measures.background.project, hidden=hidden)
    ]


def _method(measures: Measures, language: str) -> dict[str, Any]:
    project = measures.background.project
    return {
        "methodology": list(annex.methodology(project, measures)),
        "actors": annex.actors(
            measures, names_in_language(measures.background.directory, language)
        ),
        "topics": annex.topics(published_version(project=project, entries=["topics"])),
    }
