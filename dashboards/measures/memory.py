"""What was fetched at one revision of a project serves every reader until the next.

Every change of posts, samples and codings raises the project's revision in its own transaction, so
rows that are kept under a revision are never older than it. Who the accounts belong to and which
categories are sampled may change without: that is part of the key (``shape``). Kept in the cache,
for all processes, as JSON: what is read back from a cache must not be able to run. What this
process read last it keeps as it is; nobody changes rows.
"""

import datetime
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from dashboards.measures.rows import Row

_DAYS = ("time", "day", "week", "month")


class Recent:
    """The rows that this process read last, up to so many, each until its time is over."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._rows = 0
        self._kept: OrderedDict[str, tuple[float, list[Row]]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> list[Row] | None:
        with self._lock:
            until, rows = self._kept.get(key, (0.0, []))
            if time.monotonic() >= until:
                return None
            self._kept.move_to_end(key)
            return rows

    def put(self, key: str, rows: list[Row], *, seconds: float) -> None:
        with self._lock:
            self._forget(key)
            self._kept[key] = time.monotonic() + seconds, rows
            self._rows += 1 + len(rows)
            while self._rows > self._most_rows:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._rows = 0

    def _forget(self, key: str) -> None:
        if key in self._kept:
            self._rows -= 1 + len(self._kept.pop(key)[1])


# A row is a kilobyte or two.
RECENT = Recent(most_rows=10_000)


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
        found = RECENT.get(asked)
        if found is None:
            found = self._shared(f"measures:{asked}", fetch)
            RECENT.put(asked, found, seconds=settings.MEASURES_REMEMBERED_SECONDS)
        return found

    def _shared(self, key: str, fetch: Callable[[], list[Row]]) -> list[Row]:
        """The rows that any process fetched."""
        try:
            known = cache.get(key)
            if known is not None:
                return _rows(known)
            found = fetch()
            cache.set(key, _text(found), settings.MEASURES_REMEMBERED_SECONDS)
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
