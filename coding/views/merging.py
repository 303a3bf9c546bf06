"""An actor of the list: merging it into another one, taking both apart, and its category."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coding.services.merged_actors import concerned, merge_actors, take_actors_apart
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.likely_actors import Known, folded, likely_actors
from monitoring.models import Actor, Merging, Project
from monitoring.services.actor_names import names_of_actors
from monitoring.services.actors import change_category
from monitoring.services.merging import NotMergeable, obstacle_to

SHOWN = 8


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_ACTORS)
def actor(request: ProjectRequest, pk: int) -> HttpResponse:
    """Into whom an actor can be merged, ``?q=`` by any name; ``?into=`` says first what follows."""
    project = request.project
    rows = Actor.objects.of(project).select_related("category", "merged_into__category")
    found = get_object_or_404(rows, pk=pk if pk < 2**63 else 0)
    found.project = project
    if request.method == "POST":
        _carry_out(request, found)
        return redirect("coding:actor", project.slug, found.pk)
    words, chosen = request.GET.get("q", "").strip(), request.GET.get("into", "")
    into = get_object_or_404(rows, pk=chosen if _is_id(chosen) else 0) if chosen else None
    names = names_of_actors(project=project)
    context: dict[str, Any] = {
        "actor": found,
        "names": names.get(found.pk, [])[1:],
        "into": into,
        "obstacle": obstacle_to(found, into) if into else "",
        "concerned": concerned(actor=found, into=into) if into or found.merged_into else None,
        "merging": Merging.objects.of(project).filter(actor=found).select_related("by").first(),
        "merged": Merging.objects.of(project).filter(into=found).select_related("actor", "by"),
        "candidates": [] if found.merged_into else _candidates(project, found, words, names),
        "categories": project.categories.all(),
        "words": words,
        "zone": project.timezone,
    }
    return render(request, "coding/actor.html", context)


def _candidates(
    project: Project, actor: Actor, words: str, names: dict[int, list[str]]
) -> list[Actor]:
    """Those whose names hold the words, in any script, then those that are like them.

    Without words: those whose names are like one of its own.
    """
    others = {pk: known for pk, known in names.items() if pk != actor.pk}
    asked = [words] if words else names[actor.pk]
    part = folded(words)
    ids = [pk for pk, known in others.items() if part and any(part in folded(n) for n in known)]
    alike = likely_actors(
        [(name, "") for name in asked],
        [Known(pk, tuple(known)) for pk, known in others.items()],
        most=SHOWN,
    )
    ids += [one.id for likely in alike for one in likely]
    shown = list(dict.fromkeys(ids))[:SHOWN]
    found = Actor.objects.of(project).select_related("category").in_bulk(shown)
    return [found[pk] for pk in shown]


def _carry_out(request: ProjectRequest, actor: Actor) -> None:
    """Do what the pressed button says."""
    project, do = request.project, request.POST.get("do")
    if do == "category":
        category = {one.key: one for one in project.categories.all()}.get(
            request.POST.get("category", "")
        )
        if category is None:
            raise Http404
        change_category(actor=actor, category=category)
        text = _(
            "%(actor)s stands in “%(category)s” now. Samples follow when they are drawn again."
        )
        messages.success(request, text % {"actor": actor, "category": category.label})
        return
    try:
        if do == "apart":
            take_actors_apart(actor=actor)
            text = _("%(actor)s and %(into)s are two actors again.")
            messages.success(request, text % {"actor": actor, "into": actor.merged_into})
        else:
            chosen = request.POST.get("into", "")
            rows = Actor.objects.of(project)
            into = get_object_or_404(rows, pk=chosen if _is_id(chosen) else 0)
            merge_actors(actor=actor, into=into, by=request.user, at=timezone.now())
            text = _("Everything of %(actor)s counts under %(into)s from now on.")
            messages.success(request, text % {"actor": actor, "into": into})
    except NotMergeable as refusal:
        messages.error(request, refusal.message)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
