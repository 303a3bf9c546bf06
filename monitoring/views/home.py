"""The list of one's projects, and the overview of one."""

from django.db.models import Count, Max, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Account, DailyTotal, Import, Membership


def home(request: HttpRequest) -> HttpResponse:
    memberships = (
        Membership.objects.active_for(request.user)
        .select_related("project")
        .annotate(
            start=Min("project__periods__start", filter=Q(project__periods__key="entire")),
            end=Max("project__periods__end", filter=Q(project__periods__key="entire")),
        )
        .order_by("-end", "project__name")
    )
    return render(request, "monitoring/home.html", {"memberships": memberships})


@project_page(Action.VIEW_DASHBOARD)
def overview(request: ProjectRequest) -> HttpResponse:
    """What is monitored and how much of it is in; the charts are on pages of their own."""
    project = request.project
    role = request.membership.role
    listed = Count("actors", filter=Q(actors__merged_into=None))
    categories = {
        category.pk: category
        for category in project.categories.annotate(actor_count=listed).order_by("position")
    }
    totals = (
        DailyTotal.objects.filter(account__project=project, account__actor__isnull=False)
        .values("account__actor__category", "account__platform")
        .annotate(posts=Sum("posts"), interactions=Sum("interactions"))
    )
    platforms = sorted({row["account__platform"] for row in totals})
    cells = {(row["account__actor__category"], row["account__platform"]): row for row in totals}
    rows = [
        {"category": category, "cells": [cells.get((pk, platform)) for platform in platforms]}
        for pk, category in categories.items()
    ]
    waiting = Account.objects.of(project).waiting().count() if may(role, Action.IMPORT) else 0
    may_see_imports = may(role, Action.VIEW_IMPORTS)
    return render(
        request,
        "monitoring/overview.html",
        {
            "periods": project.periods.all(),
            "platforms": platforms,
            "rows": rows,
            "waiting_accounts": waiting,
            "imports": Import.objects.of(project)[:5] if may_see_imports else [],
            "may_see_imports": may_see_imports,
        },
    )
