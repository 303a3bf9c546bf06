import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0003_posts_are_guarded_by_one_key'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TableMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('mapping', models.JSONField()),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='UnmappedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=255)),
                ('stored_path', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('encoding', models.CharField(max_length=20)),
                ('timezone', models.CharField(blank=True, max_length=64)),
                ('exported_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='import',
            name='mapping',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tablemapping',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='table_mappings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tablemapping',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='monitoring.project'),
        ),
        migrations.AddField(
            model_name='unmappedtable',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='monitoring.project'),
        ),
        migrations.AddField(
            model_name='unmappedtable',
            name='sent_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='unmapped_tables', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='tablemapping',
            constraint=models.UniqueConstraint(fields=('project', 'fingerprint'), name='table_mapping_explains_a_header_once'),
        ),
        migrations.AddConstraint(
            model_name='tablemapping',
            constraint=models.UniqueConstraint(fields=('project', 'name'), name='table_mapping_name_is_unique_in_project'),
        ),
        migrations.AddConstraint(
            model_name='unmappedtable',
            constraint=models.UniqueConstraint(fields=('project', 'sha256'), name='unmapped_table_waits_once'),
        ),
    ]
