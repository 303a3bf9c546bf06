"""What a load balancer or an operator asks: can this process do its work now?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the broker answer, 503 when one of them does not."""
    parts = {"database": database_answers(), "broker": broker_answers()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as problem:
        logger.warning("the database does not answer: %s", problem)
        return False
    return True


def broker_answers() -> bool:
    """The cache lives in the broker's Redis, so a look into the one is an answer of the other."""
    try:
        cache.get("healthz")
    except RedisError as problem:
        logger.warning("the broker does not answer: %s", problem)
        return False
    return True
