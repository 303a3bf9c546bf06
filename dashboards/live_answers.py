"""One answer for all who look at the same page: computed at most once in a moment.

While monitors code, the project changes many times a second and every open dashboard asks every few
seconds. Without sharing, each would have its charts drawn anew: ten of them would take from the
desk more than all its saves do. Why at all pages ask: docs/decisions/0002-live-charts.md.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

Answer = dict[str, Any]
# What nobody has asked for so long is computed anew, however new the project's last change.
_KEPT_SECONDS = 60


def shared(asked: Mapping[str, Any], compute: Callable[[Answer], Answer]) -> Answer:
    """An answer to the question, at most ``LIVE_ANSWERS_SHARED_SECONDS`` older than now.

    ``asked`` must hold everything the answer depends on but the moment. The first who asks in a
    moment computes; the others get the same, or while it is computed the one before.
    ``compute`` is given the answer before its own, empty where there is none: most of it may be as
    it was.
    """
    seconds = settings.LIVE_ANSWERS_SHARED_SECONDS
    if not seconds:
        return compute({})
    words = json.dumps(asked, sort_keys=True)
    key = f"live:{hashlib.sha256(words.encode()).hexdigest()}"
    try:
        is_first = cache.add(f"{key}:moment", 1, seconds)
        text = cache.get(key)
        known: Answer = json.loads(text) if text is not None else {}
        if is_first or not known:
            known = compute(known)
            cache.set(key, json.dumps(known, default=str), _KEPT_SECONDS)
    except RedisError:
        # Numbers must come also while the cache is away.
        return compute({})
    return known
