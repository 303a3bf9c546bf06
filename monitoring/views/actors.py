"""The list of monitored actors with their accounts."""

from itertools import groupby

from django.db.models import Prefetch, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render

from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Account, Actor


@project_page(Action.VIEW_ACTORS)
def actors(request: ProjectRequest) -> HttpResponse:
    """Every actor by category, merged ones with a word into whom.

    ``?q=`` finds names in any script, aliases and handles.
    """
    project = request.project
    words = request.GET.get("q", "").strip()
    chosen = request.GET.get("category", "")
    accounts = Account.objects.of(project).annotate(
        post_count=Coalesce(Sum("daily_totals__posts"), 0)
    )
    found = Actor.objects.of(project).select_related("category", "merged_into")
    if words:
        found = found.filter(
            Q(name__icontains=words)
            | Q(names__text__icontains=words)
            | Q(merged__name__icontains=words)
            | Q(accounts__handle__icontains=words)
            | Q(accounts__name__icontains=words)
        ).distinct()
    if chosen:
        found = found.filter(category__key=chosen)
    found = found.order_by("category__position", "name").prefetch_related(
        "names", Prefetch("accounts", queryset=accounts.order_by("platform", "name"))
    )
    return render(
        request,
        "monitoring/_actors.html" if request.htmx else "monitoring/actors.html",
        {
            "groups": [
                (category, rows, sum(row.merged_into is None for row in rows))
                for category, group in groupby(found, key=lambda row: row.category)
                for rows in [list(group)]
            ],
            "may_edit": may(request.membership.role, Action.EDIT_ACTORS),
            "categories": project.categories.all(),
            "chosen": chosen,
            "words": words,
        },
    )
