"""A file of codings has none of posts that whoever asked for it had still to code."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboards", "0012_snapshots_keep_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="withheld",
            # A process that still runs the code of before makes files without it.
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
    ]
