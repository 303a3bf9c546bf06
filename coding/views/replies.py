"""How the desk's pages answer scripts and plain forms alike."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coding.models import Coding
from coding.services import codings
from coding.services.counted import as_counted, carried_keys
from monitoring.access import ProjectRequest
from monitoring.models import Project

SIGNED_OUT, NO_ACCESS, STALE, REFUSED = 401, 403, 409, 422


def for_scripts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 401 to a script whose session has ended: a redirect would lose what it holds.

    And 403 to one whose person may not code here any more, which a page of HTML would not tell.
    """

    @wraps(view)
    def entrance(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied):
                if wants_json(request):
                    return JsonResponse({"error": "no_access"}, status=NO_ACCESS)
                raise
        if wants_json(request):
            return signed_out("signed_out")
        return redirect_to_login(reverse("coding:desk", kwargs={"slug": kwargs["slug"]}))

    return login_not_required(entrance)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def signed_out(error: str) -> JsonResponse:
    return JsonResponse({"error": error}, status=SIGNED_OUT)


def stored(request: ProjectRequest, coding: Coding) -> HttpResponse:
    if not wants_json(request):
        return redirect("coding:desk", slug=request.project.slug)
    return JsonResponse({"number": coding.number, "saved_at": clock(coding, request.project.zone)})


def refused(request: ProjectRequest, code: str, message: str | Promise) -> HttpResponse:
    message = str(message)
    if not wants_json(request):
        messages.error(request, message)
        return _back_to_post(request)
    return JsonResponse({"error": code, "message": message}, status=REFUSED)


def stale(request: ProjectRequest, current: Coding | None) -> HttpResponse:
    """Say what the same person saved meanwhile, in another tab or on another device."""
    if not wants_json(request):
        messages.error(request, _("You answered for this post in another window: look again."))
        return _back_to_post(request)
    return JsonResponse(
        {"error": "stale", "current": current and _in_keys(current, request.project)},
        status=STALE,
    )


def first_error(form: Form) -> tuple[str, str]:
    """Code and words of a form's first error; the field is named where it is not the whole form."""
    for name, errors in form.errors.as_data().items():
        words = " ".join(errors[0].messages)
        return errors[0].code or "invalid", words if name == "__all__" else f"{name}: {words}"
    raise ValueError("the form has no error")


def clock(coding: Coding, zone: ZoneInfo) -> str:
    return f"{coding.made_at.astimezone(zone):%H:%M:%S}"


def _in_keys(coding: Coding, project: Project) -> dict[str, Any]:
    answers = as_counted(codings.answers_of(coding), carried_keys(project=project))
    return {
        "number": coding.number,
        "kind": coding.kind,
        "reason": coding.reason,
        "asks": coding.asks,
        "saved_at": clock(coding, project.zone),
        "topics": list(answers.topics),
        "tones": {str(actor): tone for actor, tone in answers.mentions},
        "flags": {
            flag.kind: {"quote": flag.quote, "translation": flag.translation}
            for flag in answers.flags
        },
        "extra": dict(answers.extra),
    }


def _back_to_post(request: ProjectRequest) -> HttpResponse:
    url = reverse("coding:desk", args=[request.project.slug])
    post = request.POST.get("post", "")
    return redirect(f"{url}?post={post}" if post.isdecimal() else url)
