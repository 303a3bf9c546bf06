"""The report as documents: asked for by leads, fetched by whoever may see the report."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from dashboards import tasks
from dashboards.blindness import sees_codings
from dashboards.documents import CONTENT_TYPES
from dashboards.exports import jobs
from dashboards.forms import DocumentForm
from dashboards.models import REPORT, Export, ExportState
from dashboards.models.exports import ExportQuerySet
from monitoring.access import Action, ProjectRequest, may, project_page

SHOWN = 12


def documents_of(request: ProjectRequest) -> dict[str, Any]:
    """What the block of documents shows: to leads also those that wait or failed, and a form."""
    documents = _readable(request).select_related("asked_by")
    may_make = may(request.membership.role, Action.EXPORT)
    rows = [
        {
            "export": export,
            "progress": jobs.progress_of(export) if export.state == ExportState.WAITING else None,
        }
        for export in (documents if may_make else documents.done())[:SHOWN]
    ]
    tasks.offer_again(row["export"] for row in rows)
    return {
        "documents": rows,
        "documents_wait": any(row["progress"] for row in rows),
        "document_form": DocumentForm(initial={"language": get_language()}) if may_make else None,
    }


def _readable(request: ProjectRequest) -> ExportQuerySet:
    """The documents of a project; they hold what codings add up to."""
    documents = Export.objects.of(request.project).documents()
    return documents if sees_codings(request) else documents.none()


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def documents(request: ProjectRequest) -> HttpResponse:
    """The block of documents alone, which the page asks for while one is made."""
    return render(request, "dashboards/_documents.html", documents_of(request))


@require_POST
@project_page(Action.EXPORT)
def ask(request: ProjectRequest) -> HttpResponse:
    """Ask for a document; a form that offers two choices leaves nothing to correct."""
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
    return redirect(f"{reverse('dashboards:report', args=[request.project.slug])}#documents")


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def document(request: ProjectRequest, pk: int) -> HttpResponseBase:
    """Fetch a document."""
    export = get_object_or_404(_readable(request).done(), pk=pk)
    export.project = request.project
    try:
        file = jobs.path_of(export).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = CONTENT_TYPES[export.format]
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type=kind)
