"""The common pool: whoever is free takes the next posts, on a lease that ends by itself.

A post is held by those who coded or skipped it, those it was dealt to, and those whose lease is
still running. No job ends a lease: whether it is over is decided where it is asked, with the time
passed in. What somebody saves after their lease is kept all the same.
"""

import datetime

from django.db import connection, transaction

from coding.allocation import mixed
from coding.models import SamplePost
from coding.models.assignments import AssignmentQuerySet
from monitoring.models import Project

LEASE_TIME = datetime.timedelta(minutes=15)
# Of a ``pooled`` row of the sample: a monitor is still wanted for it, leases apart. In the words of
# the index that serves taking.
IN_THE_POOL = (
    "pooled.place IS NOT NULL AND pooled.left_at IS NULL AND NOT pooled.has_enough_monitors"
)

OPEN = """
    UPDATE coding_samplepost pooled SET place = mixed.place
    FROM unnest(%(posts)s::bigint[]) WITH ORDINALITY AS mixed(id, place)
    WHERE pooled.id = mixed.id
"""


@transaction.atomic
def open_pool(*, project: Project, seed: int = 2021) -> int:
    """Put the whole sample into the pool, categories mixed; how many posts.

    What was dealt stays with whom it was dealt to, and counts as held.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    strata = {
        pk: (platform, category)
        for pk, platform, category in SamplePost.objects.filter(sample__project=project)
        .current()
        .values_list("pk", "sample__platform", "sample__category__key")
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"posts": mixed(strata, seed=seed)})
    return len(strata)


def close_pool(*, project: Project) -> None:
    """Nothing more is taken from the pool; what was taken goes on."""
    SamplePost.objects.in_pool_of(project).update(place=None)


def end_leases(taken_away: AssignmentQuerySet) -> None:
    """Take open posts, whose leases are over, out of their owners' queues.

    What lay in a tab may have been answered there without a line. It becomes as what was taken
    from the pool and not coded in time: it counts nowhere, and what arrives late is stored.
    """
    taken_away.filter(leased_until=None).delete()
    taken_away.update(is_pooled=True)
