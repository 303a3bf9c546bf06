"""What posts and observations refer to is checked once for each statement, not row by row.

PostgreSQL checks foreign keys with a query for each row: of 50 µs that a new post cost the database,
28 were spent there. A COPY of some thousand posts refers to a few hundred accounts and to one import.
The triggers do what the keys did, and a little more:

* who inserts or changes posts or observations holds the accounts, imports and posts that these refer
  to (FOR KEY SHARE, as a foreign key does); one that is not there, or is of another project or
  platform, is refused;
* who deletes an account, an import or a post, or gives it another id, project or platform, is refused
  while rows refer to it. They look after the change, hence after waiting for those who hold the row.
"""

import django.db.models.deletion
from django.db import migrations, models

REFUSE_UNKNOWN = """
    CREATE FUNCTION monitoring_refuse_unknown() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE row record;
    BEGIN
        IF TG_TABLE_NAME = 'monitoring_post' THEN
            WITH named AS MATERIALIZED (
                SELECT DISTINCT project_id, platform, account_id, first_import_id, recounted_in_id
                FROM arrived
            ), account AS MATERIALIZED (
                SELECT id, project_id, platform FROM monitoring_account
                WHERE id IN (SELECT account_id FROM named) FOR KEY SHARE
            ), import AS MATERIALIZED (
                SELECT id, project_id FROM monitoring_import
                WHERE id IN (
                    SELECT first_import_id FROM named UNION SELECT recounted_in_id FROM named
                ) FOR KEY SHARE
            )
            SELECT named.* INTO row FROM named
            WHERE (account_id, project_id, platform) NOT IN (TABLE account)
                OR (first_import_id, project_id) NOT IN (TABLE import)
                OR recounted_in_id IS NOT NULL
                    AND (recounted_in_id, project_id) NOT IN (TABLE import)
            LIMIT 1;
        ELSE
            WITH named AS MATERIALIZED (SELECT DISTINCT post_id, source_import_id FROM arrived),
            -- By an array, or statistics that know of no post may have all of them read.
            post AS MATERIALIZED (
                SELECT id FROM monitoring_post
                WHERE id = ANY (ARRAY(SELECT post_id FROM named)) FOR KEY SHARE
            ), import AS MATERIALIZED (
                SELECT id FROM monitoring_import
                WHERE id IN (SELECT source_import_id FROM named) FOR KEY SHARE
            )
            SELECT named.* INTO row FROM named
            WHERE post_id NOT IN (TABLE post) OR source_import_id NOT IN (TABLE import) LIMIT 1;
        END IF;
        IF FOUND THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('%s refers to what is not there', TG_TABLE_NAME),
                DETAIL = row::text, TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
"""
REFUSE_TO_STRAND = """
    CREATE FUNCTION monitoring_refuse_to_strand() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE is_needed boolean;
    BEGIN
        -- An older snapshot would not show what was inserted while we waited.
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE feature_not_supported USING
                MESSAGE = format('%s: delete at READ COMMITTED', TG_TABLE_NAME);
        END IF;
        IF TG_TABLE_NAME = 'monitoring_post' THEN
            is_needed := EXISTS (
                SELECT FROM monitoring_otherobservation WHERE post_id = OLD.id
            );
        ELSIF TG_TABLE_NAME = 'monitoring_account' THEN
            is_needed := EXISTS (SELECT FROM monitoring_post WHERE account_id = OLD.id);
        ELSE
            is_needed := EXISTS (
                SELECT FROM monitoring_post WHERE OLD.id IN (first_import_id, recounted_in_id)
            ) OR EXISTS (
                SELECT FROM monitoring_otherobservation WHERE source_import_id = OLD.id
            );
        END IF;
        IF is_needed THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('%s %s is still referred to', TG_TABLE_NAME, OLD.id),
                TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$
"""
REFERRING = ("monitoring_post", "monitoring_otherobservation")
REFERRED = {
    "monitoring_post": ("id",),
    "monitoring_account": ("id", "project_id", "platform"),
    "monitoring_import": ("id", "project_id"),
}


def refuse_unknown(table: str, when: str) -> migrations.RunSQL:
    name = f"refuse_unknown_on_{when.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} REFERENCING NEW TABLE AS arrived"
        " FOR EACH STATEMENT EXECUTE FUNCTION monitoring_refuse_unknown()",
        f"DROP TRIGGER {name} ON {table}",
    )


def refuse_to_strand(table: str, keys: tuple[str, ...]) -> list[migrations.RunSQL]:
    changed = " OR ".join(f"OLD.{key} <> NEW.{key}" for key in keys)
    events = {
        "delete": "DELETE",
        "update": f"UPDATE OF {', '.join(keys)}",
    }
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER refuse_to_strand_on_{name} AFTER {event} ON {table} FOR EACH ROW"
            f" {f'WHEN ({changed})' if name == 'update' else ''}"
            " EXECUTE FUNCTION monitoring_refuse_to_strand()",
            f"DROP TRIGGER refuse_to_strand_on_{name} ON {table}",
        )
        for name, event in events.items()
    ]


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0014_reported_observations_live_in_posts")]

    operations = [
        migrations.RunSQL(REFUSE_UNKNOWN, "DROP FUNCTION monitoring_refuse_unknown()"),
        migrations.RunSQL(REFUSE_TO_STRAND, "DROP FUNCTION monitoring_refuse_to_strand()"),
        *(
            refuse_unknown(table, when)
            for table in REFERRING
            for when in ("INSERT", "UPDATE")
        ),
        *(one for table, keys in REFERRED.items() for one in refuse_to_strand(table, keys)),
        migrations.RunSQL(
            "ALTER TABLE monitoring_post DROP CONSTRAINT monitoring_post_account_id_same_project",
            "ALTER TABLE monitoring_post ADD CONSTRAINT monitoring_post_account_id_same_project"
            " FOREIGN KEY (project_id, account_id) REFERENCES monitoring_account (project_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
        ),
        migrations.AlterField(
            model_name="post",
            name="first_import",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="created_posts",
                to="monitoring.import",
            ),
        ),
    ]
