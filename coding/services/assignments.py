"""Who codes what, and how far a monitor is."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection, transaction

from coding.allocation import Coder, Unit, allocate
from coding.models import (
    Assignment,
    OverlapPost,
    SamplePost,
    Workload,
)
from coding.services.overlaps import draw_overlap
from coding.services.pool import close_pool
from monitoring.models import Membership, Project, Role


class Dealt(NamedTuple):
    """How many assignments were made, and how many posts nobody takes."""

    made: int
    nobody: int


@transaction.atomic
def assign(
    *,
    project: Project,
    monitors: Sequence[User],
    at: datetime.datetime,
    overlap: float = 0.2,
    seed: int = 2021,
) -> int:
    """Deal the sample to the monitors in equal shares; how many assignments were made.

    The fraction ``overlap`` of it goes to two of them.
    """
    sampled = SamplePost.objects.filter(sample__project=project).current().count()
    if len(monitors) > 1:
        draw_overlap(project=project, size=round(overlap * sampled), seed=seed, at=at)
    return deal(
        project=project, coders=[Coder(each.pk) for each in monitors], seed=seed, at=at
    ).made


@transaction.atomic
def deal(
    *, project: Project, coders: Sequence[Coder], at: datetime.datetime, seed: int = 2021
) -> Dealt:
    """Deal the sampled posts, each to as many monitors as are asked for it.

    What was assigned before stays as it is, so that dealing again only adds: what is newly drawn,
    and the further monitors of posts that came into the overlap since. The pool, if any, is closed.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    close_pool(project=project)
    units = _units(project, at)
    shares = allocate(units, coders=coders, seed=seed)
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
        # A lease from the pool that ended becomes the monitor's own post.
        update_conflicts=True,
        unique_fields=["post", "monitor"],
        update_fields=["position", "is_overlap", "is_pooled", "leased_until"],
    )
    # Whoever had a post before it came into the overlap is one of those asked for.
    doubled = OverlapPost.objects.filter(sample_post__sample__project=project)
    Assignment.objects.of(project).filter(
        is_overlap=False, post__in=doubled.values("sample_post__post")
    ).update(is_overlap=True)
    reached = {share.post for share in shares}
    lacking = sum(1 for unit in units if len(unit.has) < unit.wanted and unit.post not in reached)
    return Dealt(len(shares), lacking)


def _units(project: Project, at: datetime.datetime) -> list[Unit]:
    """The sampled posts with those who hold each of them. Two queries."""
    has: dict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.of(project).held(at).values_list("post_id", "monitor_id")
    for post, monitor in held:
        has[post].add(monitor)
    rows = SamplePost.objects.filter(sample__project=project).current()
    return [
        Unit(
            post=post,
            stratum=(platform, category),
            wanted=coders or 1,
            has=frozenset(has[post]),
            language=language,
            category=category,
        )
        for post, platform, category, coders, language in rows.values_list(
            "post_id",
            "sample__platform",
            "sample__category__key",
            "overlap__coders",
            "post__language",
        )
    ]


def coders_of(*, project: Project) -> list[Coder]:
    """Those who code, as the lead divided the work; all monitors alike where nothing was said."""
    set_by_lead = {row.monitor_id: row for row in Workload.objects.of(project)}
    monitors = Membership.objects.filter(project=project, user__is_active=True).order_by("user_id")
    found = []
    for member in monitors:
        row = set_by_lead.get(member.user_id)
        if row is not None:
            languages, categories = frozenset(row.languages), frozenset(row.categories)
            found.append(Coder(row.monitor_id, row.share, languages, categories))
        elif member.role == Role.MONITOR:
            found.append(Coder(member.user_id))
    return found


def set_workloads(*, project: Project, coders: Sequence[Coder]) -> None:
    """Store how the work is divided."""
    Workload.objects.bulk_create(
        [
            Workload(
                project=project,
                monitor_id=coder.id,
                share=int(coder.share),
                languages=sorted(coder.languages),
                categories=sorted(coder.categories),
            )
            for coder in coders
        ],
        update_conflicts=True,
        unique_fields=["project", "monitor"],
        update_fields=["share", "languages", "categories"],
    )


# Of assignments those that are held (``AssignmentQuerySet.held``).
PROGRESS = """
    SELECT done, open, skipped, today, last_hour FROM (
        SELECT count(*) FILTER (WHERE state = 'done') AS done,
            count(*) FILTER (
                WHERE state = 'open' AND NOT (is_pooled AND leased_until <= %(now)s)
            ) AS open,
            count(*) FILTER (WHERE state = 'skipped') AS skipped
        FROM coding_assignment
        WHERE project_id = %(project)s AND monitor_id = %(monitor)s
    ) queue, (
        SELECT count(DISTINCT post_id) FILTER (WHERE made_at >= %(midnight)s) AS today,
            count(DISTINCT post_id) FILTER (WHERE made_at >= %(hour_ago)s) AS last_hour
        FROM coding_coding
        WHERE project_id = %(project)s AND coder_id = %(monitor)s
            AND kind IN ('coding', 'skip')
            AND made_at >= least(%(midnight)s, %(hour_ago)s)
    ) answers
"""


class Progress(NamedTuple):
    """How far a monitor is; ``today`` is a day of the project's zone."""

    done: int
    left: int
    skipped: int
    today: int
    last_hour: int


def progress(*, project: Project, monitor: User, now: datetime.datetime) -> Progress:
    """Counts of a monitor's posts and of the answers they gave today and in the last hour."""
    midnight = datetime.datetime.combine(
        now.astimezone(project.zone).date(), datetime.time.min, project.zone
    )
    bound: dict[str, Any] = {
        "project": project.pk,
        "monitor": monitor.pk,
        "now": now,
        "midnight": midnight,
        "hour_ago": now - datetime.timedelta(hours=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, bound)
        return Progress(*cursor.fetchone())
