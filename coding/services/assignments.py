"""Who codes what, what comes next, and how far a monitor is."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from coding.allocation import Unit, allocate
from coding.models import Assignment, AssignmentState, Coding, CodingKind, SamplePost
from monitoring.models import Project


@transaction.atomic
def assign(
    *, project: Project, monitors: Sequence[User], overlap: float = 0.2, seed: int = 2021
) -> int:
    """Deal the sampled posts that nobody has yet to the monitors; how many were dealt.

    The fraction ``overlap`` of each category and platform goes to two of them. What was assigned
    before stays as it is, so that assigning again only adds.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    free = (
        SamplePost.objects.filter(sample__project=project, post__assignments=None)
        .current()
        .values_list("post_id", "sample__platform", "sample__category__key")
    )
    shares = allocate(
        [Unit(post, (platform, category)) for post, platform, category in free],
        coders=[monitor.pk for monitor in monitors],
        overlap=overlap,
        seed=seed,
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                project=project,
                post_id=share.post,
                monitor_id=share.coder,
                position=share.position,
                is_overlap=share.is_overlap,
            )
            for share in shares
        ],
        batch_size=5000,
    )
    return len(shares)


def next_assignments(
    *, project: Project, monitor: User, count: int, after: int | None = None
) -> list[Assignment]:
    """The next open posts of a monitor's queue, with all that the desk shows of them.

    ``after`` is an assignment of theirs: those behind it are given.
    """
    waiting = Assignment.objects.of(project).waiting_for(monitor)
    if after is not None:
        place = (
            Assignment.objects.of(project)
            .filter(monitor=monitor, pk=after)
            .values_list("position", "pk")
            .first()
        )
        if place:
            waiting = waiting.filter(
                Q(position__gt=place[0]) | Q(position=place[0], pk__gt=place[1])
            )
    return list(waiting.select_related("post__account__actor__category")[:count])


class Progress(NamedTuple):
    """How far a monitor is; ``today`` is a day of the project's zone."""

    done: int
    left: int
    skipped: int
    today: int
    last_hour: int


def progress(*, project: Project, monitor: User, now: datetime.datetime) -> Progress:
    """Counts of a monitor's posts and of the answers they gave today and in the last hour."""
    of_state = {
        row["state"]: row["count"]
        for row in Assignment.objects.of(project)
        .filter(monitor=monitor)
        .values("state")
        .annotate(count=Count("pk"))
        .order_by()
    }
    local = now.astimezone(project.zone)
    midnight = datetime.datetime.combine(local.date(), datetime.time.min, project.zone)
    an_hour_ago = now - datetime.timedelta(hours=1)
    pace = (
        Coding.objects.of(project)
        .filter(
            coder=monitor,
            kind__in=[CodingKind.CODING, CodingKind.SKIP],
            made_at__gte=min(midnight, an_hour_ago),
        )
        .aggregate(
            today=Count("post", distinct=True, filter=Q(made_at__gte=midnight)),
            last_hour=Count("post", distinct=True, filter=Q(made_at__gte=an_hour_ago)),
        )
    )
    return Progress(
        done=of_state.get(AssignmentState.DONE, 0),
        left=of_state.get(AssignmentState.OPEN, 0),
        skipped=of_state.get(AssignmentState.SKIPPED, 0),
        **pace,
    )
