"""Pause an import, let it go on, or cancel it.

Workers look at the import's state before each chunk; the chunk in work is finished. A cancelled
import's posts are taken back by workers, chunk by chunk (``taking_back``).
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from monitoring.models import UNFINISHED_STATES, UNREAD_STATES, ChunkState, Import, ImportState
from monitoring.services.received import clear, forget, stored

_PAUSABLE = (ImportState.WAITING, ImportState.SPLITTING, ImportState.RUNNING)
_RESUMABLE = (ImportState.PAUSED, ImportState.FAILED)
_CANCELLABLE = (
    *UNREAD_STATES,
    ImportState.ASKING,
    *_PAUSABLE,
    ImportState.PAUSED,
    ImportState.DONE,
    ImportState.FAILED,
)


def may_pause(one: Import) -> bool:
    return one.state in _PAUSABLE


def may_resume(one: Import) -> bool:
    """Whether it can go on; not where nothing is kept of its file."""
    return one.state in _RESUMABLE and bool(one.stored_path)


def may_cancel(one: Import) -> bool:
    """Whether there is something to take back, or to give up; not where nothing is kept of it."""
    return one.state in _CANCELLABLE and bool(one.stored_path)


class NotPossible(Exception):
    """The import is in a state in which this cannot be done; the state is the message."""


def pause(*, source_import: Import, by: Any) -> Import:
    """Let workers leave the import alone until it is resumed. Raises NotPossible."""
    return _change(
        source_import, may_pause, state=ImportState.PAUSED, stopped_by=by, finished_at=Now()
    )


@transaction.atomic
def resume(*, source_import: Import) -> Import:
    """Let workers go on where they were, after a pause or a failure. Raises NotPossible.

    Its time goes on where it stopped too: a pause does not slow down its rows a second.
    """
    pending = source_import.chunks.filter(state=ChunkState.PENDING)
    before = ImportState.RECEIVED if source_import.is_unread else ImportState.WAITING
    is_split = source_import.chunks.exists()
    stood_still = ExpressionWrapper(Now() - F("finished_at"), output_field=DurationField())
    resumed = _change(
        source_import,
        may_resume,
        state=ImportState.RUNNING if is_split else before,
        attempts=0,
        error="",
        failure={},
        offered_at=Now(),
        started_at=F("started_at") + stood_still,
        finished_at=None,
    )
    pending.update(last_enqueued_at=None, attempts=0)
    return resumed


def cancel(*, source_import: Import, by: Any) -> Import:
    """Have the import's posts taken back, and its repairs' with them. Raises NotPossible.

    Where nothing has come in yet it is cancelled at once, and its file is not kept.
    """
    said = {"stopped_by": by, "error": "", "failure": {}}
    with suppress(NotPossible):
        return _give_up(source_import, finished_at=Now(), asks=[], **said)
    with transaction.atomic():
        cancelled = _change(
            source_import,
            may_cancel,
            state=ImportState.CANCELLING,
            offered_at=Now(),
            finished_at=None,
            **said,
        )
        Import.objects.of(source_import.project).filter(
            repairs=source_import, state__in=UNFINISHED_STATES
        ).update(state=ImportState.CANCELLED, stopped_by=by, finished_at=Now())
    return cancelled


def _give_up(source_import: Import, **changes: Any) -> Import:
    """Cancel an import whose file nobody has begun to load. Raises NotPossible."""
    given_up = _change(source_import, _has_not_begun, state=ImportState.CANCELLED, **changes)
    path = stored(given_up.stored_path)
    Import.objects.of(given_up.project).filter(pk=given_up.pk).update(stored_path="")
    given_up.stored_path = ""
    if given_up.is_unread:
        clear(path)
    else:
        forget(path)
    return given_up


def _has_not_begun(one: Import) -> bool:
    return may_cancel(one) and (one.is_unread or one.state == ImportState.ASKING)


def _change(source_import: Import, allows: Callable[[Import], bool], **changes: Any) -> Import:
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    with transaction.atomic():
        locked = mine.select_for_update().get()
        if not allows(locked) or locked.repairs_id is not None:
            raise NotPossible(locked.get_state_display())
        mine.update(**changes)
    return mine.select_related("project").get()
