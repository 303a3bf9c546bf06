"""Handing a monitor their next posts: their own first, then their share of the common pool.

One asking is two queries, whatever comes of it: one waits for a turn to take where that is needed,
one leases, takes and reads. A tab asks for some forty posts ahead; near the end of the pool nobody
gets more than a fair share of what is left, so that no post lies unopened with one while others
find nothing.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from coding.models import Assignment
from coding.services.pool import IN_THE_POOL, LEASE_TIME
from coding.services.queues import MINE, NEXT, assignments_of
from monitoring.models import Project

# Those who take are one at a time in a project; a crowd on a slow machine waits its turn. Nobody
# waits where there is no pool, or whose own queue is long enough. Whoever did not wait may not
# take: the queue may be shorter a statement later. A power cut may forget that a lease was renewed,
# not that a post was taken.
WAIT_FOR_A_TURN = f"""
    SET LOCAL lock_timeout = '20s';
    SET LOCAL synchronous_commit = off;
    WITH turn AS (
        SELECT FROM monitoring_project project
        WHERE project.id = %(project)s
            AND %(count)s > (SELECT count(*) FROM ({MINE}) mine)
            AND EXISTS (
                SELECT FROM coding_samplepost pooled
                JOIN coding_sample sample ON sample.id = pooled.sample_id
                WHERE sample.project_id = %(project)s AND {IN_THE_POOL}
            )
        FOR NO KEY UPDATE
    )
    SELECT count(*) = 1 FROM turn
"""  # noqa: S608 - fixed fragments
# What the tab holds and what it asked for; a lease that is a minute old at most is left as it is.
LEASE = f"""
    UPDATE coding_assignment SET leased_until = %(until)s
    WHERE id IN (
        ({MINE})
        UNION ALL
        SELECT id FROM coding_assignment
        WHERE project_id = %(project)s AND monitor_id = %(monitor)s
            AND state = 'open' AND is_pooled AND leased_until > %(at)s
    ) AND (leased_until IS NULL OR leased_until < %(until)s - interval '1 minute');
"""  # noqa: S608 - fixed fragments
# Taken posts go to the end of one's queue, so that what lies in the tab stays before them. A share
# is what lies in all tabs and what is free, by those at work and one who may come, rounded up: who
# has nothing gets one. Of the free ones only as many are looked at as can change it: the pool is
# walked through by place, each row by key, whatever the statistics say of how few will be free.
TAKE = f"""
    SET LOCAL synchronous_commit TO DEFAULT;
    SET LOCAL join_collapse_limit = 1;
    SET LOCAL enable_sort = off;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_seqscan = off;
    WITH mine AS ({MINE}),
    tabs AS (
        SELECT count(*) AS posts,
            count(*) FILTER (WHERE monitor_id = %(monitor)s) AS my_posts,
            count(DISTINCT monitor_id) FILTER (WHERE monitor_id <> %(monitor)s) + 2 AS shares,
            %(count)s - (SELECT count(*) FROM mine) AS missing
        FROM coding_assignment
        WHERE project_id = %(project)s AND state = 'open' AND is_pooled AND leased_until > %(at)s
    ),
    free AS (
        SELECT pooled.post_id, pooled.place, COALESCE(overlap.coders, 1) AS coders
        FROM coding_samplepost pooled
        JOIN coding_sample sample ON sample.id = pooled.sample_id
        JOIN monitoring_category category ON category.id = sample.category_id
        LEFT JOIN coding_overlappost overlap ON overlap.sample_post_id = pooled.id
        LEFT JOIN coding_workload workload
            ON workload.project_id = sample.project_id AND workload.monitor_id = %(monitor)s
        CROSS JOIN LATERAL (
            SELECT count(*) AS monitors, bool_or(monitor_id = %(monitor)s) AS by_me
            FROM coding_assignment
            WHERE post_id = pooled.post_id
                AND NOT (state = 'open' AND is_pooled AND leased_until <= %(at)s)
        ) held
        WHERE sample.project_id = %(project)s AND {IN_THE_POOL}
            AND held.monitors < COALESCE(overlap.coders, 1)
            AND held.by_me IS NOT TRUE
            AND (workload.id IS NULL OR (
                workload.share > 0
                AND (workload.categories = '{{}}' OR category.key = ANY(workload.categories))
                AND (workload.languages = '{{}}' OR (
                    SELECT language = '' OR language = ANY(workload.languages)
                    FROM monitoring_post WHERE id = pooled.post_id
                ))
            ))
        ORDER BY pooled.place
        LIMIT (SELECT greatest(missing, (my_posts + missing) * shares - posts) FROM tabs)
    ),
    share AS (
        SELECT least(missing, greatest(0,
            ceil((posts + (SELECT count(*) FROM free))::numeric / shares)::bigint - my_posts
        )) AS count
        FROM tabs
    )
    INSERT INTO coding_assignment (
        project_id, post_id, monitor_id, state, position, is_overlap, is_pooled, leased_until
    )
    SELECT %(project)s, post_id, %(monitor)s, 'open',
        row_number() OVER (ORDER BY place) + COALESCE((
            SELECT max(position) FROM coding_assignment
            WHERE project_id = %(project)s AND monitor_id = %(monitor)s
        ), 0),
        coders > 1, TRUE, %(until)s
    FROM (SELECT * FROM free ORDER BY place LIMIT (SELECT count FROM share)) taken
    ON CONFLICT (post_id, monitor_id) DO UPDATE
    SET position = excluded.position, leased_until = excluded.leased_until;
"""  # noqa: S608 - fixed fragments


def next_assignments(
    *,
    project: Project,
    monitor: User,
    count: int,
    at: datetime.datetime,
    after: int | None = None,
) -> list[Assignment]:
    """The next open posts of a monitor, with all that the desk shows of them, leased to their tab.

    ``after`` is an assignment of theirs: those behind it are given. Where their own queue is short
    the rest is taken from the pool, as far as their share goes. With a ``count`` of 0 what their
    tab holds is leased anew and nothing else happens. No post is held by more monitors than are
    asked for it, however many ask at once. Two queries at most.
    """
    bound: dict[str, Any] = {
        "project": project.pk,
        "monitor": monitor.pk,
        "count": count,
        "after": after or 0,
        "at": at,
        "until": at + LEASE_TIME,
    }
    with connection.cursor() as cursor:
        with transaction.atomic():
            may_take = False
            if count:
                cursor.execute(WAIT_FOR_A_TURN, bound)
                [may_take] = cursor.fetchone()
            cursor.execute(LEASE + (TAKE if may_take else "") + NEXT, bound)
        # The turn is over: nobody waits for what is made of the rows.
        return assignments_of(cursor.fetchall())


def release(
    *, project: Project, monitor: User, assignments: Collection[int], at: datetime.datetime
) -> int:
    """End the lease of posts that a tab held and nobody opened; how many there were."""
    held = Assignment.objects.of(project).waiting_for(monitor).order_by()
    return held.filter(pk__in=assignments, leased_until__gt=at).update(leased_until=at)
