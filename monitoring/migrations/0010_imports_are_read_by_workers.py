import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0009_reconstructed_projects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='import',
            name='import_of_a_file_runs_once_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='import',
            name='import_state_is_known',
        ),
        migrations.AddField(
            model_name='import',
            name='asks',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='import',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='bytes_converted',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='import',
            name='converted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='import',
            name='day_order',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='import',
            name='failure',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='import',
            name='is_moment_assumed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='import',
            name='may_ask',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='import',
            name='unpacked_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='unpacked', to='monitoring.import'),
        ),
        migrations.AlterField(
            model_name='import',
            name='source',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='import',
            name='state',
            field=models.CharField(choices=[('received', 'received'), ('converting', 'being converted'), ('asking', 'waiting for your answer'), ('waiting', 'waiting for a worker'), ('splitting', 'being read'), ('running', 'running'), ('paused', 'paused'), ('done', 'done'), ('failed', 'failed'), ('cancelling', 'being taken back'), ('cancelled', 'cancelled')], default='waiting', max_length=10),
        ),
        migrations.AlterField(
            model_name='import',
            name='stored_path',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['received', 'converting', 'waiting', 'splitting', 'running', 'cancelling', 'paused', 'asking'])), fields=('project', 'sha256'), name='import_of_a_file_runs_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'converting', 'asking', 'waiting', 'splitting', 'running', 'paused', 'done', 'failed', 'cancelling', 'cancelled'])), name='import_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'asking'), models.Q(('asks', []), _negated=True)), models.Q(models.Q(('state', 'asking'), _negated=True), ('asks', [])), _connector='OR'), name='import_asks_while_it_waits_for_an_answer'),
        ),
    ]
