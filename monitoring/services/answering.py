"""An import that waits for an answer gets it, and goes on where its file needs no other.

What a file leaves open is found when it is examined (``examining``); it stays in the state *asking*
until somebody has said all of it: in the browser, through the API, or by sending the file again.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from monitoring.importers import AUTO
from monitoring.importers.mapping import Mapping
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.questions import question_of
from monitoring.importers.table import Table
from monitoring.models import Import, ImportState
from monitoring.services.examining import Stated, examined, file_of, header_of, stated_of
from monitoring.services.mappings import save_mapping
from monitoring.services.received import stored
from monitoring.services.steering import NotPossible


@transaction.atomic
def answer(*, source_import: Import, stated: Stated) -> Import:
    """Take what is stated as the answers; what it leaves out stays as it was.

    Raises NotPossible where the import asks nothing (any more), and UnreadableFile where the
    answer does not fit the file; then it goes on asking.
    """
    asking = Import.objects.of(source_import.project).filter(pk=source_import.pk)
    locked = asking.select_for_update(of=("self",)).select_related("project").get()
    if locked.state != ImportState.ASKING:
        raise NotPossible(locked.get_state_display())
    text = stored(locked.stored_path)
    if not text.exists():
        raise UnreadableFile("file_gone")
    file = file_of(locked, text, locked.encoding)
    asking.update(**examined(file, _together(stated_of(locked), stated)), offered_at=Now())
    return asking.select_related("project").get()


def _together(before: Stated, now: Stated) -> Stated:
    return Stated(
        before.source if now.source == AUTO else now.source,
        now.timezone or before.timezone,
        now.exported_at or before.exported_at,
        now.mapping or before.mapping,
        now.day_order or before.day_order,
    )


@transaction.atomic
def explain(
    *, source_import: Import, mapping: Mapping, name: str, stated: Stated, made_by: Any
) -> Import:
    """Say what the columns of a table are, and keep that under ``name`` for the next such table.

    Raises as ``answer`` does, also where something stays open, and NameTaken.
    """
    explained = answer(
        source_import=source_import,
        stated=stated._replace(source=Table.source, mapping=mapping),
    )
    for left in explained.asks:
        raise question_of(left).as_refusal
    save_mapping(
        project=source_import.project,
        name=name,
        header=header_of(explained),
        mapping=mapping,
        made_by=made_by,
    )
    return explained
