"""A lead may give answers back to their author; like the history, that is never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coding", "0006_counted_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnedCoding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("coding", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="coding.coding")),
                ("lead", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="returned_codings", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("note", ""), _negated=True), name="returned_coding_says_why")],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coding_returnedcoding"
            " FOR EACH STATEMENT EXECUTE FUNCTION coding_refuse_change()",
            "DROP TRIGGER append_only ON coding_returnedcoding",
        ),
    ]
