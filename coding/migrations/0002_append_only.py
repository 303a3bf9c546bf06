"""The history of codings cannot be changed, and neither can a published codebook."""

from django.db import migrations

HISTORY = ["coding_coding", "coding_mention", "coding_codingtopic", "coding_flag"]
ENTRIES = ["coding_topic", "coding_tonegrade", "coding_flagkind"]

REFUSE = """
CREATE FUNCTION coding_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of codings is append-only: % on % was refused',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

REFUSE_PUBLISHED = """
CREATE FUNCTION coding_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_version bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM coding_codebookversion WHERE id = row_version AND state <> 'draft')
    THEN
        RAISE EXCEPTION 'a published codebook version never changes: % on % was refused',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def trigger(table: str, *, name: str, when: str, level: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {level} EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("coding", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION coding_refuse_change()"),
        *(
            trigger(
                table,
                name="append_only",
                when="BEFORE UPDATE OR DELETE OR TRUNCATE",
                level="STATEMENT",
                function="coding_refuse_change",
            )
            for table in HISTORY
        ),
        migrations.RunSQL(REFUSE_PUBLISHED, "DROP FUNCTION coding_refuse_published()"),
        *(
            trigger(
                table,
                name="published_never_changes",
                when="BEFORE INSERT OR UPDATE OR DELETE",
                level="ROW",
                function="coding_refuse_published",
            )
            for table in ENTRIES
        ),
    ]
