"""Files of a project: asked for here, made by a worker, fetched here."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from dashboards import tasks
from dashboards.documents import CONTENT_TYPES
from dashboards.exports import jobs
from dashboards.forms import DocumentForm, ExportForm
from dashboards.models import REPORT, Export, ExportState
from monitoring.access import Action, ProjectRequest, project_page

SHOWN = 30


@require_http_methods(["GET", "POST"])
@project_page(Action.EXPORT)
def exports(request: ProjectRequest) -> HttpResponse:
    """The last files, how far the open ones are, and a form for another."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        export = jobs.ask(
            project=request.project,
            by=request.user,
            what=form.cleaned_data["what"],
            form=form.cleaned_data["format"],
        )
        tasks.enqueue(export)
        return redirect("dashboards:exports", slug=request.project.slug)
    rows = _shown(request)
    waiting = any(row["progress"] for row in rows)
    context = {
        "form": form,
        "document_form": DocumentForm(initial={"language": get_language()}),
        "exports": rows,
        "waiting": waiting,
    }
    if request.htmx:
        return render(request, "dashboards/_exports.html", context)
    return render(request, "dashboards/exports.html", context, status=422 if form.errors else 200)


@require_POST
@project_page(Action.EXPORT)
def ask_document(request: ProjectRequest) -> HttpResponse:
    """Ask for the report as a document; it appears among the exports."""
    form = DocumentForm(request.POST)
    if form.is_valid():
        export = jobs.ask(
            project=request.project,
            by=request.user,
            what=REPORT,
            form=form.cleaned_data["format"],
            language=form.cleaned_data["language"],
        )
        tasks.enqueue(export)
    return redirect("dashboards:exports", slug=request.project.slug)


@require_http_methods(["GET", "POST"])
@project_page(Action.EXPORT)
def download(request: ProjectRequest, pk: int) -> HttpResponseBase:
    """Fetch a file; POST removes it."""
    export = get_object_or_404(Export.objects.of(request.project), pk=pk)
    export.project = request.project
    if request.method == "POST":
        jobs.remove(export=export)
        return redirect("dashboards:exports", slug=request.project.slug)
    try:
        file = jobs.path_of(export).open("rb") if export.state == ExportState.DONE else None
    except FileNotFoundError as error:
        raise Http404 from error
    if file is None:
        raise Http404
    kind = CONTENT_TYPES[export.format] if export.is_document else "application/zip"
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type=kind)


def _shown(request: ProjectRequest) -> list[dict[str, Any]]:
    rows = Export.objects.of(request.project).select_related("asked_by")[:SHOWN]
    return [
        {
            "export": export,
            "progress": jobs.progress_of(export) if export.state == ExportState.WAITING else None,
        }
        for export in rows
    ]
