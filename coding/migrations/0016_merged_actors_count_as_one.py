"""Mentions as they count, and codings to be looked at again since two of their actors are one."""

import django.db.models.deletion
from django.db import migrations, models


# As ``coding.services.counted.counted_tones`` has it for answers that are not stored.
COUNTED = """
    CREATE VIEW coding_counted_mentions AS
    SELECT mention.id, mention.coding_id, mention.tone_id,
        coalesce(actor.merged_into_id, actor.id) AS actor_id
    FROM coding_mention mention
    JOIN monitoring_actor actor ON actor.id = mention.actor_id
    WHERE actor.merged_into_id IS NULL OR NOT EXISTS (
        SELECT FROM coding_mention other
        JOIN monitoring_actor whose ON whose.id = other.actor_id
        WHERE other.coding_id = mention.coding_id AND (
            whose.id = actor.merged_into_id
            OR whose.merged_into_id = actor.merged_into_id AND whose.id < actor.id
        )
    )
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coding', '0015_a_project_may_keep_nothing_on_computers'),
        ('monitoring', '0023_merged_actors_keep_in_step'),
    ]

    operations = [
        migrations.RunSQL(COUNTED, "DROP VIEW coding_counted_mentions"),
        migrations.CreateModel(
            name='CountedMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'db_table': 'coding_counted_mentions',
                'managed': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='recheck',
            name='recheck_is_asked_once',
        ),
        migrations.RemoveConstraint(
            model_name='recheck',
            name='recheck_reason_is_known',
        ),
        migrations.AddField(
            model_name='recheck',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='monitoring.actor'),
        ),
        migrations.AlterField(
            model_name='recheck',
            name='key',
            field=models.SlugField(blank=True),
        ),
        migrations.AlterField(
            model_name='recheck',
            name='reason',
            field=models.CharField(choices=[('split', 'divided into several'), ('redefined', 'defined anew'), ('removed', 'removed'), ('merged', 'two tones toward one actor')], max_length=9),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.UniqueConstraint(fields=('version', 'coding', 'section', 'key', 'actor'), name='recheck_is_asked_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['split', 'redefined', 'removed', 'merged'])), name='recheck_reason_is_known'),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor__isnull', False), ('reason', 'merged')), models.Q(models.Q(('reason', 'merged'), _negated=True), ('actor__isnull', True)), _connector='OR'), name='recheck_names_an_actor_where_actors_were_merged'),
        ),
    ]
