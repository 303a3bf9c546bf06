"""Frozen pages: making, reading and comparing them, and the links that lead to them."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coding.views.picture_answers import as_picture
from dashboards import sharing
from dashboards.charts import CHARTS
from dashboards.charts.lookup import dashboard_keys
from dashboards.forms import ShareForm, SnapshotForm
from dashboards.models import FrozenPage, Share, Snapshot
from dashboards.snapshot_changes import changes
from dashboards.snapshots import chapters_in, charts_in, freeze, picture_of
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Project


def _charts_of(page: str, project: Project) -> list[int | str]:
    return [*CHARTS] if page == FrozenPage.REPORT else [*dashboard_keys(project)]


@require_http_methods(["GET", "POST"])
@project_page(Action.SHARE)
def snapshots(request: ProjectRequest) -> HttpResponse:
    """The snapshots of a project, and a form to make one."""
    form = SnapshotForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        page = form.cleaned_data["page"]
        try:
            made = freeze(
                project=request.project,
                page=page,
                charts=_charts_of(page, request.project),
                title=form.cleaned_data["title"],
                by=request.user,
                at=timezone.now(),
            )
        except OSError:
            form.add_error(None, _("A picture of an example cannot be read: look at the examples."))
        else:
            return redirect(made)
    rows = (
        Snapshot.objects.of(request.project)
        .defer("content")
        .select_related("made_by", "project")
        .prefetch_related("shares")
    )
    context = {"form": form, "snapshots": rows, "now": timezone.now()}
    return render(request, "dashboards/snapshots.html", context, status=422 if form.errors else 200)


@require_GET
@project_page(Action.SHARE)
def snapshot(request: ProjectRequest, number: int) -> HttpResponse:
    """One snapshot as it was, with its links."""
    return render(request, "dashboards/snapshot.html", _context(request, number))


@require_GET
@project_page(Action.SHARE)
def picture(request: ProjectRequest, number: int, digest: str) -> HttpResponse:
    """A picture of an example, as the snapshot has it."""
    found = picture_of(_snapshot(request, number), digest)
    if found is None:
        raise Http404
    return as_picture(found.content, found.sha256, found.media_type)


@require_GET
@project_page(Action.SHARE)
def compare(request: ProjectRequest) -> HttpResponse:
    """What changed between ``?before=`` and ``?after=``, numbers of snapshots: the older first."""
    before, after = sorted(
        (
            _snapshot(request, int(number) if number.isdecimal() and len(number) < 10 else 0)
            for number in (request.GET.get("before", ""), request.GET.get("after", ""))
        ),
        key=lambda one: one.number,
    )
    rows = changes(before, after, translation.get_language() or "en")
    context = {"before": before, "after": after, "changes": rows}
    return render(request, "dashboards/compare_snapshots.html", context)


@require_POST
@project_page(Action.SHARE)
def share(request: ProjectRequest, number: int) -> HttpResponse:
    """Make a link, and show it: the only time it can be read."""
    found = _snapshot(request, number)
    form = ShareForm(request.POST)
    link = ""
    if form.is_valid():
        made = sharing.make_share(
            snapshot=found,
            language=form.cleaned_data["language"],
            days=form.cleaned_data["days"],
            by=request.user,
            at=timezone.now(),
        )
        link = request.build_absolute_uri(reverse("dashboards:shared", args=[made.token]))
    context = _context(request, number) | {"form": form, "link": link}
    status = 422 if form.errors else 200
    return render(request, "dashboards/snapshot.html", context, status=status)


@require_POST
@project_page(Action.SHARE)
def revoke(request: ProjectRequest, number: int) -> HttpResponse:
    """End a link now."""
    pk = request.POST.get("share", "")
    found = get_object_or_404(
        Share.objects.filter(snapshot=_snapshot(request, number)), pk=pk if pk.isdecimal() else 0
    )
    sharing.revoke(share=found, at=timezone.now())
    messages.success(request, _("The link leads nowhere now."))
    return redirect("dashboards:snapshot", slug=request.project.slug, number=number)


def _snapshot(request: ProjectRequest, number: int) -> Snapshot:
    found = Snapshot.objects.of(request.project).select_related("made_by")
    return get_object_or_404(found, number=number)


def _context(request: ProjectRequest, number: int) -> dict[str, Any]:
    found = _snapshot(request, number)
    return {
        "snapshot": found,
        "charts": charts_in(found, translation.get_language() or "en"),
        "chapters": chapters_in(found, translation.get_language() or "en"),
        "shares": found.shares.annotate(seen=Sum("views__count"))
        .select_related("made_by")
        .prefetch_related("views"),
        "others": Snapshot.objects.of(request.project).exclude(pk=found.pk).defer("content"),
        "form": ShareForm(),
        "now": timezone.now(),
    }
