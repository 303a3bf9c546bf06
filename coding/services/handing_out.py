"""Handing a monitor their next posts: their own first, then their share of the common pool.

What comes of one asking is two statements, whatever the branch: one that leases and takes, one that
reads. A tab asks for some forty posts ahead; near the end of the pool nobody gets more than a fair
share of what is left, so that no post lies unopened with one while others find nothing.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from coding.models import Assignment
from coding.services.pool import LEASE
from monitoring.models import Project

# The language of a post, roughly, by its letters; '' where it has none.
LANGUAGE = """
    CASE WHEN post.text ~* '[ңөү]' THEN 'ky' WHEN post.text ~* '[а-яё]' THEN 'ru'
        WHEN post.text ~* '[a-z]' THEN 'en' ELSE '' END
"""
# The next posts of the person's own queue, behind the one named.
MINE = """
    SELECT waiting.id FROM coding_assignment waiting
    WHERE waiting.project_id = %(project)s AND waiting.monitor_id = %(monitor)s
        AND waiting.state = 'open'
        AND NOT (waiting.is_pooled AND waiting.leased_until <= %(at)s)
        AND (waiting.position, waiting.id) > (COALESCE((
            SELECT position FROM coding_assignment
            WHERE id = %(after)s AND project_id = %(project)s AND monitor_id = %(monitor)s
        ), -1), %(after)s)
    ORDER BY waiting.position, waiting.id LIMIT %(count)s
"""
# Those who take are one at a time in a project; a crowd on a slow machine waits its turn. Nobody
# waits where there is no pool, or whose own queue is long enough. Whoever did not wait may not
# take: the queue may be shorter a statement later.
WAIT_FOR_A_TURN = f"""
    SET LOCAL lock_timeout = '20s';
    WITH turn AS (
        SELECT FROM monitoring_project project
        WHERE project.id = %(project)s
            AND %(count)s > (SELECT count(*) FROM ({MINE}) mine)
            AND EXISTS (
                SELECT FROM coding_samplepost pooled
                JOIN coding_sample sample ON sample.id = pooled.sample_id
                WHERE sample.project_id = %(project)s
                    AND pooled.place IS NOT NULL AND pooled.left_at IS NULL
            )
        FOR NO KEY UPDATE
    )
    SELECT set_config('daana.has_turn', count(*)::text, TRUE) FROM turn;
"""  # noqa: S608 - fixed fragments
# Taken posts go to the end of one's queue, so that what lies in the tab stays before them. A share
# is what lies in all tabs and what is free, by those at work and one who may come, rounded up: who
# has nothing gets one. Of the free ones only as many are looked at as can change it.
LEASE_AND_TAKE = f"""
    WITH mine AS ({MINE}),
    leased AS (
        UPDATE coding_assignment SET leased_until = %(until)s
        WHERE project_id = %(project)s AND monitor_id = %(monitor)s AND (
            id IN (SELECT id FROM mine)
            OR (is_pooled AND state = 'open' AND leased_until > %(at)s)
        )
    ),
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
        -- By key for each post, whatever the statistics say.
        CROSS JOIN LATERAL (
            SELECT count(*) AS monitors, bool_or(monitor_id = %(monitor)s) AS by_me
            FROM coding_assignment
            WHERE post_id = pooled.post_id
                AND NOT (state = 'open' AND is_pooled AND leased_until <= %(at)s)
        ) held
        WHERE current_setting('daana.has_turn') = '1'
            AND sample.project_id = %(project)s
            AND pooled.place IS NOT NULL AND pooled.left_at IS NULL
            AND held.monitors < COALESCE(overlap.coders, 1)
            AND held.by_me IS NOT TRUE
            AND (workload.id IS NULL OR (
                workload.share > 0
                AND (workload.categories = '{{}}' OR category.key = ANY(workload.categories))
                AND (workload.languages = '{{}}' OR (
                    SELECT {LANGUAGE} FROM monitoring_post post WHERE post.id = pooled.post_id
                ) IN (SELECT '' UNION ALL SELECT unnest(workload.languages)))
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
    SET position = excluded.position, leased_until = excluded.leased_until
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
    asked for it, however many ask at once. Two queries.
    """
    lease_and_take(project=project, monitor=monitor, count=count, at=at, after=after)
    if not count:
        return []
    waiting = Assignment.objects.of(project).waiting_for(monitor).held(at)
    mine = waiting if after is None else waiting.after(after)
    mine = mine.with_base_number().with_note_of_return()
    return list(mine.select_related("post__account__actor__category")[:count])


def lease_and_take(
    *,
    project: Project,
    monitor: User,
    count: int,
    at: datetime.datetime,
    after: int | None = None,
) -> None:
    """Lease the next posts of a monitor, and take from the pool what they lack. One query."""
    bound: dict[str, Any] = {
        "project": project.pk,
        "monitor": monitor.pk,
        "count": count,
        "after": after or 0,
        "at": at,
        "until": at + LEASE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WAIT_FOR_A_TURN + LEASE_AND_TAKE, bound)


def release(
    *, project: Project, monitor: User, assignments: Collection[int], at: datetime.datetime
) -> int:
    """End the lease of posts that a tab held and nobody opened; how many there were."""
    held = Assignment.objects.of(project).waiting_for(monitor).order_by()
    return held.filter(pk__in=assignments, leased_until__gt=at).update(leased_until=at)
