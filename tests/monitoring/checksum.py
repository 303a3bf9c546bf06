"""All that imports leave in a project, without ids and without the order in which it came."""

from django.db import connection

from monitoring.models import Project

CHECKSUM = """
    SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
        SELECT concat_ws('|', 'post', post.native_id, account.name, type, published_at, text,
            language, interactions, counted_at, is_provisional, views) AS line
        FROM monitoring_post AS post JOIN monitoring_account AS account ON account.id = account_id
        WHERE post.project_id = %(project)s
        UNION ALL
        SELECT concat_ws('|', 'reading', post.native_id, observed_at, reading.likes,
            reading.comments)
        FROM monitoring_observation AS reading JOIN monitoring_post AS post ON post.id = post_id
        WHERE post.project_id = %(project)s
        UNION ALL
        SELECT concat_ws('|', 'day', name, day, total.type, posts, interactions, likes, rate_sum)
        FROM monitoring_dailytotal AS total JOIN monitoring_account AS account
            ON account.id = account_id
        WHERE project_id = %(project)s AND posts > 0
        UNION ALL
        SELECT concat_ws('|', 'day', name, day, total.language, posts, interactions,
            provisional_posts)
        FROM monitoring_dailylanguage AS total JOIN monitoring_account AS account
            ON account.id = account_id
        WHERE project_id = %(project)s AND posts > 0
        UNION ALL
        SELECT concat_ws('|', 'rejected', line, "column", code, reason, record)
        FROM monitoring_rejectedrow AS refused JOIN monitoring_import AS file
            ON file.id = source_import_id
        WHERE project_id = %(project)s
    ) AS lines
"""


def checksum(project: Project) -> str:
    with connection.cursor() as cursor:
        cursor.execute(CHECKSUM, {"project": project.pk})
        return str(cursor.fetchone()[0])
