"""Cells that no spreadsheet runs."""

from typing import Any

# A spreadsheet takes a cell that begins so for a formula, also behind spaces it does not show.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = " \u00a0\u200b\u200c\u200d\u2060\ufeff"


def safe(value: Any) -> Any:
    """A cell that no spreadsheet runs; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(_UNSEEN).startswith(_FORMULA):
        return f"'{value}"
    return value
