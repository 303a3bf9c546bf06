"""Which posts several code, blind: drawn from all sampled ones, by stratum and seed."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from coding.models import Coding, Flag, OverlapPost, SamplePost
from coding.overlap import drawn, weights
from monitoring.models import Project

FLAGGED = "flagged"
MOST_CODERS = 5


class Stratum(TextChoices):
    """What the posts are divided by, so that each part has its share of the overlap."""

    CATEGORY = "category", _("category and platform")
    PLATFORM = "platform", _("platform")
    ACCOUNT = "account", _("account")


class Overlap(NamedTuple):
    """How many posts are sampled, flagged, in the overlap, and in it since they were flagged.

    ``coders`` is the most monitors that one of them goes to; 2 before any was drawn.
    """

    sampled: int
    flagged: int
    drawn: int
    oversampled: int
    coders: int


@transaction.atomic
def draw_overlap(
    *,
    project: Project,
    size: int,
    at: datetime.datetime,
    seed: int = 2021,
    by: str = Stratum.CATEGORY,
    flagged: int = 0,
    coders: int = 2,
) -> int:
    """Draw posts until ``size`` of the sample are in the overlap; how many were added.

    ``flagged`` further ones are added from those a monitor flagged, as a stratum of their own.
    Each goes to ``coders`` monitors (2 to 5), and so do those drawn before that went to fewer.
    Nothing leaves the overlap: a larger size adds. The weights are counted anew.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    strata = _strata(project, by)
    flags = set(_flagged(project)) & strata.keys()
    before = dict(
        OverlapPost.objects.filter(sample_post__in=strata).values_list(
            "sample_post", "is_oversampled"
        )
    )
    by_chance = {post for post, is_oversampled in before.items() if not is_oversampled}
    oversampled = before.keys() - by_chance
    free = {post: stratum for post, stratum in strata.items() if post not in oversampled}
    added = drawn(free, size=size, seed=seed, already=by_chance)
    chosen = before.keys() | set(added)
    more = drawn(dict.fromkeys(flags - chosen, FLAGGED), size=flagged, seed=seed)
    OverlapPost.objects.filter(sample_post__in=before, coders__lt=coders).update(coders=coders)
    _store(strata, added, more, coders, at)
    _weigh(strata, flags, chosen | set(more))
    return len(added) + len(more)


def overlap_of(*, project: Project) -> Overlap:
    """How large the overlap is now. Three queries."""
    drawn_now = OverlapPost.objects.filter(
        sample_post__sample__project=project, sample_post__left_at__isnull=True
    ).values_list("is_oversampled", "coders")
    return Overlap(
        sampled=SamplePost.objects.filter(sample__project=project).current().count(),
        flagged=len(set(_flagged(project))),
        drawn=len(drawn_now),
        oversampled=sum(is_oversampled for is_oversampled, _coders in drawn_now),
        coders=max((coders for _is_oversampled, coders in drawn_now), default=2),
    )


def _strata(project: Project, by: str) -> dict[int, str]:
    """The stratum of each sampled post, by the id of its place in the sample."""
    rows = SamplePost.objects.filter(sample__project=project).current()
    if by == Stratum.ACCOUNT:
        return {pk: f"account {account}" for pk, account in rows.values_list("pk", "post__account")}
    found = rows.values_list("pk", "sample__platform", "sample__category__key")
    if by == Stratum.PLATFORM:
        return {pk: platform for pk, platform, _category in found}
    return {pk: f"{platform} {category}" for pk, platform, category in found}


def _flagged(project: Project) -> Collection[int]:
    """Places in the sample of posts on which somebody's standing answers raise a flag."""
    raised = Flag.objects.filter(coding=OuterRef("pk"))
    posts = Coding.objects.of(project).current().filter(Exists(raised)).values("post")
    rows = SamplePost.objects.filter(sample__project=project, post__in=posts).current()
    return list(rows.values_list("pk", flat=True))


def _store(
    strata: dict[int, str],
    added: list[int],
    more: list[int],
    coders: int,
    at: datetime.datetime,
) -> None:
    OverlapPost.objects.bulk_create(
        [
            OverlapPost(
                sample_post_id=post,
                coders=coders,
                stratum=strata[post],
                is_oversampled=is_oversampled,
                drawn_at=at,
            )
            for posts, is_oversampled in ((added, False), (more, True))
            for post in posts
        ],
        batch_size=5000,
    )


def _weigh(strata: dict[int, str], flags: set[int], chosen: Collection[int]) -> None:
    """Once flagged posts were drawn more often, all flagged ones are a stratum of their own."""
    rows = list(OverlapPost.objects.filter(sample_post__in=chosen))
    if any(row.is_oversampled for row in rows):
        strata = strata | dict.fromkeys(flags, FLAGGED)
    found = weights(strata, chosen)
    for row in rows:
        row.weight = found[row.sample_post_id]
        row.stratum = strata[row.sample_post_id]
    OverlapPost.objects.bulk_update(rows, ["weight", "stratum"], batch_size=2000)
