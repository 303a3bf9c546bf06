"""The common pool: whoever is free takes the next posts, on a lease that ends by itself.

A post is held by those who coded or skipped it, those it was dealt to, and those whose lease is
still running. No job ends a lease: whether it is over is decided where it is asked, with the time
passed in. What somebody saves after their lease is kept all the same.
"""

import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from coding.allocation import mixed
from coding.models import SamplePost
from monitoring.models import Project

WAIT_FOR_A_TURN = """
    SET LOCAL lock_timeout = '20s';
    SELECT FROM monitoring_project WHERE id = %(project)s FOR NO KEY UPDATE
"""
LEASE = datetime.timedelta(minutes=15)

# The language of a post, roughly, by its letters; '' where it has none.
LANGUAGE = """
    CASE WHEN post.text ~* '[ңөү]' THEN 'ky' WHEN post.text ~* '[а-яё]' THEN 'ru'
        WHEN post.text ~* '[a-z]' THEN 'en' ELSE '' END
"""
# Taken posts go to the end of one's queue, so that what lies in the tab stays before them.
TAKE = f"""
    WITH free AS (
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
        WHERE sample.project_id = %(project)s
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
        ORDER BY pooled.place LIMIT %(count)s
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
    FROM free
    ON CONFLICT (post_id, monitor_id) DO UPDATE
    SET position = excluded.position, leased_until = excluded.leased_until
    RETURNING id
"""  # noqa: S608 - fixed fragments
OPEN = """
    UPDATE coding_samplepost pooled SET place = mixed.place
    FROM unnest(%(posts)s::bigint[]) WITH ORDINALITY AS mixed(id, place)
    WHERE pooled.id = mixed.id
"""


def take(*, project: Project, monitor: User, count: int, at: datetime.datetime) -> list[int]:
    """Take the next posts from the pool; the ids of the assignments, none where it is empty.

    No post is held by more monitors than are asked for it, however many take at once.
    """
    if not SamplePost.objects.in_pool_of(project).exists():
        return []
    bound: dict[str, Any] = {
        "project": project.pk,
        "monitor": monitor.pk,
        "count": count,
        "at": at,
        "until": at + LEASE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Those who take are one at a time in a project; a crowd on a slow machine waits its turn.
        cursor.execute(WAIT_FOR_A_TURN, bound)
        cursor.execute(TAKE, bound)
        return [row[0] for row in cursor.fetchall()]


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
