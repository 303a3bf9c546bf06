"""An import that waits for an answer gets it, and goes on where its file needs no other.

What a file leaves open is found when it is examined (``examining``); it stays in the state *asking*
until somebody has said all of it: in the browser, through the API, or by sending the file again.
"""

from contextlib import suppress
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from monitoring.importers import AUTO
from monitoring.importers.mapping import Mapping
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.questions import question_of
from monitoring.importers.table import Table
from monitoring.models import Import, ImportState
from monitoring.services.examining import Stated, examined, file_of, header_of, stated_of
from monitoring.services.mappings import save_mapping
from monitoring.services.received import forget, stored
from monitoring.services.rereading import reread_as
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
    before = stored(locked.stored_path)
    if not before.exists():
        raise UnreadableFile("file_gone")
    with reread_as(locked, stated.encoding) as (text, encoding):
        file = file_of(locked, text, encoding)
        fields = examined(file, _together(stated_of(locked), stated))
        if stated.timezone:
            _refuse_refuted(fields["asks"])
        asking.update(**fields, offered_at=Now())
    if text != before:
        transaction.on_commit(partial(forget, before))
    return asking.select_related("project").get()


def answer_all(*, source_import: Import, stated: Stated, alike: bool) -> list[Import]:
    """Answer for an import, and where that is wished for all that ask ``alike``; those answered.

    One of the others that the answer does not fit goes on asking; an encoding is for those that
    were read in the same. For the import itself raises as ``answer``.
    """
    others = asking_alike(source_import) if alike else []
    answered = [answer(source_import=source_import, stated=stated)]
    for other in others:
        with suppress(NotPossible, UnreadableFile):
            is_same = other.encoding == source_import.encoding
            said = stated if is_same else stated._replace(encoding="")
            answered.append(answer(source_import=other, stated=said))
    return answered


def asking_alike(source_import: Import) -> list[Import]:
    """The other files of the same archive that ask the same."""
    archive = source_import.unpacked_from_id or source_import.pk
    of_archive = Import.objects.of(source_import.project).filter(
        Q(pk=archive) | Q(unpacked_from=archive), state=ImportState.ASKING
    )
    asked = _asked(source_import)
    others = of_archive.exclude(pk=source_import.pk).select_related("project").order_by("pk")
    return [one for one in others if _asked(one) == asked]


def _asked(one: Import) -> list[tuple[str, str, str]]:
    """What an import asks, whatever its own rows print."""
    return [
        (question.about, question.code, str(question.details.get("abbreviation", "")))
        for question in map(question_of, one.asks)
    ]


def _refuse_refuted(asks: list[dict[str, Any]]) -> None:
    """An answer that the file contradicts is none. Raises UnreadableFile."""
    for question in map(question_of, asks):
        if question.is_refutation:
            raise question.as_refusal


def _together(before: Stated, now: Stated) -> Stated:
    return Stated(
        before.source if now.source == AUTO else now.source,
        now.timezone or before.timezone,
        now.exported_at or before.exported_at,
        now.mapping or before.mapping,
        now.day_order or before.day_order,
        now.encoding or before.encoding,
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
