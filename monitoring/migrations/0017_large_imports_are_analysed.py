"""Web and worker may ask for statistics of the tables that imports fill.

Only their owner may analyse tables, and autovacuum comes by within a minute or two: until then every
chart of a newly imported project is ten times slower, and lists read tables from end to end.
"""

from django.db import migrations

MAKE = """
    CREATE FUNCTION monitoring_analyse() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        ANALYZE monitoring_post, monitoring_otherobservation, monitoring_dailytotal,
            monitoring_account, monitoring_importedaccount;
    END $$
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0015_posts_are_guarded_by_statement")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION monitoring_analyse()")]
