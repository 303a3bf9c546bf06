"""Reports of two countries may print one advertiser, or one place, in the same days.

The new key allows whatever the old one did. It is made before that is dropped, so that no line
comes in twice; lines wait as long as that takes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0025_ad_report_lines_have_a_country")]

    operations = [
        migrations.AddConstraint(
            model_name="adreportline",
            constraint=models.UniqueConstraint(
                fields=[
                    "project",
                    "country",
                    "covers_from",
                    "covers_to",
                    "kind",
                    "currency",
                    "advertiser",
                    "location",
                    "disclaimer",
                ],
                nulls_distinct=False,
                name="ad_report_line_is_printed_once_in_a_country",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="adreportline", name="ad_report_line_is_printed_once"
        ),
        migrations.AddConstraint(
            model_name="adreportline",
            constraint=models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="ad_report_line_country_is_a_code",
            ),
        ),
    ]
