"""Versions of the codebook: starting a draft, publishing it, and looking again at codings."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coding.models import CodebookVersion, CodingKind, Recheck, RecheckReason, Section
from coding.services import drafts, publishing, rechecks
from coding.services.codebooks import (
    MODELS,
    ROWS,
    content_of_file,
    content_of_version,
    latest_draft,
    published_version,
    ready_made,
)
from coding.succession import Changes
from coding.views.codebook import elsewhere
from coding.views.own_posts import still_to_code
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Project

PER_PAGE = 200
LAST_SETTLED = 20


@require_POST
@project_page(Action.EDIT_CODEBOOK)
def start(request: ProjectRequest) -> HttpResponse:
    """Start a draft, or add to the one there is, from what the lead chose."""
    project = request.project
    names = [name for name in request.POST.getlist("ready_made") if name in ready_made()]
    contents = [content_of_file(name) for name in names]
    source = request.POST.get("elsewhere", "")
    if source.isdecimal():
        version = get_object_or_404(elsewhere(request), pk=int(source))
        contents.append(content_of_version(version))
    draft = latest_draft(project=project)
    if draft is None:
        drafts.start_draft(project=project, contents=contents)
    else:
        drafts.add_to_draft(version=draft, contents=contents)
    return redirect("coding:codebook", slug=project.slug)


@require_POST
@project_page(Action.EDIT_CODEBOOK)
def discard(request: ProjectRequest) -> HttpResponse:
    """Throw the draft away; what is published stays."""
    draft = latest_draft(project=request.project)
    if draft is not None:
        drafts.discard(version=draft)
        messages.success(request, _("The draft is thrown away."))
    return redirect("coding:codebook", slug=request.project.slug)


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_CODEBOOK)
def publish(request: ProjectRequest) -> HttpResponse:
    """What publishing changes for what was coded; then the publishing itself."""
    project = request.project
    draft, before = latest_draft(project=project), published_version(project=project)
    if draft is None:
        return redirect("coding:codebook", slug=project.slug)
    if request.method == "POST":
        wording = [tuple(each.split(":", 1)) for each in request.POST.getlist("only_wording")]
        try:
            version = publishing.publish(
                version=draft,
                at=timezone.now(),
                only_wording=[(each[0], each[-1]) for each in wording],
            )
        except publishing.NotPublishable as refusal:
            messages.error(request, str(refusal.message))
            return redirect("coding:codebook_publish", slug=project.slug)
        messages.success(
            request, _("Version %(number)s is published.") % {"number": version.number}
        )
        asked = Recheck.objects.of(project).filter(version=version).exists()
        return redirect("coding:recheck" if asked else "coding:codebook", slug=project.slug)
    changes = publishing.changes_of(draft, before)
    counts = publishing.touched(project=project, changes=changes)
    context = {
        "draft": draft,
        "before": before,
        "sections": [
            {"label": Section(section).label, "lines": lines}
            for section, change in changes.items()
            if (lines := lines_of(section, change, counts.get(section, {}), draft, before))
        ],
    }
    return render(request, "coding/codebook_publish.html", context)


@require_GET
@project_page(Action.CODE)
def recheck(request: ProjectRequest) -> HttpResponse:
    """The codings to be looked at again: one's own, and those of all for who keeps the codebook."""
    project = request.project
    keeps_codebook = may(request.membership.role, Action.EDIT_CODEBOOK)
    whose: dict[str, Any] = (
        {"hidden": still_to_code(request)} if keeps_codebook else {"coder": request.user}
    )
    waiting = rechecks.rechecks_for(project=project, **whose)
    settled = rechecks.settled_rechecks(project=project, count=LAST_SETTLED, **whose)
    shown = described(project, [*waiting[:PER_PAGE], *(row for row, _by in settled)])
    by = {row.pk: settling for row, settling in settled}
    context = {
        "waiting": waiting.count(),
        "rows": [each for each in shown if each["row"].pk not in by],
        "settled": [each | {"by": by[each["row"].pk]} for each in shown if each["row"].pk in by],
        "progress": rechecks.recheck_progress(project=project) if keeps_codebook else [],
        "may_review": may(request.membership.role, Action.REVIEW),
        "settlement": CodingKind.SETTLEMENT,
        "zone": project.timezone,
    }
    return render(request, "coding/recheck.html", context)


def lines_of(
    section: str,
    change: Changes,
    counts: dict[str, int],
    draft: CodebookVersion,
    before: CodebookVersion | None,
) -> list[dict[str, Any]]:
    """The changes of a section, one line each: what, what became of it, how many codings."""
    old = _labels(before, section) if before else {}
    new = _labels(draft, section)
    heirs = {**{key: [heir] for key, heir in change.carried.items()}, **change.split}
    kinds = [
        (change.split, _("divided"), True),
        (change.removed, _("removed"), True),
        (change.redefined, _("defined anew"), True),
        (change.carried, _("merged"), False),
        (change.renamed, _("renamed"), False),
    ]
    lines = [
        {
            "id": f"{section}:{key}",
            "name": old.get(key, key),
            "became": ", ".join(new.get(heir, heir) for heir in heirs.get(key, [key]))
            if key not in change.removed
            else "",
            "what": what,
            "codings": counts.get(key, 0),
            "is_rechecked": is_rechecked,
            "may_be_wording": key in change.redefined and what == kinds[2][1],
        }
        for keys, what, is_rechecked in kinds
        for key in keys
    ]
    lines += [
        {"name": new.get(key, key), "what": _("new"), "codings": 0, "is_rechecked": False}
        for key in change.added
    ]
    return lines


def _labels(version: CodebookVersion, section: str) -> dict[str, str]:
    return {entry.key: entry.label for entry in getattr(version, ROWS[Section(section)]).all()}


def described(project: Project, rows: Sequence[Recheck]) -> list[dict[str, Any]]:
    """Each coding to be looked at again with the name of what changed and what it became.

    One query per section that changed. Where actors were merged it is the name of their one.
    """
    names: dict[tuple[str, str], str] = {}
    heirs: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for section in sorted({row.section for row in rows}):
        entries = MODELS[section].objects.filter(version__codebook__project=project)
        for entry in entries.order_by("version__number", "position"):
            names[section, entry.key] = entry.label
            for key in {entry.key, *entry.came_from}:
                heirs[entry.version_id, section, key].append(entry.label)
    return [
        {
            "row": row,
            "name": row.actor or names.get((row.section, row.key), row.key),
            "became": ", ".join(heirs[row.version_id, row.section, row.key])
            if row.reason == RecheckReason.SPLIT
            else "",
        }
        for row in rows
    ]
