"""Who may do what: the one place that says so.

A person holds at most one role per project. Nobody, a superuser included, sees anything of a
project in which they hold no role; to them it does not exist (404). A member whose role lacks an
action is told so (403).
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails
from rest_framework.permissions import BasePermission

from monitoring.models import Membership, Project, Role

if TYPE_CHECKING:
    # At run time the views read their default permission from this very module.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Action(StrEnum):
    """What a role allows, in the words of the pages."""

    VIEW_DASHBOARD = "view_dashboard"
    VIEW_CODING_RESULTS = "view_coding_results"  # what codings add up to
    VIEW_POSTS = "view_posts"
    VIEW_ACTORS = "view_actors"
    CODE = "code"
    REVIEW = "review"
    VIEW_AGREEMENT = "view_agreement"
    MANAGE_WORK = "manage_work"
    EDIT_CODEBOOK = "edit_codebook"
    DRAW_SAMPLES = "draw_samples"
    EDIT_CHARTS = "edit_charts"
    EDIT_REPORT = "edit_report"
    DOCUMENT_CASES = "document_cases"
    SHARE = "share"
    EXPORT = "export"
    VIEW_IMPORTS = "view_imports"
    IMPORT = "import"
    MANAGE_IMPORTS = "manage_imports"  # pause, resume, cancel
    EDIT_ACTORS = "edit_actors"
    MANAGE_PEOPLE = "manage_people"


_VIEWER = frozenset({Action.VIEW_DASHBOARD, Action.VIEW_CODING_RESULTS})
# Who codes blind sees no sums of codings: they tell how single posts were coded.
_MONITOR = frozenset({Action.VIEW_DASHBOARD, Action.VIEW_POSTS, Action.VIEW_ACTORS, Action.CODE})
_LEAD = _MONITOR | {
    Action.VIEW_CODING_RESULTS,
    Action.REVIEW,
    Action.VIEW_AGREEMENT,
    Action.MANAGE_WORK,
    Action.EDIT_CODEBOOK,
    Action.DRAW_SAMPLES,
    Action.EDIT_CHARTS,
    Action.EDIT_REPORT,
    Action.DOCUMENT_CASES,
    Action.SHARE,
    Action.EXPORT,
    Action.VIEW_IMPORTS,
}
_ADMIN = _LEAD | {Action.IMPORT, Action.MANAGE_IMPORTS, Action.EDIT_ACTORS, Action.MANAGE_PEOPLE}

ALLOWED: dict[str, frozenset[Action]] = {
    Role.VIEWER: _VIEWER,
    Role.MONITOR: _MONITOR,
    Role.LEAD: _LEAD,
    Role.ADMIN: _ADMIN,
}


def may(role: str, action: Action) -> bool:
    """Whether a role allows an action. An unknown role allows nothing."""
    return action in ALLOWED.get(role, frozenset())


def membership_for(user: Any, slug: str, action: Action) -> Membership:
    """The membership through which ``user`` may do ``action`` in the project ``slug``.

    Raises Http404 for a project the person has no role in, PermissionDenied for a role that lacks
    the action.
    """
    membership = get_object_or_404(
        Membership.objects.active_for(user).select_related("project"), project__slug=slug
    )
    if not may(membership.role, action):
        raise PermissionDenied
    return membership


class ProjectRequest(HttpRequest):
    """A request to a page of a project, after ``project_page`` let it in."""

    user: User
    htmx: HtmxDetails
    membership: Membership
    project: Project


def project_page(
    action: Action,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a page at ``/p/<slug>/…`` to the members whose role allows ``action``.

    The view takes the request (with ``request.project`` and ``request.membership``) and the other
    arguments of its route; the slug is used up here.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def entrance(
            request: ProjectRequest, slug: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            request.membership = membership_for(request.user, slug, action)
            request.project = request.membership.project
            return view(request, *args, **kwargs)

        entrance.action = action  # type: ignore[attr-defined]  # read by the test of all routes
        return entrance

    return decorate


class DenyAll(BasePermission):
    """The default of the API: a view that names no permission is open to nobody."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return False


class ProjectPermission(BasePermission):
    """Opens an API view at ``projects/{slug}/…`` by ``view.action_for[method]``.

    Sets ``request.project`` and ``request.membership``. A method without an action is denied.
    """

    def has_permission(self, request: "Request", view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        action = view.action_for.get(request.method)
        if action is None:
            return False
        membership = membership_for(request.user, view.kwargs["slug"], action)
        request.membership = membership
        request.project = membership.project
        return True
