"""Imports name the sheets they left out, and know whether their sender can explain columns."""

from django.db import migrations, models

# Whoever could be asked was in the browser.
COPY = "UPDATE monitoring_import SET may_explain = true WHERE may_ask"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0019_posts_are_unique_on_their_platform")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="left_out",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="import",
            name="may_explain",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
