"""The coding desk: one post at a time, by keyboard, with the next ones already in the tab."""

import datetime
import uuid

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from coding.forms import OTHER_ACTORS, SaveForm
from coding.models import Ask, CodebookVersion, Coding
from coding.services import codings
from coding.services.assignments import progress
from coding.services.codebooks import published_version, version_begun_under
from coding.services.counted import as_counted, carried_keys
from coding.services.handing_out import next_assignments, release
from coding.services.rechecks import rechecks_for
from coding.views import replies
from coding.views.questions import published_tones, questions_of, topic_use
from coding.views.sheets import (
    counts,
    last_coded,
    own_assignment,
    own_coding,
    queue_data,
    sheets_of,
    vocabulary,
)
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Post, Project
from monitoring.services.actor_names import names_of_actors

# Posts that come with the page, besides the one on the screen; the tab fetches more by itself.
AHEAD = 5
MOST_AT_ONCE = 20
MOST_IN_A_TAB = 100


@require_GET
@project_page(Action.CODE)
def desk(request: ProjectRequest) -> HttpResponse:
    """The first post of the person's queue, or the one of ``?post=`` to amend its answers."""
    project, chosen = request.project, request.GET.get("post", "")
    version = published_version(project=project)
    if version is None:
        return nothing_to_code(request, "no_codebook")
    own = None
    if chosen:
        assignments = [own_assignment(request, chosen)]
        own = own_coding(request, assignments[0])
    else:
        assignments = next_assignments(
            project=project, monitor=request.user, count=1 + AHEAD, at=timezone.now()
        )
    if not assignments:
        return nothing_to_code(request, "nothing_left")
    answers = as_counted(codings.answers_of(own), carried_keys(project=project)) if own else None
    names = names_of_actors(project=project)
    # Of the days before: keys stay where they are while somebody is at work.
    used = topic_use(version, request.user, midnight(project))
    questions = questions_of(version, answers, topic_use=used)
    sheets = sheets_of(request, assignments, names, answers)
    now = progress(project=project, monitor=request.user, now=timezone.now())
    last = last_coded(request)
    context = {
        "sheet": sheets[0],
        "own": own,
        "asks": Ask,
        "card": sheets[0].card,
        "questions": questions,
        "progress": now,
        "request_id": uuid.uuid4(),
        "actors": [(actor, known[0]) for actor, known in names.items()],
        "other_rows": OTHER_ACTORS,
        "last_coded": last,
        "desk_data": {
            **queue_data(request),
            **vocabulary(questions, names),
            "sheets": [sheet.as_json(questions.tones) for sheet in sheets],
            "is_amending": bool(chosen),
            "last_coded": last,
            "progress": counts(now),
        },
    }
    return render(request, "coding/desk.html", context)


@require_GET
@replies.for_scripts
@ensure_csrf_cookie
@project_page(Action.CODE)
def next_posts(request: ProjectRequest) -> HttpResponse:
    """The posts of the queue after the assignment ``?after=``, and the person's progress.

    With ``?count=0`` none: what lies in the tab is only leased anew.
    """
    project = request.project
    count, after = (_number(request.GET.get(name, "")) for name in ("count", "after"))
    version, tones = published_tones(project)
    sheets = []
    if version is not None:
        assignments = next_assignments(
            project=project,
            monitor=request.user,
            count=AHEAD if count is None else min(count, MOST_AT_ONCE),
            after=after,
            at=timezone.now(),
        )
        if assignments:
            names = names_of_actors(project=project)
            sheets = [sheet.as_json(tones) for sheet in sheets_of(request, assignments, names)]
    now = progress(project=project, monitor=request.user, now=timezone.now())
    return JsonResponse({"sheets": sheets, "progress": counts(now), "version": version})


@require_POST
@replies.for_scripts
@project_page(Action.CODE)
def release_posts(request: ProjectRequest) -> HttpResponse:
    """Give back the unopened ``assignments`` of a tab that is closed or left aside."""
    chosen = [_number(each) for each in request.POST.getlist("assignments")[:MOST_IN_A_TAB]]
    release(
        project=request.project,
        monitor=request.user,
        assignments=[each for each in chosen if each is not None],
        at=timezone.now(),
    )
    return HttpResponse(status=204)


@require_POST
@replies.for_scripts
@project_page(Action.CODE)
def save(request: ProjectRequest) -> HttpResponse:
    """Store one coding or skip; sent twice with one request id, it is stored once."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        return replies.refused(request, *replies.first_error(form))
    given = form.cleaned_data
    if given["coder"] != request.user.pk:
        # Somebody else signed in on this computer: one's answers never become another's.
        return replies.signed_out("other_person")
    version = version_begun_under(project=request.project, pk=given["version"])
    if version is None:
        raise Http404
    try:
        coding = store(request, form, version)
    except codings.StaleBase as refusal:
        return replies.stale(request, refusal.current)
    except codings.CodingRefused as refusal:
        return replies.refused(request, refusal.code, refusal.message)
    return replies.stored(request, coding)


def store(request: ProjectRequest, form: SaveForm, version: CodebookVersion) -> Coding:
    """What the form asks for: a coding or a skip. Raises CodingRefused."""
    given = form.cleaned_data
    row = {
        "project": request.project,
        # Whether there is such a post, and whether it is the person's, shows when it is stored.
        "post": Post(pk=given["post"], project=request.project),
        "coder": request.user,
        "version": version,
        "request_id": given["request_id"],
        "base_number": given["base_number"],
        "reason": given["reason"],
        "asks": given["asks"],
        "seconds": given["seconds"],
        "at": timezone.now(),
    }
    if given["action"] == "skip":
        return codings.skip(**row)
    return codings.save_coding(**row, answers=form.answers())


def _number(text: str) -> int | None:
    """A number as addresses and forms hold it; None where it is none that the database has."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def midnight(project: Project) -> datetime.datetime:
    """The moment at which today began in the project's zone."""
    today = timezone.localdate(timezone=project.zone)
    return datetime.datetime.combine(today, datetime.time.min, project.zone)


def nothing_to_code(request: ProjectRequest, why: str) -> HttpResponse:
    """A page that says why there is no post, and how far the person is."""
    now = progress(project=request.project, monitor=request.user, now=timezone.now())
    if why == "nothing_left":
        why = "all_done" if now.done or now.skipped else "not_assigned"
    context = {
        "why": why,
        "progress": now,
        "look_again": rechecks_for(project=request.project, coder=request.user).count(),
        "desk_data": queue_data(request),
    }
    return render(request, "coding/nothing_to_code.html", context)
