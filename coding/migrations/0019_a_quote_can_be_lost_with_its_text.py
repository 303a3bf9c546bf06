"""Who quoted a text that was gone when their answers arrived is asked to look at the post again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coding", "0016_merged_actors_count_as_one"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="recheck",
            name="recheck_reason_is_known",
        ),
        migrations.AlterField(
            model_name="recheck",
            name="reason",
            field=models.CharField(
                choices=[
                    ("split", "divided into several"),
                    ("redefined", "defined anew"),
                    ("removed", "removed"),
                    ("merged", "two tones toward one actor"),
                    ("quote", "quote lost: the post’s text changed"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["split", "redefined", "removed", "merged", "quote"])),
                name="recheck_reason_is_known",
            ),
        ),
    ]
