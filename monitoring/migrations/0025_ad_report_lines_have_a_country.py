"""Lines are of the country that stands in the name of the file that brought them.

What a report of another country had written over comes back when its file is imported again.
"""

from django.db import migrations, models

OF_FILES = r"""
    UPDATE monitoring_adreportline AS line SET country = upper(report.country)
    FROM (
        SELECT id, substring(
            file_name from
            '(?i)[0-9]{4}-[0-9]{2}-[0-9]{2}_([A-Z]{2})_(?:yesterday|last_[0-9]+_days|lifelong)'
        ) AS country
        FROM monitoring_import
    ) AS report
    WHERE report.id = line.source_import_id AND report.country IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0023_merged_actors_keep_in_step")]

    operations = [
        migrations.AddField(
            model_name="adreportline",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
            preserve_default=False,
        ),
        migrations.RunSQL(OF_FILES, migrations.RunSQL.noop),
    ]
