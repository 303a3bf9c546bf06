"""The dashboard, one chart, and what open pages ask for."""

import json
from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from dashboards import live, live_answers
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

    Everybody who shows the same charts gets the answer that was computed for the first of them.
    Where nothing but codings changed since the page's revision, charts of posts are left alone.

    The tables are HTML made by the templates of the page.
    """
    shown = request.GET.get("revision", "")
    now = live.revisions_of(request.project)
    if shown == str(now.number):
        return HttpResponse(status=204)
    hashes = _hashes_in(request)
    since = int(shown) if shown.isdecimal() and len(shown) < 19 else -1
    keys = list(hashes) if since < now.beside_codings else live.coded(request.project, hashes)
    answer = _shared_answer(request, keys)
    if len(keys) < len(hashes) and since < answer["beside_codings"]:
        # Posts changed between the question and the answer.
        answer = _shared_answer(request, list(hashes))
    if shown == str(answer["revision"]):
        return HttpResponse(status=204)
    if answer.get("findings_hash") == request.GET.get("findings"):
        answer = {key: value for key, value in answer.items() if not key.startswith("findings")}
    charts = [text for key, shown, text in answer["charts"] if shown != hashes[key]]
    head = json.dumps({key: value for key, value in answer.items() if key != "charts"})
    # The charts are in their text already: that of ten pages is made once.
    body = f'{head[:-1]}, "charts": [{", ".join(charts)}]}}'
    return HttpResponse(body, content_type="application/json")


def _shared_answer(request: ProjectRequest, keys: list[str]) -> dict[str, Any]:
    asked = {
        "project": request.project.pk,
        "role": request.membership.role,
        "language": get_language(),
        "charts": sorted(keys),
        "findings": "findings" in request.GET,
    }
    return live_answers.shared(asked, partial(_whole_answer, request, keys))


def _whole_answer(
    request: ProjectRequest, keys: Iterable[str], before: dict[str, Any]
) -> dict[str, Any]:
    """These charts, and the findings where the page shows them, as they are now.

    A chart is its key, its hash, and what the page takes over, as JSON: that of the answer before
    where the chart is still the same.
    """
    known = {(key, shown): text for key, shown, text in before.get("charts", ())}
    # Read before the charts: what is told under it is at least as new.
    now = live.revisions_of(request.project)
    measures = measures_for(request)
    return {
        "revision": now.number,
        "beside_codings": now.beside_codings,
        "moment": measures.background.moment,
        "charts": [
            [one.chart.key, one.hash, known.get((one.chart.key, one.hash)) or _told(request, one)]
            for one in live.drawn(measures, keys)
        ],
        **_findings(request, measures),
    }


def _told(request: ProjectRequest, one: live.Drawn) -> str:
    told = {
        "number": one.chart.key,
        "hash": one.hash,
        "figure": one.drawing.figure,
        "marks": marks_of(request, one),
        "heads": _part("_heads", request, one),
        "table": _part("_table", request, one),
        "base": str(one.drawing.base),
        "note": one.note,
    }
    return json.dumps(told, default=str)


def _findings(request: ProjectRequest, measures: Measures) -> dict[str, str]:
    if "findings" not in request.GET:
        return {}
    findings = findings_of(measures)
    context = {"findings": findings, "request": request}
    return {
        "findings": render_to_string("dashboards/_findings.html", context),
        "findings_hash": hash_of(findings),
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
