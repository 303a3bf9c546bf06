"""Statements of SQL put together out of names of our own; what comes from outside is a value."""

from collections.abc import Iterable

from psycopg2.sql import SQL


def statement(text: str, **parts: SQL) -> str:
    """The text of a statement, in which braces name its parts."""
    return SQL(text).format(**parts).as_string(None)


def listed(names: Iterable[str], template: str = "{}", separator: str = ", ") -> SQL:
    """Names one after the other, each put into a template."""
    return SQL(separator.join(template.replace("{}", name) for name in names))
