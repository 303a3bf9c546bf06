"""Giving the open posts of one monitor to others."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from coding.models import Assignment, AssignmentState, ReturnedCoding
from coding.services.pool import end_leases
from monitoring.models import Project
from monitoring.services.revisions import note_change


class Reassigned(NamedTuple):
    """How many posts went to others, and how many stay because all of those have them already."""

    moved: int
    kept: int


@transaction.atomic
def reassign(
    *, project: Project, monitor: User, to: Sequence[User], at: datetime.datetime
) -> Reassigned:
    """Deal a monitor's open posts to others, most to those with the fewest left.

    Nobody gets a post that they have or had, so that double coding stays blind. Left alone are
    posts given back to the monitor, leases from the pool, which end by themselves, and what the
    monitor's open tab holds. What once lay in a tab of theirs may have been answered without a
    line: it stays theirs as a lease that ended, so that it is stored when it arrives.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    returned = ReturnedCoding.objects.of(project).waiting().filter(coding__coder=monitor)
    mine = (
        Assignment.objects.of(project)
        .waiting_for(monitor)
        .filter(Q(leased_until=None) | Q(leased_until__lte=at), is_pooled=False)
        .exclude(post__in=returned.values("coding__post"))
    )
    rows = list(mine)
    holders: dict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.of(project).held(at).filter(post__in=[row.post_id for row in rows])
    for post, holder in held.values_list("post", "monitor"):
        holders[post].add(holder)
    given = _dealt(rows, holders, _left(project, to, at))
    Assignment.objects.bulk_create(
        given,
        batch_size=5000,
        # The receiver's own lease that ended.
        update_conflicts=True,
        unique_fields=["post", "monitor"],
        update_fields=["position", "is_overlap", "is_pooled", "leased_until"],
    )
    end_leases(mine.filter(post__in=[row.post_id for row in given]))
    note_change(project_id=project.pk)
    return Reassigned(len(given), len(rows) - len(given))


def _left(project: Project, to: Sequence[User], at: datetime.datetime) -> dict[int, int]:
    """How many posts each of the receivers has to code."""
    counts = (
        Assignment.objects.of(project)
        .held(at)
        .filter(monitor__in=to, state=AssignmentState.OPEN)
        .values_list("monitor")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {person.pk: 0 for person in to} | dict(counts)


def _dealt(
    rows: list[Assignment], holders: dict[int, set[int]], left: dict[int, int]
) -> list[Assignment]:
    """The assignments of the receivers, in the places that the posts had."""
    given = []
    for row in rows:
        free = [person for person in left if person not in holders[row.post_id]]
        if free:
            idlest = min(free, key=lambda person: (left[person], person))
            left[idlest] += 1
            given.append(
                Assignment(
                    project=row.project,
                    post_id=row.post_id,
                    monitor_id=idlest,
                    position=row.position,
                    is_overlap=row.is_overlap,
                )
            )
    return given
