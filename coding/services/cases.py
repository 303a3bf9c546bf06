"""Opening, filling and publishing the documented examples."""

import datetime
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coding import pictures
from coding.models import (
    Case,
    CaseLink,
    CasePost,
    CaseState,
    FinalCoding,
    Flag,
    Screenshot,
)
from coding.pictures import Box, NotAPicture
from coding.services import evidence
from monitoring.models import Post, Project
from monitoring.services.revisions import note_change

MOST_SCREENSHOTS = 12
LONGEST_TITLE = 80
FIELDS = (
    "kind",
    "title",
    "quote",
    "translation",
    "explanation",
    "severity",
    "target",
    "target_in_words",
    "beneficiary",
    "beneficiary_in_words",
)
_REASONS: dict[str, str | Promise] = {
    "too_large": _("The picture is larger than 15 MB. Send a smaller one."),
    "too_many_pixels": _("The picture has more than 40 million pixels. Send a smaller one."),
    "unknown": _("This is no PNG, JPEG or WebP picture."),
    "damaged": _("The picture is damaged: it cannot be read to its end."),
}


class CaseRefused(Exception):
    """A change that was not made; ``message`` is for the person who asked for it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class StaleEdition(CaseRefused):
    """Somebody changed the case meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this case meanwhile. Copy what you wrote and reload the page.")
        )


class Incomplete(CaseRefused):
    """A case that lacks something it needs to be published."""


class Link(NamedTuple):
    """An address beside a case; ``kind`` is one of LinkKind."""

    kind: str
    url: str
    title: str


def flags_without_case(*, project: Project, hidden: Collection[int] = ()) -> QuerySet[Flag]:
    """Flags of the answers that count, whose post no case of that kind documents yet.

    ``hidden`` are posts that the reader has still to code: theirs are not given.
    """
    counted = FinalCoding.objects.of(project).filter(coding__isnull=False).values("coding")
    documented = CasePost.objects.filter(
        case__project=project, case__kind=OuterRef("kind__key"), post=OuterRef("coding__post")
    )
    return (
        Flag.objects.filter(~Exists(documented), coding__in=counted)
        .exclude(coding__post__in=hidden)
        .select_related("kind", "coding__post__account__actor")
        .order_by("-coding__made_at", "-id")
    )


def ready_cases(*, project: Project) -> QuerySet[Case]:
    """The cases of the report, with all that their cards show."""
    return (
        Case.objects.of(project)
        .filter(state=CaseState.READY)
        .with_actors()
        .select_related("project")
        .prefetch_related("links", "posts__account__actor", "screenshots")
    )


@transaction.atomic
def open_case(
    *, project: Project, lead: User, post: Post, kind: str, quote: str = "", translation: str = ""
) -> Case:
    """A new draft about one post, with the next number of the project."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    last = Case.objects.of(project).aggregate(last=Max("number"))["last"] or 0
    case = Case.objects.create(
        project=project,
        number=last + 1,
        kind=kind,
        title=_first_words(quote or post.text),
        quote=quote or post.text,
        translation=translation,
        opened_by=lead,
    )
    CasePost.objects.create(case=case, post=post)
    return case


def open_case_from_flag(*, project: Project, lead: User, flag: Flag) -> Case:
    """A draft that starts with what the monitor quoted and translated."""
    return open_case(
        project=project,
        lead=lead,
        post=flag.coding.post,
        kind=flag.kind.key,
        quote=flag.quote,
        translation=flag.translation,
    )


@transaction.atomic
def save_case(
    *,
    case: Case,
    edition: int,
    fields: dict[str, Any],
    links: Iterable[Link],
    at: datetime.datetime,
) -> Case:
    """Store the words and links of a case that has not changed since ``edition``.

    ``fields`` are those of ``FIELDS``. Raises StaleEdition, and Incomplete where a ready case would
    lose what it needs.
    """
    locked = _locked(case, edition)
    for name in FIELDS:
        setattr(locked, name, fields[name])
    if locked.state == CaseState.READY:
        _refuse_incomplete(locked)
    locked.links.all().delete()
    distinct = {link.url: link for link in links}
    CaseLink.objects.bulk_create(
        CaseLink(case=locked, **link._asdict()) for link in distinct.values()
    )
    return _changed(locked, at)


@transaction.atomic
def set_state(*, case: Case, edition: int, state: str, at: datetime.datetime) -> Case:
    """Make a case ready for the report, or a draft again. Raises StaleEdition, Incomplete."""
    locked = _locked(case, edition)
    if state == CaseState.READY:
        _refuse_incomplete(locked)
    locked.state = state
    return _changed(locked, at)


def add_post(*, case: Case, post: Post) -> None:
    """Add a post that shows the same."""
    CasePost.objects.get_or_create(case=case, post=post)


def remove_post(*, case: Case, post: Post) -> None:
    """Take a post out; the last one stays. Raises CaseRefused."""
    with transaction.atomic():
        Case.objects.of(case.project).select_for_update().get(pk=case.pk)
        if case.case_posts.exclude(post=post).exists():
            case.case_posts.filter(post=post).delete()
        else:
            raise CaseRefused(_("A case documents at least one post."))


@transaction.atomic
def add_screenshot(*, case: Case, content: bytes, caption: str, by: User) -> Screenshot:
    """Keep a picture as evidence. Raises CaseRefused; the same picture again is the same one."""
    try:
        picture = pictures.examine(content)
    except NotAPicture as error:
        raise CaseRefused(_REASONS[error.reason]) from error
    Case.objects.of(case.project).select_for_update().get(pk=case.pk)
    if case.screenshots.count() >= MOST_SCREENSHOTS:
        raise CaseRefused(_("A case holds twelve pictures at most."))
    try:
        digest = evidence.keep(content)
    except OSError as error:
        raise CaseRefused(_("The picture could not be stored: the disk refused it.")) from error
    kept, _is_new = Screenshot.objects.get_or_create(
        case=case,
        sha256=digest,
        defaults={"caption": caption, "added_by": by, **picture._asdict()},
    )
    return kept


@transaction.atomic
def cover_screenshot(*, screenshot: Screenshot, boxes: Iterable[Box], by: User) -> None:
    """Make the copy for publication, with boxes over people who are not public.

    No box at all says that somebody looked and nobody needs one.
    """
    locked = Screenshot.objects.select_for_update().get(pk=screenshot.pk)
    covers = list(boxes)
    content = evidence.path_of(locked.sha256).read_bytes()
    before = locked.published_sha256
    locked.published_media_type, published = pictures.cover(content, covers)
    locked.published_sha256 = evidence.keep(published)
    locked.covers = [list(box) for box in covers]
    locked.checked_by = by
    locked.save()
    transaction.on_commit(partial(evidence.forget, before))


@transaction.atomic
def remove_screenshot(*, screenshot: Screenshot) -> None:
    """Take a picture out of its case, and off the disk."""
    digests = screenshot.sha256, screenshot.published_sha256
    screenshot.delete()
    transaction.on_commit(partial(evidence.forget, *digests))


def _locked(case: Case, edition: int) -> Case:
    locked = Case.objects.of(case.project).select_for_update(of=("self",)).get(pk=case.pk)
    if locked.edition != edition:
        raise StaleEdition
    return locked


def _changed(case: Case, at: datetime.datetime) -> Case:
    case.edition += 1
    case.changed_at = at
    case.save()
    note_change(project_id=case.project_id)
    return case


def _refuse_incomplete(case: Case) -> None:
    if not case.quote.strip() or not case.explanation.strip():
        raise Incomplete(_("A case in the report needs its quote and an explanation."))
    if case.screenshots.filter(published_sha256="").exists():
        raise Incomplete(
            _("Look at each picture first: cover the people who are not public, or say none is.")
        )


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"
