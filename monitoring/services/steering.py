"""Pause an import, let it go on, or cancel it.

Workers look at the import's state before each chunk; the chunk in work is finished. A cancelled
import's posts are taken back by workers, chunk by chunk (``taking_back``).
"""

from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from monitoring.models import UNFINISHED_STATES, ChunkState, Import, ImportState

PAUSABLE = [ImportState.WAITING, ImportState.SPLITTING, ImportState.RUNNING]
RESUMABLE = [ImportState.PAUSED, ImportState.FAILED]
CANCELLABLE = [*PAUSABLE, ImportState.PAUSED, ImportState.DONE, ImportState.FAILED]


class NotPossible(Exception):
    """The import is in a state in which this cannot be done; the state is the message."""


def pause(*, source_import: Import, by: Any) -> Import:
    """Let workers leave the import alone until it is resumed. Raises NotPossible."""
    return _change(
        source_import, PAUSABLE, state=ImportState.PAUSED, stopped_by=by, finished_at=Now()
    )


@transaction.atomic
def resume(*, source_import: Import) -> Import:
    """Let workers go on where they were, after a pause or a failure. Raises NotPossible.

    Its time goes on where it stopped too: a pause does not slow down its rows a second.
    """
    pending = source_import.chunks.filter(state=ChunkState.PENDING)
    is_split = source_import.chunks.exists()
    stood_still = ExpressionWrapper(Now() - F("finished_at"), output_field=DurationField())
    resumed = _change(
        source_import,
        RESUMABLE,
        state=ImportState.RUNNING if is_split else ImportState.WAITING,
        error="",
        offered_at=Now(),
        started_at=F("started_at") + stood_still,
        finished_at=None,
    )
    pending.update(last_enqueued_at=None, attempts=0)
    return resumed


def cancel(*, source_import: Import, by: Any) -> Import:
    """Have the import's posts taken back, and its repairs' with them. Raises NotPossible."""
    with transaction.atomic():
        cancelled = _change(
            source_import,
            CANCELLABLE,
            state=ImportState.CANCELLING,
            stopped_by=by,
            offered_at=Now(),
            finished_at=None,
            error="",
        )
        Import.objects.of(source_import.project).filter(
            repairs=source_import, state__in=UNFINISHED_STATES
        ).update(state=ImportState.CANCELLED, stopped_by=by, finished_at=Now())
    return cancelled


def _change(source_import: Import, allowed: list[ImportState], **changes: Any) -> Import:
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    with transaction.atomic():
        locked = mine.select_for_update().get()
        if locked.state not in allowed or locked.repairs_id is not None:
            raise NotPossible(locked.get_state_display())
        mine.update(**changes)
    return mine.select_related("project").get()
