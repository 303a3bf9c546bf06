"""The codebook editor: a draft is written here, entry by entry, by keyboard, pointer or touch."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coding.entry_forms import form_of
from coding.models import CodebookVersion, Section, VersionState
from coding.models.codebooks import Entry
from coding.services import drafts
from coding.services.codebooks import (
    MODELS,
    ROWS,
    latest_draft,
    published_version,
    ready_made,
)
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Membership


@dataclass(frozen=True)
class Row:
    """An entry in its place in the tree."""

    entry: Entry
    depth: int
    is_first: bool
    is_last: bool
    # Other countries that it names, while a lead has to look at it.
    leftovers: str = ""

    @property
    def can_go_out(self) -> bool:
        return self.depth > 0


@require_GET
@project_page(Action.EDIT_CODEBOOK)
def codebook(request: ProjectRequest) -> HttpResponse:
    """The draft if there is one, else the published version; ``?version=`` names another."""
    section = request.GET.get("section", Section.TOPICS)
    if section not in Section.values:
        raise Http404
    version = wanted_version(request)
    edited = request.GET.get("edit", "")
    if request.htmx:
        closed = request.GET.get("focus", "")
        focus = int(closed) if closed.isdecimal() else 0
        return section_page(request, version, section, edit=edited, focus=focus)
    published = published_version(project=request.project)
    context = {
        **section_context(request, version, section, edit=edited),
        "versions": versions_of(request),
        "published": published,
        "draft": latest_draft(project=request.project),
        "ready_made": ready_made(),
        "elsewhere": elsewhere(request),
        "sections": Section.choices,
    }
    return render(request, "coding/codebook.html", context)


@require_POST
@project_page(Action.EDIT_CODEBOOK)
def add(request: ProjectRequest, section: str) -> HttpResponse:
    """Add an entry to the draft, and open it."""
    draft = latest_draft(project=request.project)
    if draft is None or section not in Section.values:
        raise Http404
    try:
        entry = drafts.add_entry(version=draft, section=section, name=request.POST.get("name", ""))
    except drafts.NotPossible as refusal:
        return changed(request, draft, section, problem=str(refusal.message))
    return changed(request, draft, section, edit=str(entry.pk))


@require_POST
@project_page(Action.EDIT_CODEBOOK)
def save(request: ProjectRequest, section: str, pk: int) -> HttpResponse:
    """Store what the lead wrote in an entry."""
    entry = drafted(request, section, pk)
    form = form_of(section, entry, request.POST)
    if not form.is_valid():
        return section_page(request, entry.version, section, edit=str(pk), form=form)
    form.save()
    return changed(request, entry.version, section, focus=pk)


@require_POST
@project_page(Action.EDIT_CODEBOOK)
def change(request: ProjectRequest, section: str, pk: int, how: str) -> HttpResponse:
    """Move, place, merge, split, keep or remove an entry."""
    entry = drafted(request, section, pk)
    version, focus = entry.version, pk
    try:
        if how == "move":
            drafts.move_entry(entry=entry, direction=request.POST.get("direction", ""))
        elif how == "place":
            before = request.POST.get("before", "")
            other = drafted(request, section, int(before)) if before.isdecimal() else None
            drafts.place_entry(entry=entry, before=other)
        elif how == "merge":
            other = drafted(request, section, _number(request, "into"))
            drafts.merge_entries(entry=entry, into=other)
            focus = other.pk
        elif how == "split":
            names = request.POST.get("names", "").splitlines()
            focus = drafts.split_entry(entry=entry, names=names)[0].pk
        elif how == "keep":
            drafts.keep_entry(entry=entry)
        else:
            drafts.remove_entry(entry=entry)
            focus = 0
    except drafts.NotPossible as refusal:
        return changed(request, version, section, edit=str(pk), problem=str(refusal.message))
    return changed(request, version, section, focus=focus)


def changed(
    request: ProjectRequest,
    version: CodebookVersion,
    section: str,
    *,
    edit: str = "",
    focus: int = 0,
    problem: str = "",
) -> HttpResponse:
    """The section after a change: the part alone for a script, else the page again."""
    if request.htmx:
        return section_page(request, version, section, edit=edit, focus=focus, problem=problem)
    if problem:
        messages.error(request, problem)
    url = reverse("coding:codebook", args=[request.project.slug])
    anchor = f"#entry-{edit or focus}" if edit or focus else ""
    return redirect(f"{url}?section={section}&edit={edit}{anchor}")


def section_page(
    request: ProjectRequest, version: CodebookVersion | None, section: str, **shown: Any
) -> HttpResponse:
    context = section_context(request, version, section, **shown)
    return render(request, "coding/_codebook_section.html", context)


def section_context(
    request: ProjectRequest,
    version: CodebookVersion | None,
    section: str,
    *,
    edit: str = "",
    focus: int = 0,
    problem: str = "",
    form: Any = None,
) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    rows = tree(version, section, request.project.country) if version else []
    found = [row for row in rows if matches(row.entry, words)] if words else rows
    edited = next((row.entry for row in rows if str(row.entry.pk) == edit), None)
    is_draft = version is not None and version.state == VersionState.DRAFT
    if edited is not None and is_draft and form is None:
        form = form_of(section, edited)
    return {
        "version": version,
        "is_draft": is_draft,
        "section": section,
        "section_label": Section(section).label,
        "can_nest": section in (Section.TOPICS, Section.FLAGS),
        "rows": found,
        "total": len(rows),
        "words": words,
        "edited": edited,
        "form": form,
        "focus": focus,
        "problem": problem,
    }


def tree(version: CodebookVersion, section: str, country: str) -> list[Row]:
    """The entries of a section, each behind what it lies under."""
    entries: list[Any] = list(getattr(version, ROWS[Section(section)]).all())
    under: dict[int | None, list[Any]] = {}
    for entry in entries:
        entry.version = version
        under.setdefault(getattr(entry, "parent_id", None), []).append(entry)
    rows: list[Row] = []

    def add_under(parent: int | None, depth: int) -> None:
        siblings = under.get(parent, [])
        for place, entry in enumerate(siblings):
            named = drafts.leftovers(vars(entry), country) if entry.needs_review else []
            is_last = place == len(siblings) - 1
            rows.append(Row(entry, depth, place == 0, is_last, ", ".join(named)))
            add_under(entry.pk, depth + 1)

    add_under(None, 0)
    return rows


def matches(entry: Entry, words: str) -> bool:
    """Whether all words occur in an entry, whatever the language."""
    texts = (entry.key, entry.name, entry.name_ru, entry.name_ky, entry.definition, entry.use_when)
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


def wanted_version(request: ProjectRequest) -> CodebookVersion | None:
    chosen = request.GET.get("version", "")
    if chosen.isdecimal():
        return get_object_or_404(CodebookVersion, codebook__project=request.project, pk=int(chosen))
    draft = latest_draft(project=request.project)
    return draft or published_version(project=request.project)


def versions_of(request: ProjectRequest) -> Any:
    rows = CodebookVersion.objects.filter(codebook__project=request.project)
    return rows.select_related("codebook").order_by("-pk")


def elsewhere(request: ProjectRequest) -> Any:
    """Versions of other projects in which the person works on the codebook too."""
    own = Membership.objects.active_for(request.user).exclude(project=request.project)
    projects = [each.project_id for each in own if may(each.role, Action.EDIT_CODEBOOK)]
    return (
        CodebookVersion.objects.filter(codebook__project__in=projects, state=VersionState.PUBLISHED)
        .select_related("codebook__project")
        .order_by("codebook__project__name")
    )


def drafted(request: ProjectRequest, section: str, pk: int) -> Any:
    """An entry of a draft of the project; a published one cannot be changed, and is not there."""
    if section not in Section.values:
        raise Http404
    rows = MODELS[section]._default_manager.select_related("version__codebook__project")
    return get_object_or_404(
        rows,
        version__codebook__project=request.project,
        version__state=VersionState.DRAFT,
        pk=pk,
    )


def _number(request: ProjectRequest, name: str) -> int:
    given = request.POST.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise drafts.NotPossible(_("Choose another entry to merge it into."))
    return int(given)
