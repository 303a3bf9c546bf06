from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0021_revisions_tell_codings_from_the_rest")]

    operations = [
        migrations.AddField(
            model_name="adreportline",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
            preserve_default=False,
        ),
    ]
