"""Texts as PostgreSQL's literal of an array: the driver takes five times as long for a list."""

from collections.abc import Collection


def array_of(texts: Collection[str]) -> str:
    """The literal, to be cast to ``text[]``."""
    if not texts:
        return "{}"
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
        joined = '","'.join(escaped)
    return f'{{"{joined}"}}'
