"""What became of one's own answers: what leads decided, and what they gave back."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coding.models import (
    Assignment,
    AssignmentState,
    Coding,
    CodingKind,
    FinalCoding,
    FinalState,
    ReturnedCoding,
)
from coding.services.counted import carried_keys
from coding.services.rechecks import rechecks_for
from coding.views.comparisons import READ, Comparison, comparisons
from monitoring.access import Action, ProjectRequest, project_page

SHOWN = 20


class Outcome(NamedTuple):
    """One's answers beside the lead's decision; of others' answers nothing."""

    own: Coding
    decision: Coding
    comparisons: list[Comparison]

    @property
    def is_right(self) -> bool:
        return not any(one.differs for one in self.comparisons)


@require_GET
@project_page(Action.CODE)
def outcomes(request: ProjectRequest) -> HttpResponse:
    """Posts that were given back, then the decisions, the newest first."""
    page = Paginator(decided(request), SHOWN).get_page(request.GET.get("page"))
    answered = own_codings(request).filter(post__in=[final.post_id for final in page])
    own = {
        row.post_id: row for row in answered.select_related("post__account").prefetch_related(*READ)
    }
    carried = carried_keys(project=request.project)
    context = {
        "page": page,
        "look_again": rechecks_for(project=request.project, coder=request.user).count(),
        "outcomes": [
            Outcome(mine, final.coding, comparisons([mine, final.coding], carried))
            for final in page
            if (mine := own[final.post_id]) and final.coding
        ],
        "returned": ReturnedCoding.objects.of(request.project)
        .waiting()
        .filter(coding__coder=request.user)
        .select_related("coding__post__account", "lead")
        .order_by("made_at"),
    }
    return render(request, "coding/outcomes.html", context)


def own_codings(request: ProjectRequest) -> QuerySet[Coding]:
    """The person's answers that stand."""
    return (
        Coding.objects.of(request.project)
        .filter(coder=request.user, kind=CodingKind.CODING)
        .current()
    )


def decided(request: ProjectRequest) -> QuerySet[FinalCoding]:
    """The settled posts on which the person has answered, and has not to answer again."""
    again = Assignment.objects.of(request.project).filter(
        monitor=request.user, state=AssignmentState.OPEN
    )
    return (
        FinalCoding.objects.of(request.project)
        .filter(state=FinalState.SETTLED, post__in=own_codings(request).values("post"))
        .exclude(post__in=again.values("post"))
        .select_related("coding")
        .prefetch_related(*(f"coding__{part}" for part in READ))
        .order_by("-coding__chain_number")
    )
