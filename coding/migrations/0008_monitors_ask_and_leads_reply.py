"""A monitor can ask for help with a post, and a lead replies; a request id is one project's own."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coding_reply
        FOR EACH STATEMENT EXECUTE FUNCTION coding_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("coding", "0007_returned_codings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="coding",
            name="asks",
            # A process that still runs the code of before stores rows without it.
            field=models.CharField(
                blank=True,
                choices=[("lead", "a lead should look"), ("second", "a second opinion")],
                db_default="",
                default="",
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="coding",
            name="request_id",
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AddIndex(
            model_name="coding",
            index=models.Index(
                condition=models.Q(("asks", ""), _negated=True),
                fields=["project", "-made_at"],
                name="coding_that_asks",
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.UniqueConstraint(
                fields=("project", "request_id"), name="coding_request_is_stored_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(("asks__in", ["", "lead", "second"])),
                name="coding_asks_whom_we_know",
            ),
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "coding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="coding.coding",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="reply_says_something",
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON coding_reply"),
    ]
