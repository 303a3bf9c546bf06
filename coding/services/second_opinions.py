"""A second opinion: the post goes, blind, to one more monitor."""

from django.db import connection

from coding.models import Coding

# To the monitor with the least to do, to the front of their queue. It is not part of the overlap,
# which is drawn by chance: posts somebody doubted would make agreement look worse than it is.
# Who once had it in a tab and let the lease end, or skipped it, gives no opinion.
GIVE_TO_ANOTHER = """
    INSERT INTO coding_assignment AS kept (
        project_id, post_id, monitor_id, state, position, is_overlap, is_pooled
    )
    SELECT
        %(project)s, %(post)s, member.user_id, 'open', coalesce(min(waiting.position), 0), false,
        false
    FROM monitoring_membership member
    JOIN auth_user person ON person.id = member.user_id AND person.is_active
    LEFT JOIN coding_assignment waiting ON waiting.project_id = member.project_id
        AND waiting.monitor_id = member.user_id AND waiting.state = 'open'
        AND NOT (waiting.is_pooled AND waiting.leased_until <= %(at)s)
    WHERE member.project_id = %(project)s AND member.role = 'monitor'
        AND member.user_id <> %(asker)s
        AND NOT EXISTS (
            SELECT FROM coding_assignment other
            WHERE other.post_id = %(post)s AND other.monitor_id <> %(asker)s
                AND other.state <> 'skipped'
                AND NOT (other.state = 'open' AND other.is_pooled AND other.leased_until <= %(at)s)
        )
        AND NOT EXISTS (
            SELECT FROM coding_assignment skipped
            WHERE skipped.post_id = %(post)s AND skipped.monitor_id = member.user_id
                AND skipped.state = 'skipped'
        )
    GROUP BY member.user_id
    ORDER BY count(waiting.id), member.user_id
    LIMIT 1
    ON CONFLICT (post_id, monitor_id) DO UPDATE
    SET position = excluded.position, is_pooled = false, leased_until = NULL
    WHERE kept.state = 'open'
"""


def give_to_another(asked: Coding) -> None:
    """Assign the post to one more monitor, unless another than the asker has it already."""
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE_TO_ANOTHER,
            {
                "project": asked.project_id,
                "post": asked.post_id,
                "asker": asked.coder_id,
                "at": asked.made_at,
            },
        )
