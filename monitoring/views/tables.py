"""Tables of no known kind: a person says which column is what, and the table is imported."""

from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from monitoring import tasks
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.forms import MappingForm
from monitoring.models import TableMapping, UnmappedTable
from monitoring.refusals import sentence
from monitoring.services.coverage import state_in_a_word
from monitoring.services.imports import Stated, UnreadableFile, open_unmapped
from monitoring.services.mappings import NameTaken, Preview, forget, give_up, preview_of
from monitoring.views.imports import say_what_to_know

SHOWN_CELLS = 3


@require_http_methods(["GET", "POST"])
@project_page(Action.IMPORT)
def explain(request: ProjectRequest, pk: int) -> HttpResponse:
    """The first rows of a table that waits, and what its columns may be."""
    waiting = _waiting(request, pk)
    try:
        preview = preview_of(waiting)
    except (UnreadableFile, OSError):
        give_up(waiting=waiting)
        messages.error(request, _("The file is no longer kept. Send it again."))
        return redirect("monitoring:imports", request.project.slug)
    form = _form(request, waiting, preview)
    if form.is_valid() and _import(request, waiting, form):
        return redirect("monitoring:imports", request.project.slug)
    return render(
        request,
        "monitoring/table.html",
        {
            "waiting": waiting,
            "table": preview.table,
            "form": form,
            "columns": _columns(form, preview),
        },
    )


@require_POST
@project_page(Action.IMPORT)
def throw_away(request: ProjectRequest, pk: int) -> HttpResponse:
    waiting = _waiting(request, pk)
    give_up(waiting=waiting)
    messages.info(request, _("%(name)s was thrown away.") % {"name": waiting.file_name})
    return redirect("monitoring:imports", request.project.slug)


@require_POST
@project_page(Action.IMPORT)
def forget_kind(request: ProjectRequest, pk: int) -> HttpResponse:
    """Ask again what the columns of such tables are."""
    kept = get_object_or_404(TableMapping.objects.of(request.project), pk=pk)
    forget(kept=kept)
    messages.info(
        request, _("Tables like “%(name)s” will be asked about again.") % {"name": kept.name}
    )
    return redirect("monitoring:imports", request.project.slug)


def _waiting(request: ProjectRequest, pk: int) -> UnmappedTable:
    found = UnmappedTable.objects.of(request.project).select_related("project")
    return get_object_or_404(found, pk=pk)


def _form(request: ProjectRequest, waiting: UnmappedTable, preview: Preview) -> MappingForm:
    header = preview.table.header
    moment = waiting.exported_at
    initial: dict[str, Any] = {
        **MappingForm.initial_of(header, preview.guessed),
        "name": waiting.file_name.partition(".")[0][:100],
        "timezone": waiting.timezone,
        "exported_at": moment and moment.astimezone(request.project.zone).replace(tzinfo=None),
    }
    return MappingForm(
        request.POST or None,
        initial=initial,
        header=header,
        project=request.project,
        now=timezone.now(),
    )


def _import(request: ProjectRequest, waiting: UnmappedTable, form: MappingForm) -> bool:
    said = form.cleaned_data
    try:
        opened = open_unmapped(
            waiting=waiting,
            mapping=said["mapping"],
            name=said["name"],
            stated=Stated(timezone=said["timezone"], exported_at=said["exported_at"]),
            received_at=timezone.now(),
            started_by=request.user,
        )
    except UnreadableFile as problem:
        form.add_error(None, sentence(problem))
        return False
    except NameTaken:
        form.add_error("name", _("Another kind of table has this name."))
        return False
    state_in_a_word(source_import=opened.source_import, accounts=said["covers"])
    tasks.enqueue(opened.source_import)
    say_what_to_know(request, waiting.file_name, opened)
    return True


def _columns(form: MappingForm, preview: Preview) -> list[tuple[BoundField, list[str]]]:
    """Each column's select, and the first cells that hold something."""
    shown = []
    for field in form.columns():
        place = int(field.name.removeprefix("column-"))
        cells = [row[place] for row in preview.rows if row[place].strip()]
        shown.append((field, cells[:SHOWN_CELLS]))
    return shown
