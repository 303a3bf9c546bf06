from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0026_ad_report_lines_are_of_one_country")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="stated_encoding",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
