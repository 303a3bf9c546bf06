"""Case files: from a flag to an example that the report can show."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coding.forms import (
    CaseForm,
    CasePostForm,
    CoverForm,
    LinkFormSet,
    ScreenshotForm,
    links_in,
)
from coding.models import Case, CaseState, Flag, Screenshot
from coding.services import cases as service
from coding.services import evidence
from coding.services.codebooks import published_version
from coding.views import replies
from coding.views.cards import card_of
from coding.views.own_posts import still_to_code
from coding.views.picture_answers import as_picture
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Post, Project

SHOWN_FLAGS = 20


@require_GET
@project_page(Action.DOCUMENT_CASES)
def cases(request: ProjectRequest) -> HttpResponse:
    """All cases, and the flags that no case documents yet.

    Without those on posts that the lead has still to code.
    """
    flags = service.flags_without_case(project=request.project, hidden=still_to_code(request))
    context = {
        "cases": Case.objects.of(request.project).with_actors(),
        "kinds": kinds_of(request.project),
        "flags": flags[:SHOWN_FLAGS],
        "flag_count": flags.count(),
    }
    return render(request, "coding/cases.html", context)


@require_POST
@project_page(Action.DOCUMENT_CASES)
def open_case(request: ProjectRequest) -> HttpResponse:
    flag = get_object_or_404(
        Flag.objects.filter(coding__project=request.project)
        .exclude(coding__post__in=still_to_code(request))
        .select_related("kind", "coding__post"),
        pk=request.POST.get("flag", "") if request.POST.get("flag", "").isdecimal() else 0,
    )
    case = service.open_case_from_flag(project=request.project, lead=request.user, flag=flag)
    return redirect(case)


@require_http_methods(["GET", "POST"])
@project_page(Action.DOCUMENT_CASES)
def case(request: ProjectRequest, number: int) -> HttpResponse:
    """One case: its words, its links, its posts, its pictures."""
    found = case_of(request, number)
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, case=found, kinds=kinds_of(request.project))
    links = LinkFormSet(data, initial=list(found.links.values("kind", "url", "title")))
    if data is not None and form.is_valid() and links.is_valid():
        try:
            service.save_case(
                case=found,
                edition=form.cleaned_data["edition"],
                fields=form.words(),
                links=links_in(links),
                at=timezone.now(),
            )
        except service.CaseRefused as refusal:
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {"case": found, "form": form, "links": links, **shown_beside(request.project, found)}
    status = 422 if data is not None else 200
    return render(request, "coding/case.html", context, status=status)


@require_POST
@project_page(Action.DOCUMENT_CASES)
def set_state(request: ProjectRequest, number: int) -> HttpResponse:
    found = case_of(request, number)
    state, edition = request.POST.get("state", ""), request.POST.get("edition", "")
    if state not in CaseState.values or not edition.isdecimal():
        raise Http404
    try:
        service.set_state(case=found, edition=int(edition), state=state, at=timezone.now())
    except service.CaseRefused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(found)


@require_POST
@project_page(Action.DOCUMENT_CASES)
def posts(request: ProjectRequest, number: int) -> HttpResponse:
    """Add a post to a case, or take one out."""
    found = case_of(request, number)
    form = CasePostForm(request.POST)
    post = post_named(request.project, form.cleaned_data["post"]) if form.is_valid() else None
    if post is None:
        messages.error(request, _("No post of this project has this number or address."))
    elif "remove" in request.POST:
        try:
            service.remove_post(case=found, post=post)
        except service.CaseRefused as refusal:
            messages.error(request, str(refusal.message))
    else:
        service.add_post(case=found, post=post)
    return redirect(found)


@require_POST
@project_page(Action.DOCUMENT_CASES)
def add_screenshot(request: ProjectRequest, number: int) -> HttpResponse:
    found = case_of(request, number)
    form = ScreenshotForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return redirect(found)
    try:
        service.add_screenshot(
            case=found,
            content=form.content(),
            caption=form.cleaned_data["caption"],
            by=request.user,
        )
    except service.CaseRefused as refusal:
        messages.error(request, str(refusal.message))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@project_page(Action.DOCUMENT_CASES)
def screenshot(request: ProjectRequest, number: int, pk: int) -> HttpResponse:
    """One picture: where boxes are drawn over people who are not public."""
    found = case_of(request, number)
    picture = get_object_or_404(found.screenshots, pk=pk)
    if request.method == "POST":
        if "remove" in request.POST:
            service.remove_screenshot(screenshot=picture)
            return redirect(found)
        form = CoverForm(request.POST)
        if form.is_valid():
            service.cover_screenshot(
                screenshot=picture, boxes=form.cleaned_data["covers"], by=request.user
            )
            messages.success(request, _("The copy for the report was made."))
            return redirect(found)
        messages.error(request, replies.first_error(form)[1])
    words = {
        "box": _("Box"),
        "keys": _("Arrows move it, Shift and arrows size it, Delete removes it."),
    }
    context = {"case": found, "picture": picture, "words": words}
    return render(request, "coding/screenshot.html", context)


@require_GET
@project_page(Action.DOCUMENT_CASES)
def original(request: ProjectRequest, number: int, pk: int) -> HttpResponse:
    """The picture as it came: for those who document cases only."""
    picture = get_object_or_404(case_of(request, number).screenshots, pk=pk)
    return as_evidence(picture.sha256, picture.media_type)


@require_GET
@project_page(Action.VIEW_CODING_RESULTS)
def published(request: ProjectRequest, number: int, pk: int) -> HttpResponse:
    """The copy for the report: once its case is ready, for all but those who code blind."""
    pictures = Screenshot.objects.filter(case__project=request.project, case__number=number)
    if not may(request.membership.role, Action.DOCUMENT_CASES):
        pictures = pictures.filter(case__state=CaseState.READY)
    picture = get_object_or_404(pictures.exclude(published_sha256=""), pk=pk)
    return as_evidence(picture.published_sha256, picture.published_media_type)


def case_of(request: ProjectRequest, number: int) -> Case:
    found = get_object_or_404(
        Case.objects.of(request.project).with_actors().select_related("opened_by"), number=number
    )
    found.project = request.project
    return found


def kinds_of(project: Project) -> dict[str, str]:
    version = published_version(project=project)
    return {kind.key: kind.label for kind in version.flag_kinds.all()} if version else {}


def shown_beside(project: Project, case: Case) -> dict[str, Any]:
    rows = case.posts.select_related("account__actor__category").order_by("case_posts__id")
    return {
        "posts": [card_of(post, project=project, actor_names={}) for post in rows],
        "pictures": case.screenshots.select_related("checked_by"),
        "screenshot_form": ScreenshotForm(),
        "kind": kinds_of(project).get(case.kind, case.kind),
    }


def post_named(project: Project, name: str) -> Post | None:
    """The post of a number or an address, however the address was copied."""
    found: QuerySet[Post] = Post.objects.of(project)
    text = name.strip()
    if text.isascii() and text.isdigit():
        return found.filter(pk=text).first() if len(text) < 19 else None
    native_id = text.split("?")[0].rstrip("/").rpartition("/")[2]
    return found.filter(native_id=native_id).first() if native_id else None


def as_evidence(digest: str, media_type: str) -> HttpResponse:
    """A stored picture; Http404 of one that is gone from the disk."""
    try:
        content = evidence.path_of(digest).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    return as_picture(content, digest, media_type)
