"""The leads' board: who has done how much, how fast and how well, and whose posts go to others."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from coding.agreement import RELIABLE, TENTATIVE
from coding.services import reassignment
from coding.services.team import Teammate, team_of
from coding.views import replies
from coding.views.agreement_drawing import number
from monitoring.access import Action, ProjectRequest, may, project_page
from monitoring.models import Membership, Project
from monitoring.services.revisions import revision_of


class Row(NamedTuple):
    """A monitor as the board shows them: alphas with the colours of their verdicts."""

    one: Teammate
    tone: tuple[str, str]
    topics: tuple[str, str]


class ReassignForm(forms.Form):
    """Whose open posts go to whom."""

    monitor = forms.ModelChoiceField(User.objects.none())
    to = forms.ModelMultipleChoiceField(
        User.objects.none(),
        error_messages={"required": gettext_lazy("Choose who takes the posts over.")},
    )

    def __init__(self, data: Any, *, project: Project) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        members = Membership.objects.filter(project=project).select_related("user")
        coders = [each.user_id for each in members if may(each.role, Action.CODE)]
        # Who is no member any more may have left posts behind.
        fields["monitor"].queryset = User.objects.filter(
            Q(memberships__project=project) | Q(assignments__project=project)
        ).distinct()
        fields["to"].queryset = User.objects.filter(pk__in=coders, is_active=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        monitor, to = cleaned.get("monitor"), cleaned.get("to")
        if monitor and to is not None and monitor in to:
            raise forms.ValidationError(_("Choose others than the monitor."), code="same")
        return cleaned


@require_GET
@project_page(Action.MANAGE_WORK)
def progress(request: ProjectRequest) -> HttpResponse:
    """The board; it follows what monitors do."""
    return render(request, "coding/progress.html", content(request))


@require_GET
@project_page(Action.MANAGE_WORK)
def changes(request: ProjectRequest) -> HttpResponse:
    """204 while ``?revision=`` is the newest, else the board anew."""
    if request.GET.get("revision") == str(revision_of(request.project)):
        return HttpResponse(status=204)
    return render(request, "coding/_progress.html", content(request))


@require_POST
@project_page(Action.MANAGE_WORK)
def reassign(request: ProjectRequest) -> HttpResponse:
    """Give the open posts of one monitor to others."""
    form = ReassignForm(request.POST, project=request.project)
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return redirect("coding:progress", slug=request.project.slug)
    given = form.cleaned_data
    done = reassignment.reassign(
        project=request.project,
        monitor=given["monitor"],
        to=list(given["to"]),
        at=timezone.now(),
    )
    moved = ngettext(
        "%(count)d post given to others.", "%(count)d posts given to others.", done.moved
    )
    messages.success(request, moved % {"count": done.moved})
    if done.kept:
        kept = ngettext(
            "%(count)d stays: those you chose have it too.",
            "%(count)d stay: those you chose have them too.",
            done.kept,
        )
        messages.warning(request, kept % {"count": done.kept})
    return redirect("coding:progress", slug=request.project.slug)


def content(request: ProjectRequest) -> dict[str, Any]:
    revision = revision_of(request.project)
    team = team_of(project=request.project, now=timezone.now())
    return {
        "revision": revision,
        "team": team,
        "rows": [Row(one, _graded(one.tone), _graded(one.topics)) for one in team.people],
        "receivers": [one for one in team.people if one.may_code],
    }


def _graded(alpha: float | None) -> tuple[str, str]:
    if alpha is None:
        return number(None), ""
    if alpha >= RELIABLE:
        return number(alpha), "success"
    return number(alpha), "warning" if alpha >= TENTATIVE else "danger"
