"""What is still to be coded and lies in nobody's queue."""

import datetime
from typing import NamedTuple

from django.db import connection

from monitoring.models import Project

# A post counts as often as it is still to be coded by one more person.
UNHELD = """
    SELECT coalesce(sum(lacking) FILTER (WHERE is_pooled), 0)::bigint,
        coalesce(sum(lacking) FILTER (WHERE NOT is_pooled), 0)::bigint
    FROM (
        SELECT sampled.place IS NOT NULL AS is_pooled,
            greatest(0, coalesce(overlap.coders, 1) - coalesce(held.people, 0)) AS lacking
        FROM coding_samplepost sampled
        JOIN coding_sample sample ON sample.id = sampled.sample_id
        LEFT JOIN coding_overlappost overlap ON overlap.sample_post_id = sampled.id
        LEFT JOIN (
            SELECT post_id, count(*) AS people FROM coding_assignment
            WHERE project_id = %(project)s
                AND NOT (state = 'open' AND is_pooled AND leased_until <= %(at)s)
            GROUP BY post_id
        ) held ON held.post_id = sampled.post_id
        WHERE sample.project_id = %(project)s AND sampled.left_at IS NULL
    ) AS counted
"""


class Unheld(NamedTuple):
    """Codings that nobody has before them: in the common pool, and given to nobody at all."""

    in_pool: int
    given_to_nobody: int


def unheld(*, project: Project, at: datetime.datetime) -> Unheld:
    """How many codings of the sample are in nobody's queue. One query."""
    with connection.cursor() as cursor:
        cursor.execute(UNHELD, {"project": project.pk, "at": at})
        return Unheld(*cursor.fetchone())
