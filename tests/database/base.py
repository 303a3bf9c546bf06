"""Django's PostgreSQL, whose tables can be emptied between tests, the append-only ones too."""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.postgresql import base, operations

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


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Style, tables: Sequence[str], **kwargs: Any) -> list[str]:
        """Empty the tables with the triggers asleep: they refuse it, as they should elsewhere."""
        statements = super().sql_flush(style, tables, **kwargs)
        return [WAIT_FOR_OTHERS, "SET LOCAL session_replication_role = replica", *statements]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
