"""The dashboard, one chart, and what open pages ask for."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dashboards import live
from dashboards.blindness import chart_for, charts_for, measures_for, sees_codings
from dashboards.charts import SECTION_LABELS, Chart
from dashboards.charts.lookup import charts_called, dashboard_keys
from dashboards.exports.charts import chart_csv, picture_file
from dashboards.findings import findings_of, hash_of
from dashboards.forms import NoteForm
from dashboards.measures import Measures
from dashboards.pictures import THEMES, Form, NoPicture
from dashboards.services.charts import write_note
from dashboards.templatetags.charts import marks_of
from monitoring.access import Action, ProjectRequest, may, project_page


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def dashboard(request: ProjectRequest) -> HttpResponse:
    # Read before the charts: a change in between is asked for again, not missed.
    revision = live.revision_of(request.project)
    measures = measures_for(request)
    charts = live.drawn(measures, dashboard_keys(request.project))
    context = {
        "charts": charts,
        "revision": revision,
        "sections": _sections(charts_for(request)),
        "is_blind": not sees_codings(request),
        "may_edit": may(request.membership.role, Action.EDIT_CHARTS),
    }
    return render(request, "dashboards/dashboard.html", context)


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def chart(request: ProjectRequest, key: str) -> HttpResponse:
    revision = live.revision_of(request.project)
    charts = [chart_for(request, key)]
    context = {
        "charts": charts,
        "revision": revision,
        "sections": _sections(charts_for(request)),
        "may_edit": may(request.membership.role, Action.EDIT_CHARTS),
        "note_form": NoteForm(initial={"text": charts[0].note}),
        "own_number": key.removeprefix("own-"),
    }
    return render(request, "dashboards/chart.html", context)


@require_POST
@project_page(Action.EDIT_CHARTS)
def note(request: ProjectRequest, key: str) -> HttpResponse:
    """A lead's note on a chart; an empty one takes it away."""
    form = NoteForm(request.POST)
    if not charts_called(request.project, [key]):
        raise Http404
    if form.is_valid():
        write_note(
            project=request.project,
            chart_key=key,
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
        )
    return redirect("dashboards:chart", request.project.slug, key)


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def data_csv(request: ProjectRequest, key: str) -> HttpResponse:
    drawing = chart_for(request, key).drawing
    return chart_csv(drawing, file_name=f"{request.project.slug}-chart-{key}.csv")


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def chart_picture(request: ProjectRequest, key: str, form: Form) -> HttpResponse:
    """The figure as a file, in the colours of ``?theme=``; Http404 of a chart without a figure."""
    theme = request.GET.get("theme", "colour")
    if theme not in THEMES:
        raise Http404
    try:
        return picture_file(
            chart_for(request, key), project=request.project, form=form, theme=theme
        )
    except NoPicture as problem:
        raise Http404 from problem


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def changes(request: ProjectRequest) -> HttpResponse:
    """204 while ``?revision=`` is the newest, else those of ``?chart=KEY:HASH`` that differ.

    The tables are HTML made by the templates of the page.
    """
    revision = live.revision_of(request.project)
    if request.GET.get("revision") == str(revision):
        return HttpResponse(status=204)
    measures = measures_for(request)
    charts = live.changed(measures, _hashes_in(request))
    return JsonResponse(
        {
            **_changed_findings(request, measures),
            "revision": revision,
            "moment": measures.background.moment,
            "charts": [
                {
                    "number": one.chart.key,
                    "hash": one.hash,
                    "figure": one.drawing.figure,
                    "marks": marks_of(request, one),
                    "heads": _part("_heads", request, one),
                    "table": _part("_table", request, one),
                    "base": str(one.drawing.base),
                    "note": one.note,
                }
                for one in charts
            ],
        }
    )


def _changed_findings(request: ProjectRequest, measures: Measures) -> dict[str, str]:
    """The findings of a page that shows them, ``?findings=HASH``, where they read otherwise now."""
    shown = request.GET.get("findings")
    if shown is None:
        return {}
    findings = findings_of(measures)
    if shown == (now := hash_of(findings)):
        return {}
    context = {"findings": findings, "request": request}
    return {
        "findings": render_to_string("dashboards/_findings.html", context),
        "findings_hash": now,
    }


def _part(name: str, request: HttpRequest, one: live.Drawn) -> str:
    return render_to_string(f"dashboards/{name}.html", {"one": one, "request": request})


def _hashes_in(request: HttpRequest) -> dict[str, str]:
    """The charts a page shows, by key, with the hash of what it shows."""
    parts = [part.partition(":") for part in request.GET.getlist("chart")]
    return {key: shown for key, _colon, shown in parts[:100]}


def _sections(charts: list[Chart]) -> list[tuple[object, list[Chart]]]:
    """All charts by what they are about."""
    by_section = groupby(
        sorted(charts, key=lambda one: list(SECTION_LABELS).index(one.section)),
        key=lambda one: one.section,
    )
    return [(SECTION_LABELS[section], list(found)) for section, found in by_section]
