"""Account by day: where posts are, where there are none, and where nothing is known."""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.coverage import Cell, Days, cells, columns
from monitoring.forms.coverage import CoverageFilter, StatedCoverageForm
from monitoring.models import Import
from monitoring.services.coverage import state_coverage
from monitoring.services.coverage_table import Asked, Line, lines, posts_by_part, shared_gaps

ON_A_PAGE = 60
# More columns than these are weeks.
MOST_DAYS = 31
# Of what is missing or silent, so much stands above the table.
MOST_SHOWN = 6
MOST_NAMES = 40


class Row(NamedTuple):
    """A line of the table with its cells."""

    line: Line
    cells: list[Cell]


def _asked(request: ProjectRequest) -> tuple[Asked, CoverageFilter]:
    """The coverage that an address asks for."""
    project = request.project
    form = CoverageFilter(request.GET or None, project=project)
    chosen = form.cleaned_data if form.is_valid() else {}
    period = (
        project.periods.filter(key=chosen.get("period") or "entire").first()
        or project.periods.first()
    )
    if period is None:
        raise Http404
    by = chosen.get("by") or ("week" if period.days > MOST_DAYS else "day")
    about = Asked(
        project,
        period.start,
        period.end,
        timezone.now().astimezone(project.zone).date(),
        by_week=by == "week",
        platform=chosen.get("platform", ""),
        category=chosen.get("category", ""),
    )
    return about, form


def _rows(about: Asked, shown: Sequence[Line], parts: list[Days]) -> Iterator[Row]:
    posts = posts_by_part(about, [line.id for line in shown])
    for line in shown:
        own = posts.get(line.id, {})
        yield Row(line, list(cells(own, line.gaps, parts, today=about.today)))


@require_GET
@project_page(Action.VIEW_ACTORS)
def coverage(request: ProjectRequest) -> HttpResponse:
    """What is missing, who is silent, and the table, in a handful of queries."""
    about, form = _asked(request)
    parts = columns(about.start, about.end, by_week=about.by_week)
    every = lines(about)
    lacking = [line for line in every if line.gaps]
    only = request.GET.get("only", "")
    silent = [line for line in every if line.is_silent]
    wanted = {"gaps": lacking, "silent": silent}.get(only, every)
    page = Paginator(wanted, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(_rows(about, list(page), parts))
    labels = {category.key: category.label for category in request.project.categories.all()}
    missing = shared_gaps(lacking)
    address = request.GET.copy()
    for name in ("only", "page"):
        address.pop(name, None)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "groups": [
            (labels[key], list(group))
            for key, group in groupby(rows, key=lambda row: row.line.category)
        ],
        "parts": parts,
        "by_week": about.by_week,
        "every": every,
        "lacking": lacking,
        "silent": silent,
        "silent_named": silent[:MOST_NAMES],
        "missing": missing[:MOST_SHOWN],
        "missing_more": missing[MOST_SHOWN:][:MOST_NAMES],
        "most": max((cell.posts for row in rows for cell in row.cells), default=0),
        "address": address.urlencode(),
        "may_see_imports": may(request.membership.role, Action.VIEW_IMPORTS),
    }
    return render(request, "monitoring/coverage.html", context)


@require_GET
@project_page(Action.VIEW_ACTORS)
def coverage_csv(request: ProjectRequest) -> HttpResponse:
    """A line per account and day: posts, and what is known of the day."""
    about = _asked(request)[0]._replace(by_week=False)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{request.project.slug}-coverage.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["category", "actor", "platform", "account_id", "day", "posts", "state"])
    days = columns(about.start, about.end, by_week=False)
    for line, its_cells in _rows(about, lines(about), days):
        own = [line.category, _safe(line.actor), line.platform, line.id]
        for cell in its_cells:
            if not cell.is_ahead:
                writer.writerow([*own, cell.start.isoformat(), cell.posts, cell.state])
    return response


def _safe(text: str) -> str:
    """No cell is run by a spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


@require_POST
@project_page(Action.IMPORT)
def state(request: ProjectRequest, pk: int) -> HttpResponse:
    """Say of which accounts and days an export is."""
    source_import = get_object_or_404(Import.objects.of(request.project), pk=pk)
    form = StatedCoverageForm(request.POST, project=request.project)
    if form.is_valid():
        state_coverage(source_import=source_import, **form.stated())
    for problem in chain.from_iterable(form.errors.values()):
        messages.error(request, str(problem))
    return redirect("monitoring:import", request.project.slug, pk)
