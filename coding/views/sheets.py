"""A sheet is a post as it is put on the desk: its card, its actors' rows, where answers start."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse

from coding.models import Assignment, Coding, CodingKind
from coding.services import codings
from coding.services.assignments import Progress
from coding.services.desk_rules import keeps_unsent
from coding.services.marked_quotes import quotable_of
from coding.views.cards import PostCard, card_of
from coding.views.desk_texts import desk_texts
from coding.views.questions import Choice, Questions
from monitoring.access import ProjectRequest


class Sheet(NamedTuple):
    """An assigned post, whose ``base_number`` says what answering it is based on."""

    assignment: Assignment
    card: PostCard

    def as_json(self, tones: list[Choice]) -> dict[str, Any]:
        """The sheet for a script: its parts as the templates draw them on every page."""
        context = {"card": self.card, "tones": tones}
        return {
            "post": self.card.post.pk,
            "assignment": self.assignment.pk,
            "is_pooled": self.assignment.is_pooled,
            "base_number": self.assignment.base_number,
            "quotable": quotable_of(self.card.post)._asdict(),
            "card": render_to_string("coding/_post.html", context),
            "actors": render_to_string("coding/_actor_rows.html", context),
        }


def sheets_of(
    request: ProjectRequest,
    assignments: Iterable[Assignment],
    actor_names: dict[int, list[str]],
    answers: codings.Answers | None = None,
) -> list[Sheet]:
    """Sheets of the person's assignments; ``answers`` given before are those of the only one."""
    project = request.project
    return [
        Sheet(
            each,
            card_of(
                each.post,
                project=project,
                actor_names=actor_names,
                answers=answers,
                returned_note=each.returned_note,
            ),
        )
        for each in assignments
    ]


def own_assignment(request: ProjectRequest, post: int | str) -> Assignment:
    """The person's assignment of a post; a post that is somebody else's does not exist."""
    return get_object_or_404(
        Assignment.objects.of(request.project)
        .filter(monitor=request.user)
        .with_base_number()
        .with_note_of_return()
        .select_related("post__account__actor__category"),
        post_id=post if str(post).isdecimal() else 0,
    )


def own_coding(request: ProjectRequest, assignment: Assignment) -> Coding | None:
    """What the person answered for the post, where that still stands."""
    coding = (
        Coding.objects.of(request.project)
        .filter(coder=request.user, post=assignment.post_id)
        .current()
        .first()
    )
    return coding if coding and coding.kind == CodingKind.CODING else None


def last_coded(request: ProjectRequest) -> int | None:
    """The post the person answered last."""
    return (
        Coding.objects.of(request.project)
        .filter(coder=request.user, kind__in=[CodingKind.CODING, CodingKind.SKIP])
        .order_by("-made_at", "-id")
        .values_list("post_id", flat=True)
        .first()
    )


def counts(progress: Progress) -> dict[str, int]:
    """A person's progress for a script."""
    names = ("done", "left", "skipped", "today", "last_hour")
    return {name: getattr(progress, name) for name in names}


def queue_data(request: ProjectRequest) -> dict[str, Any]:
    """What a page needs to send answers that are still kept on this computer."""
    slug = request.project.slug
    return {
        "urls": {
            "desk": reverse("coding:desk", args=[slug]),
            "next": reverse("coding:next", args=[slug]),
            "save": reverse("coding:save", args=[slug]),
            "release": reverse("coding:release", args=[slug]),
            "look_again": reverse("coding:recheck", args=[slug]),
            "sign_in": f"{reverse(settings.LOGIN_URL)}?next={reverse('coding:coded', args=[slug])}",
        },
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "project": slug,
        "coder": request.user.pk,
        "keeps_unsent": keeps_unsent(project=request.project),
        "texts": desk_texts(),
    }


def vocabulary(questions: Questions, actor_names: dict[int, list[str]]) -> dict[str, Any]:
    """The words behind the keys of the codebook and the ids of actors, for finding and showing."""
    return {
        "version": questions.version.pk,
        "actors": [{"id": str(actor), "names": names} for actor, names in actor_names.items()],
        "topics": [{"id": each.entry.key, "names": _names(each)} for each in questions.topics],
        "tones": {each.entry.key: each.entry.label for each in questions.tones},
        "flags": {each.entry.key: each.entry.label for each in questions.flags},
        "extra": {each.entry.key: each.entry.label for each in questions.extra},
    }


def _names(choice: Choice) -> list[str]:
    """In every language, the reader's first."""
    return list(dict.fromkeys([choice.entry.label, *choice.names]))
