"""Account by day: where posts are, where there are none, and where nothing is known."""

import csv
import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from monitoring.access import Action, ProjectRequest, project_page
from monitoring.coverage import Cell, Days, Gap, cells, columns, gaps
from monitoring.forms import CoverageFilter, StatedCoverageForm
from monitoring.models import Account, Category, DailyTotal, Import, Project
from monitoring.services.coverage import covered_days, monitored_accounts, state_coverage

ON_A_PAGE = 60
# More columns than these are weeks.
MOST_DAYS = 31
MOST_GAPS = 100


@dataclass(frozen=True)
class Row:
    """An account with its cells and the days that nothing is known of."""

    account: Account
    cells: list[Cell]
    gaps: list[Gap]

    @property
    def posts(self) -> int:
        return sum(cell.posts for cell in self.cells)

    @property
    def missing_days(self) -> int:
        return sum(gap.days for gap in self.gaps)


class Coverage:
    """The coverage of a project's monitored accounts over a period, in four queries."""

    def __init__(self, project: Project, accounts: list[Account], days: Days) -> None:
        self.project = project
        self.accounts = accounts
        self.start, self.end = days
        self.today = timezone.now().astimezone(project.zone).date()
        self._covered = covered_days(project=project)
        self._posts = self._posts_by_day()

    def _posts_by_day(self) -> dict[int, dict[datetime.date, int]]:
        totals = DailyTotal.objects.filter(
            account__in=[account.pk for account in self.accounts],
            day__range=(self.start, self.end),
        )
        found: dict[int, dict[datetime.date, int]] = defaultdict(dict)
        for account, day, posts in (
            totals.values("account", "day")
            .annotate(all=Sum("posts"))
            .values_list("account", "day", "all")
        ):
            found[account][day] = posts
        return found

    def gaps_of(self, account: Account) -> list[Gap]:
        return gaps(
            self._covered.get(account.pk, []), start=self.start, end=min(self.end, self.today)
        )

    def rows(self, parts: list[Days]) -> Iterator[Row]:
        for account in self.accounts:
            missing = self.gaps_of(account)
            shown = cells(self._posts.get(account.pk, {}), missing, parts, today=self.today)
            yield Row(account, list(shown), missing)


def _asked(request: ProjectRequest) -> tuple[Coverage, CoverageFilter, bool]:
    """The coverage that an address asks for, and whether its columns are weeks."""
    form = CoverageFilter(request.GET or None, project=request.project)
    chosen = form.cleaned_data if form.is_valid() else {}
    period = request.project.periods.get(key=chosen.get("period") or "entire")
    accounts = [
        account
        for account in monitored_accounts(project=request.project)
        if chosen.get("platform", "") in ("", account.platform)
        and chosen.get("category", "") in ("", _category(account).key)
    ]
    by = chosen.get("by") or ("week" if period.days > MOST_DAYS else "day")
    found = Coverage(request.project, accounts, (period.start, period.end))
    return found, form, by == "week"


@require_GET
@project_page(Action.VIEW_ACTORS)
def coverage(request: ProjectRequest) -> HttpResponse:
    """The grid, what is missing in words, and the list of gaps."""
    found, form, by_week = _asked(request)
    parts = columns(found.start, found.end, by_week=by_week)
    rows = list(found.rows(parts))
    if request.GET.get("only") == "gaps":
        rows = [row for row in rows if row.gaps]
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    lacking = sorted(
        (row for row in rows if row.gaps), key=lambda row: (-row.missing_days, row.account.name)
    )
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "groups": [
            (category, list(group))
            for category, group in groupby(page, key=lambda row: _category(row.account))
        ],
        "parts": parts,
        "by_week": by_week,
        "accounts": len(rows),
        "lacking": len(lacking),
        "silent": sum(not row.gaps and not row.posts for row in rows),
        "gaps": [(row, gap) for row in lacking for gap in row.gaps][:MOST_GAPS],
        "most": max((cell.posts for row in rows for cell in row.cells), default=0),
    }
    return render(request, "monitoring/coverage.html", context)


@require_GET
@project_page(Action.VIEW_ACTORS)
def coverage_csv(request: ProjectRequest) -> HttpResponse:
    """A line per account and day: posts, and what is known of the day."""
    found, _form, _by_week = _asked(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{request.project.slug}-coverage.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["category", "actor", "platform", "account_id", "day", "posts", "state"])
    for row in found.rows(columns(found.start, found.end, by_week=False)):
        account = row.account
        for cell in row.cells:
            if not cell.is_ahead:
                writer.writerow(
                    [
                        _category(account).key,
                        _safe(str(account.actor)),
                        account.platform,
                        account.pk,
                        cell.start.isoformat(),
                        cell.posts,
                        cell.state,
                    ]
                )
    return response


def _category(account: Account) -> Category:
    """Of a monitored account, which always has an actor."""
    return account.actor.category  # type: ignore[union-attr]


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
    return redirect("monitoring:import", request.project.slug, pk)
