"""The worker's doors to imports. Ids travel, not objects; lost hints are made up for by a sweep."""

import datetime
import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from monitoring.models import UNREAD_STATES, Import
from monitoring.services import ledger
from monitoring.services.converting import convert
from monitoring.services.leftovers import remove_leftovers

logger = logging.getLogger(__name__)

# One turn at an import; then other imports have theirs.
SECONDS = 20
# How many workers are asked to share a file.
HANDS = 4
# Each job is a sign of life. Sweeps come every 20 seconds; a busy worker may miss two of them.
_SIGN_OF_LIFE, _SECONDS_OF_LIFE = "worker-did-a-job", 60
QUIET = datetime.timedelta(seconds=10)


@shared_task
def run_import(*, project_id: int, import_id: int, hands: int = 1) -> None:
    """Work on an import for one turn; the first worker calls others when the file is split."""
    _live()
    one = ledger.find(project_id=project_id, import_id=import_id)
    if one.state in UNREAD_STATES:
        _publish_task(convert_import, project_id=project_id, import_id=import_id)
        return
    ledger.begin(project_id=project_id, import_id=import_id)
    for _hand in range(hands - 1):
        _publish(project_id=project_id, import_id=import_id)
    if ledger.work(project_id=project_id, import_id=import_id, seconds=SECONDS):
        _publish(project_id=project_id, import_id=import_id)


@shared_task(soft_time_limit=540, time_limit=570)  # below the visibility timeout of the broker
def convert_import(*, project_id: int, import_id: int) -> None:
    """Convert or unpack a file, which cannot be shared; then all may work on what is in it."""
    _live()
    one = ledger.find(project_id=project_id, import_id=import_id)
    if one.state in UNREAD_STATES and convert(source_import=one, sign=_live):
        for found in (one, *one.unpacked.all()):
            _publish(project_id=project_id, import_id=found.pk, hands=HANDS)


@shared_task
def sweep_imports() -> None:
    """Ask for work on every import that stands still, whatever made it stand still."""
    _live()
    for project_id, import_id in ledger.unattended(quiet=QUIET):
        _publish(project_id=project_id, import_id=import_id, hands=HANDS)


@shared_task
def sweep_leftovers() -> None:
    """Remove files that were received and belong to nothing."""
    _live()
    remove_leftovers(now=timezone.now())


def _live() -> None:
    with suppress(RedisError):
        cache.set(_SIGN_OF_LIFE, True, timeout=_SECONDS_OF_LIFE)


def has_worker() -> bool:
    """Whether a worker has done a job within the last minute; not, while the queue is down."""
    try:
        return bool(cache.get(_SIGN_OF_LIFE))
    except RedisError:
        return False


@worker_ready.connect
def sweep_at_start(**_signal: Any) -> None:
    _publish_task(sweep_imports)


def enqueue(source_import: Import) -> None:
    """Ask the workers to begin, once the import is committed; it waits if the queue is down."""
    transaction.on_commit(
        partial(
            _publish,
            project_id=source_import.project_id,
            import_id=source_import.pk,
            hands=HANDS,
        )
    )


def enqueue_open(imports: Iterable[Import]) -> None:
    """Offer those of the imports in which there is work."""
    for one in imports:
        if one.is_open:
            enqueue(one)


def ask_again(source_import: Import) -> None:
    """Ask for work on an import that stands still; however often this is called, twice a minute."""
    try:
        is_due = cache.add(f"asked-again-{source_import.pk}", True, timeout=30)
    except RedisError:
        return
    if is_due:
        _publish(project_id=source_import.project_id, import_id=source_import.pk, hands=HANDS)


def _publish(**arguments: int) -> None:
    _publish_task(run_import, **arguments)


def _publish_task(task: Any, **arguments: int) -> None:
    try:
        task.apply_async(kwargs=arguments, retry=False)
    except (BrokerError, RedisError, OSError) as problem:
        logger.warning("the queue is not reachable, the sweeper will ask again: %s", problem)
