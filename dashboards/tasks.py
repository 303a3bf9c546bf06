"""The worker's doors to exports."""

import datetime
import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_ready
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from dashboards.exports import jobs
from dashboards.models import Export, ExportState

logger = logging.getLogger(__name__)

QUIET = datetime.timedelta(seconds=15)
LEFT_BEHIND = 2 * jobs.LONGEST


# Longer than other tasks may last: a large table takes its time.
@shared_task(soft_time_limit=jobs.LONGEST.seconds, time_limit=jobs.LONGEST.seconds + 60)
def make_export(*, export_id: int) -> None:
    """Make a file that was asked for."""
    try:
        jobs.run(export_id=export_id)
    except SoftTimeLimitExceeded:
        jobs.give_up_late(export_id=export_id)


@shared_task
def sweep_exports() -> None:
    """Offer every file that waits again, whatever made it wait; remove what was left half made."""
    jobs.sweep_files(older_than=timezone.now() - LEFT_BEHIND)
    for export_id in jobs.unattended(older_than=timezone.now() - QUIET):
        _publish(make_export, export_id=export_id)


@worker_ready.connect
def sweep_at_start(**_signal: Any) -> None:
    _publish(sweep_exports)


def offer_again(exports: Iterable[Export]) -> None:
    """For whoever looks at files that wait: the beat that would offer them may be down itself."""
    waiting = [one.pk for one in exports if one.state == ExportState.WAITING]
    late = jobs.unattended(older_than=timezone.now() - QUIET) if waiting else []
    for export_id in set(late) & set(waiting):
        try:
            is_time = cache.add(f"export-{export_id}-offered", 1, QUIET.seconds)
        except RedisError:
            return
        if is_time:
            _publish(make_export, export_id=export_id)


def enqueue(export: Export) -> None:
    """Ask the workers to make it, once the wish is committed; it waits if the queue is down."""
    transaction.on_commit(partial(_publish, make_export, export_id=export.pk))


def _publish(task: Any, **arguments: int) -> None:
    try:
        task.apply_async(kwargs=arguments, retry=False)
    except (BrokerError, RedisError, OSError) as problem:
        logger.warning("the queue is not reachable, the sweeper will ask again: %s", problem)
