"""A published codebook cannot be made a draft again, nor lose entries to another version."""

from django.db import migrations

REFUSE_PUBLISHED = """
CREATE OR REPLACE FUNCTION coding_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM coding_codebookversion WHERE state <> 'draft' AND (
            (TG_OP <> 'INSERT' AND id = OLD.version_id)
            OR (TG_OP <> 'DELETE' AND id = NEW.version_id)
        )
    )
    THEN
        RAISE EXCEPTION 'a published codebook version never changes: % on % was refused',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""

# As migration 0002 made it.
REFUSE_PUBLISHED_BEFORE = """
CREATE OR REPLACE FUNCTION coding_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
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

REFUSE_RETURN = """
CREATE FUNCTION coding_refuse_return_to_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state IN (OLD.state, 'retired')
        AND (NEW.id, NEW.codebook_id, NEW.number, NEW.published_at)
            = (OLD.id, OLD.codebook_id, OLD.number, OLD.published_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published codebook version can only be retired: % was refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER published_is_final BEFORE UPDATE OR DELETE ON coding_codebookversion
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION coding_refuse_return_to_draft()
"""


class Migration(migrations.Migration):
    dependencies = [("coding", "0002_append_only")]

    operations = [
        migrations.RunSQL(REFUSE_PUBLISHED, REFUSE_PUBLISHED_BEFORE),
        migrations.RunSQL(REFUSE_RETURN, "DROP FUNCTION coding_refuse_return_to_draft()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER published_is_final ON coding_codebookversion"),
    ]
