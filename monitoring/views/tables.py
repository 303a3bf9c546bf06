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
from monitoring.forms.tables import MappingForm
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.questions import AS_PRINTED, COLUMNS
from monitoring.models import Import, TableMapping
from monitoring.refusals import sentence
from monitoring.services.answering import explain as explain_columns
from monitoring.services.coverage import state_in_a_word
from monitoring.services.examining import Stated
from monitoring.services.mappings import NameTaken, Preview, forget, preview_of
from monitoring.services.steering import NotPossible, cancel

SHOWN_CELLS = 3


@require_http_methods(["GET", "POST"])
@project_page(Action.IMPORT)
def explain(request: ProjectRequest, pk: int) -> HttpResponse:
    """The first rows of a table that waits, and what its columns may be."""
    waiting = _waiting(request, pk)
    try:
        preview = preview_of(waiting)
    except (UnreadableFile, OSError):
        cancel(source_import=waiting, by=request.user)
        messages.error(request, _("The file is no longer kept. Send it again."))
        return redirect("monitoring:imports", request.project.slug)
    form = _form(request, waiting, preview)
    if form.is_valid() and _explained(request, waiting, form):
        return redirect("monitoring:import", request.project.slug, pk)
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
    cancel(source_import=waiting, by=request.user)
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


def _waiting(request: ProjectRequest, pk: int) -> Import:
    """An import that asks what its columns are."""
    found = Import.objects.of(request.project).filter(asks__contains=[{"about": COLUMNS}])
    return get_object_or_404(found.select_related("project"), pk=pk)


def _form(request: ProjectRequest, waiting: Import, preview: Preview) -> MappingForm:
    header = preview.table.header
    moment = waiting.exported_at.astimezone(request.project.zone)
    initial: dict[str, Any] = {
        **MappingForm.initial_of(header, preview.guessed),
        "name": waiting.file_name.partition(".")[0][:100],
        "timezone": waiting.timezone,
        "exported_at": moment.replace(tzinfo=None, second=0, microsecond=0),
    }
    return MappingForm(
        request.POST or None,
        initial=initial,
        header=header,
        project=request.project,
        now=timezone.now(),
    )


def _explained(request: ProjectRequest, waiting: Import, form: MappingForm) -> bool:
    said = form.cleaned_data
    try:
        explained = explain_columns(
            source_import=waiting,
            mapping=said["mapping"],
            name=said["name"],
            # The field shows what was stated when the file was sent; emptied, it takes that back.
            stated=Stated(timezone=said["timezone"] or AS_PRINTED, exported_at=said["exported_at"]),
            made_by=request.user,
        )
    except UnreadableFile as problem:
        form.add_error(None, sentence(problem))
        return False
    except NameTaken:
        form.add_error("name", _("Another kind of table has this name."))
        return False
    except NotPossible:
        return True  # somebody else has answered meanwhile: the import's page shows what
    state_in_a_word(source_import=explained, accounts=said["covers"])
    if explained.is_open:
        tasks.enqueue(explained)
    return True


def _columns(form: MappingForm, preview: Preview) -> list[tuple[BoundField, list[str]]]:
    """Each column's select, and the first cells that hold something."""
    shown = []
    for field in form.columns():
        place = int(field.name.removeprefix("column-"))
        cells = [row[place] for row in preview.rows if row[place].strip()]
        shown.append((field, cells[:SHOWN_CELLS]))
    return shown
