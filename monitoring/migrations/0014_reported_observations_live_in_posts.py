"""A post holds its reported observation itself; the others are rows of a table of their own.

``monitoring_observation`` was a table with the reported ones too, each of which was stored twice; now
it is a view of both places. The few rows that stay are copied into the new table and the old one is
dropped, so nothing is deleted row by row. Imports wait meanwhile.
"""

import django.db.models.deletion
from django.db import migrations, models

COUNTERS = """
    likes, love, wow, haha, sad, angry, care, other_reactions, comments, shares, views, views_total
"""
MOVE = """
    LOCK TABLE monitoring_post, monitoring_observation IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO monitoring_otherobservation (post_id, observed_at, source_import_id, {COUNTERS})
        SELECT post_id, observed_at, source_import_id, {COUNTERS}
        FROM monitoring_observation AS reading
        JOIN (SELECT id, counted_at FROM monitoring_post) AS post ON post.id = post_id
        WHERE observed_at <> counted_at;
    UPDATE monitoring_post AS post SET recounted_in_id = reading.source_import_id
        FROM monitoring_observation AS reading
        WHERE reading.post_id = post.id AND reading.observed_at = post.counted_at
            AND reading.source_import_id <> post.first_import_id;
    DROP TABLE monitoring_observation;
    CREATE VIEW monitoring_observation AS
        SELECT id AS post_id, counted_at AS observed_at,
            coalesce(recounted_in_id, first_import_id) AS source_import_id, {COUNTERS}
        FROM monitoring_post
        UNION ALL
        SELECT post_id, observed_at, source_import_id, {COUNTERS} FROM monitoring_otherobservation
""".replace("{COUNTERS}", COUNTERS)
MOVE_BACK = """
    CREATE TABLE monitoring_everyobservation (LIKE monitoring_otherobservation INCLUDING ALL);
    INSERT INTO monitoring_everyobservation SELECT * FROM monitoring_observation;
    DROP VIEW monitoring_observation;
    ALTER TABLE monitoring_everyobservation RENAME TO monitoring_observation;
    ALTER TABLE monitoring_observation
        ADD FOREIGN KEY (post_id) REFERENCES monitoring_post DEFERRABLE INITIALLY DEFERRED,
        ADD FOREIGN KEY (source_import_id) REFERENCES monitoring_import
            DEFERRABLE INITIALLY DEFERRED
"""


def missing(kind: type[models.Field] = models.PositiveIntegerField) -> models.Field:
    return kind(blank=True, null=True)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0013_accounts_join_the_list")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="recounted_in",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recounted_posts",
                to="monitoring.import",
            ),
        ),
        migrations.CreateModel(
            name="OtherObservation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "post_id",
                        "observed_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_observations",
                        to="monitoring.post",
                    ),
                ),
                ("observed_at", models.DateTimeField()),
                (
                    "source_import",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_observations",
                        to="monitoring.import",
                    ),
                ),
                ("likes", missing()),
                ("love", missing()),
                ("wow", missing()),
                ("haha", missing()),
                ("sad", missing()),
                ("angry", missing()),
                ("care", missing()),
                ("other_reactions", missing()),
                ("comments", missing()),
                ("shares", missing()),
                ("views", missing(models.PositiveBigIntegerField)),
                ("views_total", missing(models.PositiveBigIntegerField)),
            ],
            options={"ordering": ["observed_at"]},
        ),
        migrations.RunSQL(
            MOVE,
            MOVE_BACK,
            state_operations=[
                migrations.AlterModelOptions(
                    name="observation",
                    options={"managed": False, "ordering": ["observed_at"]},
                ),
            ],
        ),
        # The newest of a post's observations says it.
        migrations.RemoveField(model_name="post", name="last_observed_at"),
    ]
