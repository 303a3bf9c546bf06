"""A further kind of row: a lead takes back a settlement, and keeps what they answered as a monitor.

The new constraint allows more than the old one did, so that there is no row to be looked for: it
is only validated, which stops nobody who saves.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

KINDS = ["coding", "skip", "withdrawal", "settlement", "reversal"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("coding", "0010_posts_that_have_enough_monitors")]

    operations = [
        migrations.AlterField(
            model_name="coding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("coding", "coding"),
                    ("skip", "skip"),
                    ("withdrawal", "withdrawal"),
                    ("settlement", "settlement by a lead"),
                    ("reversal", "settlement taken back"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="coding", name="coding_kind_is_known"),
        AddConstraintNotValid(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="coding_kind_is_known"
            ),
        ),
        ValidateConstraint(model_name="coding", name="coding_kind_is_known"),
    ]
