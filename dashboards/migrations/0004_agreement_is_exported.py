"""Agreement is one more table that leads can export."""

from django.db import migrations, models

TABLES = [
    ("posts", "Posts"),
    ("codings", "Codings"),
    ("ads", "Ads"),
    ("agreement", "Agreement"),
    ("figures", "Figures of the charts"),
]


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0003_charts_of_leads")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="what",
            field=models.CharField(choices=TABLES, max_length=10),
        ),
        migrations.RemoveConstraint(model_name="export", name="export_table_is_known"),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", [key for key, _name in TABLES])),
                name="export_table_is_known",
            ),
        ),
    ]
