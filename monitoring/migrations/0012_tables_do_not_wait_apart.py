from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0011_tables_that_wait_are_imports")]

    operations = [migrations.DeleteModel(name="UnmappedTable")]
