"""The report: its findings, its charts in order, its top posts, its advertising."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboards import live
from dashboards.blindness import measures_for
from dashboards.charts import CHARTS
from dashboards.findings import findings_of, hash_of
from dashboards.report.ads import advertising
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
        "top_posts": top_posts(project=request.project, background=measures.background),
        "advertising": advertising(measures),
        "zone": request.project.timezone,
        **documents_of(request),
    }
    return render(request, "dashboards/report.html", context)
