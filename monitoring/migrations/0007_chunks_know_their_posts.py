"""Chunks that were loaded before chunks knew the ids of their posts get those of their import."""

from django.db import migrations

FILL = """
    UPDATE monitoring_importchunk AS chunk SET first_post = posts.first, last_post = posts.last
    FROM (
        SELECT first_import_id, min(id) AS first, max(id) AS last
        FROM monitoring_post GROUP BY first_import_id
    ) AS posts
    WHERE chunk.source_import_id = posts.first_import_id AND chunk.rows_created > 0
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_imports_are_steered_and_repaired")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
