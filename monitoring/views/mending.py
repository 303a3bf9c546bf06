"""Rejected rows: downloaded, or mended here, and sent again."""

from itertools import zip_longest
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from monitoring import tasks
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Import, RejectedRow
from monitoring.refusals import sentence
from monitoring.rejected_rows import rejected_rows
from monitoring.services.examining import header_of
from monitoring.services.imports import NotStored, UnreadableFile
from monitoring.services.mending import send_mended_row
from monitoring.services.repairs import rejected_cells

LONG_CELL = 80


@require_GET
@project_page(Action.VIEW_IMPORTS)
def rejected(request: ProjectRequest, pk: int) -> HttpResponse:
    """The rows that could not be read, as a CSV to mend and send again."""
    return cast(
        HttpResponse,
        rejected_rows(get_object_or_404(Import.objects.of(request.project), pk=pk)),
    )


@require_http_methods(["GET", "POST"])
@project_page(Action.IMPORT)
def mend(request: ProjectRequest, pk: int, line: int) -> HttpResponse:
    """One rejected row, cell by cell."""
    source_import = get_object_or_404(
        Import.objects.of(request.project).select_related("project"), pk=pk, repairs=None
    )
    row = get_object_or_404(
        RejectedRow.objects.select_related("source_import__project"),
        source_import=source_import,
        line=line,
    )
    if request.method == "POST" and _sent(request, row, _cells(request.POST)):
        messages.success(request, _("Row %(line)s is in.") % {"line": line})
        return redirect("monitoring:import", request.project.slug, pk)
    return render(request, "monitoring/mend.html", _form(source_import, row))


def _sent(request: ProjectRequest, row: RejectedRow, cells: list[str]) -> bool:
    """Whether the row could be read now; else it keeps the new cells, with the new reason."""
    try:
        opened = send_mended_row(row=row, cells=cells, by=request.user, at=timezone.now())
    except (UnreadableFile, NotStored) as problem:
        said = sentence(problem) if isinstance(problem, UnreadableFile) else str(problem)
        messages.error(request, said)
        return False
    tasks.enqueue(opened.source_import)
    if RejectedRow.objects.filter(pk=row.pk).exists():
        row.refresh_from_db()
        messages.error(request, _("The row still cannot be read: %(why)s") % {"why": row.reason})
        return False
    return True


def _cells(sent: QueryDict) -> list[str]:
    """The cells in the order of the columns; browsers send newlines as Windows does."""
    named = {int(name[5:]): name for name in sent if name[5:].isdecimal() and len(name) < 10}
    cells = [str(sent[named[place]]).replace("\r\n", "\n") for place in sorted(named)]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _form(source_import: Import, row: RejectedRow) -> dict[str, object]:
    header = header_of(source_import)
    cells = rejected_cells(row, source_import.delimiter)
    fields = [
        {
            "place": place,
            "name": name,
            "cell": cell,
            "is_wrong": bool(name) and name == row.column,
            "is_long": len(cell) > LONG_CELL or "\n" in cell,
        }
        for place, (name, cell) in enumerate(zip_longest(header, cells, fillvalue=""))
    ]
    return {
        "import": source_import,
        "row": row,
        "fields": [field for field in fields if field["is_wrong"]],
        "others": [field for field in fields if not field["is_wrong"]],
        "fits": len(header) == len(cells),
    }
