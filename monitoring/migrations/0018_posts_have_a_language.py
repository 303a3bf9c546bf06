"""Posts have a language, and the days of accounts totals of each.

Posts that are there already get theirs by the rule that new ones get it by, some thousand at a time;
their days are then added up by one statement. Imports wait meanwhile.
"""

from collections import defaultdict
from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

from monitoring.languages import language_of

LANGUAGES = [
    ("ky", "Kyrgyz"),
    ("ru", "Russian"),
    ("en", "English"),
    ("other", "another language"),
]
AT_ONCE = 5000
ADD_UP = """
    INSERT INTO monitoring_dailylanguage
        (account_id, day, language, posts, interactions, provisional_posts)
    SELECT account_id, (published_at AT TIME ZONE project.timezone)::date AS day, language, count(*),
        sum(interactions), count(*) FILTER (WHERE is_provisional)
    FROM monitoring_post AS post JOIN monitoring_project AS project ON project.id = post.project_id
    GROUP BY account_id, day, language
"""
# As migration 0017 made it, with the new table.
ANALYSE = """
    CREATE OR REPLACE FUNCTION monitoring_analyse() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        ANALYZE monitoring_post, monitoring_otherobservation, monitoring_dailytotal,
            {more} monitoring_account, monitoring_importedaccount;
    END $$
"""


def tell_languages(apps, editor):
    posts = apps.get_model("monitoring", "Post").objects.using(editor.connection.alias)
    texts = posts.exclude(text="").values_list("pk", "text").iterator(chunk_size=AT_ONCE)
    while some := list(islice(texts, AT_ONCE)):
        of_language = defaultdict(list)
        for pk, text in some:
            of_language[language_of(text)].append(pk)
        of_language.pop("", None)
        for language, pks in of_language.items():
            posts.filter(pk__in=pks).update(language=language)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0017_large_imports_are_analysed")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="language",
            field=models.CharField(blank=True, choices=LANGUAGES, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "ky", "ru", "en", "other"])),
                name="post_language_is_known",
            ),
        ),
        migrations.CreateModel(
            name="DailyLanguage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "day",
                        "language",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="daily_languages",
                        to="monitoring.account",
                    ),
                ),
                ("day", models.DateField()),
                (
                    "language",
                    models.CharField(blank=True, choices=LANGUAGES, max_length=8),
                ),
                ("posts", models.BigIntegerField(default=0)),
                ("interactions", models.BigIntegerField(default=0)),
                ("provisional_posts", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("interactions__gte", 0), ("posts__gte", 0)),
                        name="daily_language_is_not_negative",
                    )
                ],
            },
        ),
        migrations.RunPython(tell_languages, migrations.RunPython.noop),
        migrations.RunSQL(ADD_UP, migrations.RunSQL.noop),
        migrations.RunSQL(
            ANALYSE.replace("{more}", "monitoring_dailylanguage,"), ANALYSE.replace("{more}", "")
        ),
    ]
