"""What was fetched at one revision of a project serves every reader until the next.

Every change of posts, samples and codings raises the project's revision in its own transaction, so
rows that are kept under a revision are never older than it. Who the accounts belong to and which
categories are sampled may change without: that is part of the key (``shape``). Kept as JSON: what
is read back from a cache must not be able to run.
"""

import datetime
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from dashboards.measures.rows import Row

_DAYS = ("time", "day", "week", "month")


class Memory:
    """The rows of one project at one revision; without a revision nothing is kept."""

    def __init__(self, project_id: int, revision: int | None, shape: str) -> None:
        self.beginning = f"measures:{project_id}:{revision}:{shape}"
        self.keeps = revision is not None and settings.MEASURES_REMEMBERED_SECONDS > 0

    def rows(self, question: Any, fetch: Callable[[], list[Row]]) -> list[Row]:
        """The rows of a question, fetched only where they are not known yet."""
        if not self.keeps:
            return fetch()
        asked = hashlib.sha256(f"{self.beginning}:{question!r}".encode()).hexdigest()
        try:
            known = cache.get(f"measures:{asked}")
            if known is not None:
                return _rows(known)
            found = fetch()
            cache.set(f"measures:{asked}", _text(found), settings.MEASURES_REMEMBERED_SECONDS)
        except RedisError:
            # Numbers must come also while the cache is away.
            return fetch()
        return found


def _text(rows: list[Row]) -> str:
    columns = list(rows[0]) if rows else []
    return json.dumps(
        {"columns": columns, "rows": [list(row.values()) for row in rows]}, default=str
    )


def _rows(text: str) -> list[Row]:
    kept = json.loads(text)
    columns = kept["columns"]
    rows = [dict(zip(columns, row, strict=True)) for row in kept["rows"]]
    for row in rows:
        if row.get("rate_sum") is not None:
            row["rate_sum"] = Decimal(row["rate_sum"])
        for name in _DAYS:
            if row.get(name) is not None:
                row[name] = datetime.date.fromisoformat(row[name])
    return rows
