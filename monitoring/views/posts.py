"""Posts: found by text, address or id; each with the history of its counters."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.counter_history import Reading, points
from monitoring.forms import PostSearch
from monitoring.importers.addresses import address_of
from monitoring.interactions import COUNTERS, PLATFORMS
from monitoring.models import AccountState, CountersRule, Observation, Post, Project

ON_A_PAGE = 40
DRAWN = (640.0, 120.0)


@require_GET
@project_page(Action.VIEW_POSTS)
def posts(request: ProjectRequest) -> HttpResponse:
    """The posts that a search leaves, the newest in the database first."""
    form = PostSearch(request.GET or None, project=request.project)
    chosen = form.cleaned_data if form.is_valid() else {}
    words = chosen.get("words", "").strip()
    if words and (found := _by_address(request.project, words)):
        return redirect("monitoring:post", request.project.slug, found.pk)
    rows = _searched(request.project, chosen).select_related("account__actor")
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    page = list(rows.order_by("-pk")[: ON_A_PAGE + 1])
    more = request.GET.copy()
    if len(page) > ON_A_PAGE:
        more["after"] = str(page[ON_A_PAGE - 1].pk)
    context = {
        "form": form,
        "posts": page[:ON_A_PAGE],
        "more": more.urlencode() if len(page) > ON_A_PAGE else "",
        "zone": request.project.timezone,
    }
    return render(request, "monitoring/posts.html", context)


def _by_address(project: Project, words: str) -> Post | None:
    """The post whose address, in any form, or whose native id the words are."""
    found = address_of(words)
    of_project = Post.objects.of(project)
    if found is not None and found.post:
        return of_project.filter(platform=found.platform, native_id=found.post).first()
    if " " not in words and len(words) <= 64 and any(map(str.isdecimal, words)):
        native = of_project.filter(platform__in=list(PLATFORMS), native_id=words)
        return native.first()
    return None


def _searched(project: Project, chosen: dict[str, Any]) -> "QuerySet[Post]":
    rows = Post.objects.of(project)
    exact = {
        "platform": "platform",
        "account": "account_id",
        "actor": "account__actor_id",
        "category": "account__actor__category__key",
        "type": "type",
    }
    for name, column in exact.items():
        if chosen.get(name):
            rows = rows.filter(**{column: chosen[name]})
    zone = project.zone
    if day := chosen.get("first_day"):
        start = datetime.datetime.combine(day, datetime.time(), zone)
        rows = rows.filter(published_at__gte=start)
    if day := chosen.get("last_day"):
        end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), zone)
        rows = rows.filter(published_at__lt=end)
    if chosen.get("only") == "provisional":
        rows = rows.filter(is_provisional=True)
    if chosen.get("only") == "waiting":
        rows = rows.filter(account__state=AccountState.WAITING)
    if words := chosen.get("words", "").strip():
        rows = rows.filter(Q(text__icontains=words) | Q(link_text__icontains=words))
    return rows


@require_GET
@project_page(Action.VIEW_POSTS)
def post(request: ProjectRequest, pk: int) -> HttpResponse:
    """A post as its reader saw it, every reading of its counters, and which one is reported."""
    rows = Post.objects.of(request.project).select_related(
        "account__actor__category", "first_import"
    )
    if pk >= 2**63:
        raise Http404
    found = get_object_or_404(rows, pk=pk)
    readings = _readings(found)
    width, height = DRAWN
    places = points(readings, width=width, height=height)
    stable = found.published_at + datetime.timedelta(days=request.project.stabilisation_days)
    context = {
        "post": found,
        "zone": request.project.timezone,
        "address": request.project.address_of(found.url),
        "readings": readings,
        "marks": list(zip(places, readings, strict=True)),
        "line": " ".join(f"{x},{y}" for x, y in places),
        "width": width,
        "height": height,
        "stable_at": stable,
        "is_latest_rule": request.project.counters_rule == CountersRule.LATEST,
        "days": request.project.stabilisation_days,
        "may_see_imports": may(request.membership.role, Action.VIEW_IMPORTS),
        "may_review": may(request.membership.role, Action.REVIEW),
    }
    return render(request, "monitoring/post.html", context)


def _readings(found: Post) -> list[Reading]:
    """The readings of a post, the oldest first. One query."""
    known = Observation.objects.filter(post=found).select_related("source_import")
    counted = PLATFORMS[found.platform].interactions
    names = [name for name in COUNTERS if name in PLATFORMS[found.platform].counters]
    readings: list[Reading] = []
    most = 0
    for one in known.order_by("observed_at"):
        total = sum(getattr(one, name) or 0 for name in counted)
        readings.append(
            Reading(
                at=one.observed_at,
                interactions=total,
                import_id=one.source_import_id,
                file_name=one.source_import.file_name,
                counters=tuple(
                    (name, value) for name in names if (value := getattr(one, name)) is not None
                ),
                fell=total < most,
                is_reported=one.observed_at == found.counted_at,
            )
        )
        most = max(most, total)
    return readings
