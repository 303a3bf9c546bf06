"""An import ends without having come in whole, and says why."""

from typing import Any

from django.db.models.functions import Now

from monitoring.importers.problems import UnreadableFile
from monitoring.models import Import, ImportState


class Lost(Exception):
    """The import was ended while its file was converted."""


def fail(source_import: Import, problem: UnreadableFile, *, is_kept: bool = True) -> Import:
    """End an import that cannot go on; what it stored before stays.

    Where its file ``is_kept`` it can be resumed.
    """
    gone: dict[str, Any] = {} if is_kept else {"stored_path": ""}
    mine = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    mine.exclude(state=ImportState.CANCELLED).update(
        state=ImportState.FAILED,
        error=str(problem),
        failure={"code": problem.code, "details": problem.details},
        finished_at=Now(),
        **gone,
    )
    source_import.refresh_from_db()
    return source_import
