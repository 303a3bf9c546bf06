"""Django's PostgreSQL, whose tables can be emptied between tests, the append-only ones too."""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.postgresql import base, operations

from tests.database.creation import DatabaseCreation

# A page may still be asking for something when its test has ended; emptying the tables under such
# a request would be a deadlock.
WAIT_FOR_OTHERS = """
DO $$ BEGIN
    FOR look IN 1..200 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND backend_type = 'client backend' AND state <> 'idle'
        );
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$
"""


# TRUNCATE gives each table and each of its indexes a new file, which the disk must know of: half a
# second for a test that wrote ten rows. Beyond so many rows a new file is quicker.
EMPTY = """
DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY[{tables}] LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""
# Made by migrations once and changed by no test: kept, so that nothing has to make them again.
KEPT = {"django_content_type", "auth_permission"}
MANY_ROWS = "SELECT coalesce(max(n_live_tup), 0) FROM pg_stat_user_tables"
FEW_ROWS = 20_000


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Style, tables: Sequence[str], **kwargs: Any) -> list[str]:
        """Empty the tables with the triggers asleep: they refuse it, as they should elsewhere."""
        tables = [table for table in tables if table not in KEPT]
        if kwargs.get("reset_sequences") or self._holds_much():
            statements = super().sql_flush(style, tables, **kwargs)
        else:
            names = ", ".join(f"'{table}'" for table in tables)
            statements = [EMPTY.format(tables=names)]
        return [WAIT_FOR_OTHERS, "SET LOCAL session_replication_role = replica", *statements]

    def _holds_much(self) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(MANY_ROWS)
            return bool(cursor.fetchone()[0] > FEW_ROWS)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    creation_class = DatabaseCreation
