"""What a person coded last, and taking it back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coding.forms import WithdrawForm
from coding.models import Coding
from coding.services import codings
from coding.services.assignments import progress
from coding.services.rechecks import rechecks_for
from coding.views.sheets import queue_data
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Post

SHOWN = 20


@require_GET
@project_page(Action.CODE)
def coded(request: ProjectRequest) -> HttpResponse:
    """The person's last answers, the newest first; one that was taken back stays in the list."""
    rows = (
        Coding.objects.of(request.project)
        .filter(coder=request.user)
        .current()
        .select_related("post__account__actor", "reply__lead")
        .prefetch_related("topics", "mentions__actor", "mentions__tone", "flags__kind")
        .order_by("-made_at", "-id")[:SHOWN]
    )
    context = {
        "rows": [(row, uuid.uuid4()) for row in rows],
        "progress": progress(project=request.project, monitor=request.user, now=timezone.now()),
        "look_again": rechecks_for(project=request.project, coder=request.user).count(),
        "desk_data": queue_data(request),
    }
    return render(request, "coding/coded.html", context)


@require_POST
@project_page(Action.CODE)
def withdraw(request: ProjectRequest) -> HttpResponse:
    """Take back one's own answers: the post comes to the desk again. Or a decision as a lead."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        post = get_object_or_404(
            # A lead decides on posts of other people's queues.
            Post.objects.of(request.project).filter(codings__coder=request.user).distinct(),
            pk=given.pop("post"),
        )
        said = Coding.objects.of(request.project).filter(coder=request.user, post=post)
        whose: dict[str, Any] = {"project": request.project, "post": post, "at": timezone.now()}
        try:
            if said.latest("number").is_decision:
                codings.take_back(**whose, lead=request.user, **given)
            else:
                codings.withdraw(**whose, coder=request.user, **given)
        except codings.StaleBase:
            messages.error(request, _("You answered for this post again meanwhile."))
        except codings.AlreadySaved:
            messages.error(request, _("This was taken back already."))
        except codings.CodingRefused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Taken back."))
    else:
        messages.error(request, _("This could not be taken back: reload the page."))
    return redirect("coding:coded", slug=request.project.slug)
