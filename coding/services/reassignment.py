"""Giving the open posts of one monitor to others."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q

from coding.models import Assignment, AssignmentState, ReturnedCoding
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
    monitor's open tab holds.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    returned = ReturnedCoding.objects.of(project).waiting().filter(coding__coder=monitor)
    mine = (
        Assignment.objects.of(project)
        .waiting_for(monitor)
        .filter(Q(leased_until=None) | Q(leased_until__lte=at), is_pooled=False)
        .exclude(post__in=returned.values("coding__post"))
    )
    rows = list(mine.values_list("pk", "post"))
    holders: dict[int, set[int]] = defaultdict(set)
    held = Assignment.objects.of(project).filter(post__in=[post for _pk, post in rows])
    for post, holder in held.values_list("post", "monitor"):
        holders[post].add(holder)
    given = _dealt(rows, holders, _left(project, to))
    for receiver, assignments in given.items():
        Assignment.objects.of(project).filter(pk__in=assignments).update(monitor=receiver)
    note_change(project_id=project.pk)
    moved = sum(map(len, given.values()))
    return Reassigned(moved, len(rows) - moved)


def _left(project: Project, to: Sequence[User]) -> dict[int, int]:
    """How many posts each of the receivers has to code."""
    counts = (
        Assignment.objects.of(project)
        .filter(monitor__in=to, state=AssignmentState.OPEN)
        .values_list("monitor")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {person.pk: 0 for person in to} | dict(counts)


def _dealt(
    rows: list[tuple[int, int]], holders: dict[int, set[int]], left: dict[int, int]
) -> dict[int, list[int]]:
    """The assignments for each receiver."""
    given: dict[int, list[int]] = defaultdict(list)
    for assignment, post in rows:
        free = [person for person in left if person not in holders[post]]
        if free:
            idlest = min(free, key=lambda person: (left[person], person))
            given[idlest].append(assignment)
            left[idlest] += 1
    return given
