from django.db import migrations, models

# What is open now was drawn from all that was changed up to now.
_AS_OF_NOW = "UPDATE monitoring_revision SET beside_codings = number"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0020_sheets_left_out_and_who_can_explain")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="beside_codings",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(_AS_OF_NOW, migrations.RunSQL.noop),
    ]
