"""Pausing an import, letting it go on, cancelling it."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from monitoring import tasks
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Import
from monitoring.services import steering


def _steer(request: ProjectRequest, pk: int, act: Callable[..., Import], said: str) -> HttpResponse:
    source_import = get_object_or_404(Import.objects.of(request.project), pk=pk)
    try:
        changed = act(source_import=source_import)
    except steering.NotPossible as problem:
        messages.error(
            request,
            _("Nothing was changed: the import is “%(state)s” by now.") % {"state": problem},
        )
    else:
        if changed.is_open:
            tasks.enqueue(changed)
        messages.success(request, said)
    return redirect("monitoring:import", request.project.slug, pk)


@require_POST
@project_page(Action.MANAGE_IMPORTS)
def pause(request: ProjectRequest, pk: int) -> HttpResponse:
    act = partial(steering.pause, by=request.user)
    return _steer(request, pk, act, _("Paused. What is in stays in; the rest waits."))


@require_POST
@project_page(Action.MANAGE_IMPORTS)
def resume(request: ProjectRequest, pk: int) -> HttpResponse:
    return _steer(request, pk, steering.resume, _("It goes on where it was."))


@require_POST
@project_page(Action.MANAGE_IMPORTS)
def cancel(request: ProjectRequest, pk: int) -> HttpResponse:
    act = partial(steering.cancel, by=request.user)
    return _steer(request, pk, act, _("Cancelled. Its posts are being taken back."))
