"""What monitors ask of the leads: posts to look at, second opinions, comments."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coding.forms import ReplyForm
from coding.services import asking
from coding.services.refusals import CodingRefused
from coding.views import replies
from coding.views.own_posts import still_to_code
from monitoring.access import Action, ProjectRequest, project_page

SHOWN = 50


@require_GET
@project_page(Action.REVIEW)
def asked(request: ProjectRequest) -> HttpResponse:
    """What waits for a reply, then what had one.

    A lead may still have to code these posts: nobody's answers are shown, and no comment to theirs.
    """
    rows = asking.asked_of(request.project)
    waiting = rows.filter(reply=None)
    context = {
        "waiting": waiting[:SHOWN],
        "count": waiting.count(),
        "own": still_to_code(request),
        "replied": rows.exclude(reply=None)[:SHOWN],
    }
    return render(request, "coding/asked.html", context)


@require_POST
@project_page(Action.REVIEW)
def reply(request: ProjectRequest) -> HttpResponse:
    """Tell the monitor what to do."""
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            asking.reply(
                project=request.project, lead=request.user, at=timezone.now(), **form.cleaned_data
            )
        except CodingRefused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("Sent. The monitor sees it in the list of their posts."))
    else:
        messages.error(request, replies.first_error(form)[1])
    return redirect("coding:asked", slug=request.project.slug)
