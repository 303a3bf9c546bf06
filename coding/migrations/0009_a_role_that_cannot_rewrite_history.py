"""A role for web and worker, which may add to the history of codings and change nothing of it.

The triggers of ``append_only`` stop the owner of the tables too, but the owner can put them to
sleep. Where the migrating role may not make roles, nothing happens here: triggers alone guard the
history, and ``manage.py check --database default`` and ``verify_history`` say so.
"""

from django.db import migrations

ROLE = "daana_app"
HISTORY = [
    "coding_coding",
    "coding_mention",
    "coding_codingtopic",
    "coding_flag",
    "coding_extraanswer",
    "coding_reply",
    "coding_returnedcoding",
]

MAKE_ROLE = """
DO $do$
DECLARE
    history text;
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN;
        END IF;
    EXCEPTION
        -- Roles are of the whole server: the migration of another database was quicker.
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
            RAISE NOTICE 'the role {role} cannot be made: triggers alone guard the history';
            RETURN;
    END;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO {role}',
        current_schema()
    );
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO {role}', current_schema());
    EXECUTE format(
        'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES'
        ' TO {role}', current_schema()
    );
    EXECUTE format(
        'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO {role}',
        current_schema()
    );
    FOREACH history IN ARRAY ARRAY[{tables}] LOOP
        IF to_regclass(history) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM {role}', history);
        END IF;
    END LOOP;
END $do$
"""

# The role itself stays: other databases of the server may have it too.
TAKE_BACK = """
DO $do$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM {role}', current_schema());
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM {role}', current_schema());
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM {role}',
            current_schema()
        );
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON SEQUENCES FROM {role}',
            current_schema()
        );
    END IF;
END $do$
"""


def make_role(role: str) -> str:
    return MAKE_ROLE.format(role=role, tables=", ".join(f"'{table}'" for table in HISTORY))


class Migration(migrations.Migration):
    dependencies = [("coding", "0008_monitors_ask_and_leads_reply")]

    operations = [migrations.RunSQL(make_role(ROLE), TAKE_BACK.format(role=ROLE))]
