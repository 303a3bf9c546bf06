"""Posts on which monitors disagree: their answers side by side, and the lead's decision."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from coding.forms import OTHER_ACTORS, ReturnForm, SettleForm, WithdrawForm
from coding.models import CodebookVersion, Coding, CodingKind, FinalState
from coding.services import codings
from coding.services.codebooks import published_version
from coding.services.counted import as_counted, carried_keys, counted_actor
from coding.services.disagreements import waiting_disagreements
from coding.services.returns import return_coding
from coding.views import replies
from coding.views.cards import card_of
from coding.views.comparisons import READ, comparisons, disputed_entries
from coding.views.own_posts import still_to_code
from coding.views.questions import questions_of
from coding.views.review_queue import ReviewQueue
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.models import Post, Project
from monitoring.services.actor_names import names_of_actors


@require_GET
@project_page(Action.REVIEW)
def review(request: ProjectRequest) -> HttpResponse:
    """One post of the queue, or the one ``?post=`` names; ``?take=`` starts from a coding.

    A post that the lead has to code as well is not shown before they did.
    """
    return page_of(request, request.GET)


def page_of(
    request: ProjectRequest, given: Mapping[str, Any], kept: SettleForm | None = None
) -> HttpResponse:
    """The page at the place in the queue that is ``given``; ``kept`` is a decision not stored."""
    own = still_to_code(request)
    if given.get("post", "") in map(str, own):
        messages.warning(request, _("Code this post yourself first: it shows others’ answers."))
        desk = reverse("coding:desk", args=[request.project.slug])
        return redirect(f"{desk}?post={given['post']}")
    waiting = waiting_disagreements(project=request.project)
    queue = ReviewQueue([one for one in waiting if one.post not in own], given)
    version = published_version(project=request.project)
    post = wanted_post(request, queue, given)
    context: dict[str, Any] = {
        "queue": queue,
        "filters": queue.filters(request.project),
        "post": post,
        "version": version,
        "undo": undoable(request),
        "undo_id": uuid.uuid4(),
    }
    if post is not None and version is not None:
        following = queue.after(post.pk)
        context |= answers_beside_form(request, post, version, given, kept)
        context |= {
            "following": following,
            "later": queue.query(next=following),
            "here": queue.query(post=post.pk),
        }
    return render(request, "coding/review.html", context)


def wanted_post(
    request: ProjectRequest, queue: ReviewQueue, given: Mapping[str, Any]
) -> Post | None:
    """The post asked for, which need not wait, else the one that comes next in the queue."""
    chosen = given.get("post", "")
    posts = Post.objects.of(request.project).select_related("account__actor__category")
    if chosen:
        coded = posts.filter(final_coding__isnull=False)
        return get_object_or_404(coded, pk=chosen if _is_id(chosen) else 0)
    return posts.get(pk=queue.first) if queue.first else None


def answers_beside_form(
    request: ProjectRequest,
    post: Post,
    version: CodebookVersion,
    given: Mapping[str, Any],
    kept: SettleForm | None,
) -> dict[str, Any]:
    """All answers to a post, and the form to decide: empty, from one of them, or as it was sent."""
    seen = last_of(request.project, post)
    said = said_of(request.project, post)
    rows = [row for row in said if row.kind == CodingKind.CODING]
    taken = next((row for row in rows if str(row.pk) == given.get("take", "")), None)
    carried = carried_keys(project=request.project)
    answers = as_counted(codings.answers_of(taken), carried) if taken else None
    if kept is not None and not kept.data.get("take"):
        answers = kept.answers()
    names = names_of_actors(project=request.project)
    mentions = [mention for row in rows for mention in row.mentions.all()]
    named = [counted_actor(mention.actor_id, carried) for mention in mentions]
    compared = comparisons(rows, carried)
    return {
        "card": card_of(
            post, project=request.project, actor_names=names, answers=answers, also=named
        ),
        "questions": questions_of(version, answers),
        "rows": rows,
        "taken": taken,
        "is_own_answer": answers is not None,
        "reason": kept.data.get("reason", "") if kept else "",
        "seen": seen,
        "comparisons": compared,
        "skips": [row for row in said if row.kind == CodingKind.SKIP],
        "entries": disputed_entries(compared),
        "settlement": settlement_of(request.project, post),
        "actors": [(actor, known[0]) for actor, known in names.items()],
        "other_rows": OTHER_ACTORS,
        "request_id": uuid.uuid4(),
    }


def last_of(project: Project, post: Post) -> int:
    """The place in the chain of the last thing that anybody said of a post."""
    rows = Coding.objects.of(project).filter(post=post)
    return rows.aggregate(last=Max("chain_number"))["last"] or 0


def said_of(project: Project, post: Post) -> list[Coding]:
    """What each monitor answers now, or why they skipped, in the order in which they first did."""
    return list(
        Coding.objects.of(project)
        .filter(post=post, kind__in=[CodingKind.CODING, CodingKind.SKIP])
        .current()
        .select_related("coder", "version", "returned")
        .prefetch_related(*READ)
        .order_by("id")
    )


def settlement_of(project: Project, post: Post) -> Coding | None:
    """The decision that counts for a post, if a lead made one."""
    return (
        Coding.objects.of(project)
        .filter(final_codings__post=post, final_codings__state=FinalState.SETTLED)
        .select_related("coder")
        .first()
    )


def undoable(request: ProjectRequest) -> Coding | None:
    """The lead's own decision that ``?settled=`` names, while it is their last word on the post."""
    pk = request.GET.get("settled", "")
    own = Coding.objects.of(request.project).filter(coder=request.user, kind=CodingKind.SETTLEMENT)
    return own.filter(pk=pk).current().first() if _is_id(pk) else None


@require_POST
@project_page(Action.REVIEW)
def settle(request: ProjectRequest) -> HttpResponse:
    """Store the lead's decision, and go on to the next disagreement.

    ``take`` is the coding whose answers are right; without it the form's own answers are. What is
    refused is shown again with all that was written.
    """
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return page_of(request, request.POST, form)
    following = request.POST.get("next", "")
    try:
        settled = store_decision(request, form)
    except codings.AlreadySaved:
        messages.error(request, _("This decision was saved before."))
        return _back(request, next=following)
    except codings.CodingRefused as refusal:
        messages.error(request, str(refusal.message))
        return page_of(request, request.POST, form)
    return _back(request, next=following, settled=settled.pk)


def store_decision(request: ProjectRequest, form: SettleForm) -> Coding:
    """What the form decides. Raises CodingRefused."""
    project, given = request.project, form.cleaned_data
    coded = Post.objects.of(project).filter(final_coding__isnull=False)
    post = get_object_or_404(coded, pk=given["post"])
    version, answers = published_version(project=project), form.answers()
    if given["take"]:
        answered = Coding.objects.of(project).filter(post=post, kind=CodingKind.CODING)
        taken = get_object_or_404(answered.select_related("version"), pk=given["take"])
        version, answers = taken.version, codings.answers_of(taken)
    if version is None:
        raise Http404
    return codings.settle(
        project=project,
        post=post,
        lead=request.user,
        version=version,
        request_id=given["request_id"],
        answers=answers,
        reason=given["reason"] or _("As the codebook defines it."),
        seen=given["seen"],
        at=timezone.now(),
    )


@require_POST
@project_page(Action.REVIEW)
def undo(request: ProjectRequest) -> HttpResponse:
    """Take back one's own decision: the post waits again."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return _back(request)
    given = form.cleaned_data
    decided = Coding.objects.of(request.project).filter(
        coder=request.user, kind=CodingKind.SETTLEMENT, post=given["post"]
    )
    post = get_object_or_404(Post.objects.of(request.project), codings__in=decided[:1])
    try:
        codings.take_back(
            project=request.project, lead=request.user, at=timezone.now(), **given | {"post": post}
        )
    except codings.CodingRefused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Taken back. The post waits for a decision again."))
    return _back(request, post=post.pk)


@require_POST
@project_page(Action.REVIEW)
def give_back(request: ProjectRequest) -> HttpResponse:
    """Return a post to one of its monitors with a note."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, replies.first_error(form)[1])
        return _back(request, post=request.POST.get("post", ""))
    try:
        returned = return_coding(
            project=request.project, lead=request.user, at=timezone.now(), **form.cleaned_data
        )
    except codings.CodingRefused as refusal:
        messages.error(request, str(refusal.message))
        return _back(request, post=request.POST.get("post", ""))
    monitor = returned.coding.coder.get_username()
    messages.success(request, _("Given back to %(monitor)s.") % {"monitor": monitor})
    return _back(request, next=request.POST.get("next", ""))


def _back(request: ProjectRequest, **place: Any) -> HttpResponse:
    """To the queue as it was filtered."""
    query = ReviewQueue([], request.POST).query(**place)
    return redirect(f"{reverse('coding:review', args=[request.project.slug])}?{query}")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
