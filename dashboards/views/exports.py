"""Tables of a project as files: asked for here, made by a worker, fetched here."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboards import tasks
from dashboards.blindness import FilesOfCodings
from dashboards.exports import jobs
from dashboards.forms import ExportForm
from dashboards.models import Export, ExportState
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
    tasks.offer_again(row["export"] for row in rows)
    context = {"form": form, "exports": rows, "waiting": waiting}
    if request.htmx:
        return render(request, "dashboards/_exports.html", context)
    return render(request, "dashboards/exports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@project_page(Action.EXPORT)
def download(request: ProjectRequest, pk: int) -> HttpResponseBase:
    """Fetch a table; POST removes it, and documents too.

    One of codings is not for a lead while it holds others' answers to what they have still to code.
    """
    exports = Export.objects.of(request.project)
    if request.method == "POST":
        export = get_object_or_404(exports, pk=pk)
        if not jobs.remove(export=export):
            messages.info(request, _("A worker is making this file now. It was told to stop."))
        page = "dashboards:report" if export.is_document else "dashboards:exports"
        return redirect(page, slug=request.project.slug)
    export = get_object_or_404(exports.tables().done(), pk=pk)
    export.project = request.project
    if not FilesOfCodings(request).are_for(export):
        said = _("It has others’ answers to posts that you have still to code: make a new file.")
        messages.warning(request, said)
        return redirect("dashboards:exports", slug=request.project.slug)
    try:
        file = jobs.path_of(export).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, as_attachment=True, filename=export.file_name)


def _shown(request: ProjectRequest) -> list[dict[str, Any]]:
    rows = Export.objects.of(request.project).tables().select_related("asked_by")[:SHOWN]
    files = FilesOfCodings(request)
    return [
        {
            "export": export,
            "is_for_reader": files.are_for(export),
            "progress": jobs.progress_of(export) if export.state == ExportState.WAITING else None,
        }
        for export in rows
    ]
