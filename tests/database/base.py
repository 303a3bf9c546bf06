"""Django's PostgreSQL, whose tables can be emptied between tests, the append-only ones too."""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Style, tables: Sequence[str], **kwargs: Any) -> list[str]:
        """Empty the tables with the triggers asleep: they refuse it, as they should elsewhere."""
        statements = super().sql_flush(style, tables, **kwargs)
        return [
            "SET LOCAL session_replication_role = replica",
            *statements,
        ]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
