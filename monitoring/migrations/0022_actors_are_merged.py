"""An actor counts as another one, and what was its own remembers whose it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

PROTECT = django.db.models.deletion.PROTECT


def of_an_actor(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=PROTECT,
        related_name=related_name,
        to="monitoring.actor",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0021_revisions_tell_codings_from_the_rest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("actor", "merged_into", of_an_actor("merged")),
        migrations.AddField("account", "merged_from", of_an_actor("accounts_before")),
        migrations.AddField("advertiser", "merged_from", of_an_actor("advertisers_before")),
        migrations.AlterField("advertiser", "actor", of_an_actor("advertisers")),
        migrations.AddConstraint(
            "actor",
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="actor_is_not_merged_into_itself"
            ),
        ),
        *(
            migrations.AddConstraint(
                name,
                models.CheckConstraint(
                    condition=Q(merged_from__isnull=True) | Q(actor__isnull=False),
                    name=f"{name}_of_a_merged_actor_has_an_actor",
                ),
            )
            for name in ("account", "advertiser")
        ),
        migrations.CreateModel(
            name="Merging",
            fields=[
                (
                    "actor",
                    models.OneToOneField(
                        on_delete=PROTECT,
                        primary_key=True,
                        related_name="merging",
                        serialize=False,
                        to="monitoring.actor",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="mergings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="mergings", to="monitoring.actor"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="%(class)ss",
                        to="monitoring.project",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
