"""When an account joined the list, since when an export is said to be of it, and searches."""

import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0009_reconstructed_projects")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="joined_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False
            ),
        ),
        migrations.AddField(
            model_name="statedcoverage",
            name="stated_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False
            ),
        ),
        migrations.AlterField(
            model_name="statedcoverage",
            name="accounts",
            field=models.CharField(
                choices=[
                    ("nobody", "nobody: it is a search or a capture"),
                    ("file", "only the accounts that have posts in it"),
                    ("list", "all monitored accounts of its platform"),
                    ("category", "all monitored accounts of a category on its platform"),
                ],
                default="file",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="statedcoverage", name="stated_coverage_is_known"
        ),
        migrations.AddConstraint(
            model_name="statedcoverage",
            constraint=models.CheckConstraint(
                condition=Q(accounts__in=["nobody", "file", "list", "category"]),
                name="stated_coverage_is_known",
            ),
        ),
        # When the accounts of before joined nobody knows: they stay covered as they were.
        migrations.RunSQL(
            """
            UPDATE monitoring_account AS account SET joined_at = project.created_at
            FROM monitoring_project AS project WHERE project.id = account.project_id
            """,
            migrations.RunSQL.noop,
        ),
    ]
