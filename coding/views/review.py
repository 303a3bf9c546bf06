"""Posts on which monitors disagree: their answers side by side, and the lead's decision."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coding.forms import OTHER_ACTORS, SettleForm
from coding.models import Coding, CodingKind, FinalCoding, FinalState
from coding.services import codings
from coding.services.actors import names_of_actors
from coding.services.codebooks import published_version
from coding.views import replies
from coding.views.cards import card_of
from coding.views.questions import questions_of
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Post, Project


@dataclass(frozen=True)
class Comparison:
    """One question with each monitor's answer to it; empty where they gave none."""

    question: str
    answers: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.answers)) > 1


@require_GET
@project_page(Action.REVIEW)
def review(request: ProjectRequest) -> HttpResponse:
    """One post that waits for a decision; ``?post=`` names it, ``?take=`` starts from a coding."""
    waiting = unsettled(request.project)
    version = published_version(project=request.project)
    post = wanted_post(request, waiting)
    context: dict[str, Any] = {"waiting": waiting.count(), "post": post, "version": version}
    if post is None or version is None:
        return render(request, "coding/review.html", context)
    rows = codings_of(request.project, post)
    taken = next((row for row in rows if str(row.pk) == request.GET.get("take", "")), None)
    answers = codings.answers_of(taken) if taken else None
    names = names_of_actors(project=request.project)
    named = [mention.actor_id for row in rows for mention in row.mentions.all()]
    context |= {
        "card": card_of(
            post, zone=request.project.zone, actor_names=names, answers=answers, also=named
        ),
        "questions": questions_of(version, answers),
        "rows": rows,
        "taken": taken,
        "comparisons": comparisons(rows),
        "actors": [(actor, known[0]) for actor, known in names.items()],
        "other_rows": OTHER_ACTORS,
        "request_id": uuid.uuid4(),
        "following": waiting.filter(post_id__gt=post.pk).values_list("post_id", flat=True).first(),
    }
    return render(request, "coding/review.html", context)


@require_POST
@project_page(Action.REVIEW)
def settle(request: ProjectRequest) -> HttpResponse:
    """Store the lead's decision, and go on to the next disagreement."""
    project = request.project
    form, version = SettleForm(request.POST), published_version(project=project)
    here = reverse("coding:review", args=[project.slug])
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return redirect(f"{here}?post={request.POST.get('post', '')}")
    if version is None:
        return redirect(here)
    given = form.cleaned_data
    post = get_object_or_404(
        Post.objects.of(project).filter(final_coding__isnull=False), pk=given["post"]
    )
    try:
        codings.settle(
            project=project,
            post=post,
            lead=request.user,
            version=version,
            request_id=given["request_id"],
            answers=form.answers(),
            reason=given["reason"],
            at=timezone.now(),
        )
    except codings.AlreadySaved:
        messages.error(request, _("This decision was saved before."))
    except codings.CodingRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(f"{here}?post={post.pk}")
    else:
        messages.success(request, _("Settled."))
    return redirect(f"{here}?after={post.pk}")


def unsettled(project: Project) -> QuerySet[FinalCoding]:
    return FinalCoding.objects.of(project).filter(state=FinalState.UNSETTLED).order_by("post_id")


def wanted_post(request: ProjectRequest, waiting: QuerySet[FinalCoding]) -> Post | None:
    """The post asked for while it waits, else the one after the last, else the first."""
    chosen, after = request.GET.get("post", ""), request.GET.get("after", "")
    rows = waiting.select_related("post__account__actor__category")
    if chosen.isdecimal():
        return get_object_or_404(rows, post_id=chosen).post
    following = rows.filter(post_id__gt=after).first() if after.isdecimal() else None
    row = following or rows.first()
    return row.post if row else None


def codings_of(project: Project, post: Post) -> list[Coding]:
    """What each monitor answers now, in the order in which they first did."""
    return list(
        Coding.objects.of(project)
        .filter(post=post, kind=CodingKind.CODING)
        .current()
        .select_related("coder", "version")
        .prefetch_related("topics", "mentions__actor", "mentions__tone", "flags__kind")
        .order_by("id")
    )


def comparisons(rows: Sequence[Coding]) -> list[Comparison]:
    """Topics, then each actor, then each flag, with every monitor's answer."""
    topics = [", ".join(sorted(topic.label for topic in row.topics.all())) for row in rows]
    tones = [{each.actor.name: each.tone.label for each in row.mentions.all()} for row in rows]
    flags = [
        {each.kind.label: each.quote or _("raised") for each in row.flags.all()} for row in rows
    ]
    found = [Comparison(_("Topics"), topics)]
    for answers in (tones, flags):
        for question in sorted({name for answer in answers for name in answer}):
            found.append(Comparison(question, [answer.get(question, "") for answer in answers]))
    return found
