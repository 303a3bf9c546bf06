"""Posts: found by text, address or id; each with the history of its counters."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.counter_history import Reading, hidden_groups, points
from monitoring.forms.posts import PostSearch
from monitoring.forms.tables import FIELD_NAMES
from monitoring.importers.addresses import address_of
from monitoring.interactions import COUNTERS, PLATFORMS, interactions
from monitoring.models import Account, CountersRule, DailyTotal, Observation, Post, Project
from monitoring.services.post_list import (
    NEWEST,
    OLDEST,
    Found,
    Place,
    TookTooLong,
    Wanted,
    look_back,
)

COUNTER_NAMES = {
    **FIELD_NAMES,
    "reactions": _("reactions"),
    "other_reactions": _("other reactions"),
}
ON_A_PAGE = 40
# A search looks back for so long at a time.
SECONDS = 0.15
DRAWN = (640.0, 120.0)
# Beyond so many the drawing says more than their table, which is folded.
READINGS_AT_A_GLANCE = 12


@require_GET
@project_page(Action.VIEW_POSTS)
def posts(request: ProjectRequest) -> HttpResponse:
    """The posts that a search leaves, the newest first; as far back as a short time allows."""
    project = request.project
    form = PostSearch(request.GET or None, project=project)
    chosen = form.cleaned_data if form.is_valid() else {}
    words = chosen.get("words", "").strip()
    if words and (of_address := _by_address(project, words)):
        return redirect("monitoring:post", project.slug, of_address.pk)
    before = Place.parse(request.GET.get("before", "")) or _end(project, chosen)
    context: dict[str, Any] = {"form": form, "zone": project.timezone}
    try:
        found = look_back(
            wanted=_wanted(project, chosen), before=before, most=ON_A_PAGE + 1, seconds=SECONDS
        )
    except TookTooLong:
        context["took_too_long"] = True
    else:
        context |= _page(request, found)
    template = "_found_posts.html" if request.htmx else "posts.html"
    return render(request, f"monitoring/{template}", context)


def _page(request: ProjectRequest, found: Found) -> dict[str, Any]:
    """The posts that were found, and the address under which the list goes on."""
    rows = Post.objects.of(request.project).select_related("account__actor").in_bulk(found.ids)
    page = [rows[pk] for pk in found.ids if pk in rows]
    is_full = len(page) > ON_A_PAGE
    page = page[:ON_A_PAGE]
    # Of pages that a search appended to each other, how many posts they hold.
    earlier = request.GET.get("found", "")
    so_far = len(page) + (int(earlier) if earlier.isdecimal() and len(earlier) < 7 else 0)
    back_to = Place(page[-1].published_at, page[-1].pk) if is_full else found.back_to
    onward = request.GET.copy()
    onward["before"] = str(back_to or "")
    onward["found"] = "0" if is_full else str(so_far)
    return {
        "posts": page,
        "more": onward.urlencode() if back_to else "",
        "is_full": is_full,
        "goes_on_by_itself": so_far < ON_A_PAGE,
        "back_to": back_to and back_to.at,
        "so_far": so_far,
    }


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


def _wanted(project: Project, chosen: dict[str, Any]) -> Wanted:
    """What a search leaves; of accounts only those that can have such posts."""
    accounts = Account.objects.of(project)
    exact = {
        "platform": "platform",
        "account": "pk",
        "actor": "actor",
        "category": "actor__category__key",
    }
    for name, column in exact.items():
        if chosen.get(name):
            accounts = accounts.filter(**{column: chosen[name]})
    if chosen.get("only") == "waiting":
        accounts = accounts.waiting()
    totals = DailyTotal.objects.filter(account=OuterRef("pk"), posts__gt=0)
    if kind := chosen.get("type", ""):
        accounts = accounts.filter(Exists(totals.filter(type=kind)))
    if is_provisional := chosen.get("only") == "provisional":
        accounts = accounts.filter(Exists(totals.filter(provisional_posts__gt=0)))
    first_day = chosen.get("first_day")
    return Wanted(
        list(accounts.order_by().values_list("pk", flat=True)),
        words=chosen.get("words", "").strip(),
        type=kind,
        provisional=is_provisional,
        since=_midnight(project, first_day) if first_day else OLDEST,
    )


def _end(project: Project, chosen: dict[str, Any]) -> Place:
    """Where the list begins: after the last day that is asked for."""
    if day := chosen.get("last_day"):
        return Place(_midnight(project, day + datetime.timedelta(days=1)))
    return NEWEST


def _midnight(project: Project, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), project.zone)


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
        "is_long": len(readings) > READINGS_AT_A_GLANCE,
        "marks": list(zip(places, readings, strict=True)),
        "line": " ".join(
            f"{x},{y}"
            for (x, y), reading in zip(places, readings, strict=True)
            if not reading.hidden
        ),
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
    """The readings of a post, the oldest first, without counters that were never above 0.

    One query.
    """
    rows = list(
        Observation.objects.filter(post=found)
        .select_related("source_import")
        .order_by("observed_at")
    )
    platform = PLATFORMS[found.platform]
    names = [name for name in COUNTERS if name in platform.counters]
    known = [
        {name: value for name in names if (value := getattr(row, name)) is not None} for row in rows
    ]
    ever = {name for one in known for name, value in one.items() if value}
    readings: list[Reading] = []
    most = 0
    for row, counters, hidden in zip(
        rows, known, hidden_groups(known, platform.interactions), strict=True
    ):
        total = interactions(platform.key, {**counters})
        readings.append(
            Reading(
                at=row.observed_at,
                interactions=total,
                import_id=row.source_import_id,
                file_name=row.source_import.file_name,
                counters=tuple(
                    (str(COUNTER_NAMES[name]), value)
                    for name, value in counters.items()
                    if name in ever
                ),
                fell=total < most and not hidden,
                is_reported=row.observed_at == found.counted_at,
                hidden=tuple(str(COUNTER_NAMES[name]) for name in hidden),
            )
        )
        most = most if hidden else max(most, total)
    return readings
