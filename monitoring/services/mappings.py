"""Tables of no known kind: kept until somebody says what their columns are, and what was said."""

from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from monitoring.importers.files import Table as TableText
from monitoring.importers.files import table_of
from monitoring.importers.guessing import guess
from monitoring.importers.mapping import Mapping, fingerprint, mapping_of
from monitoring.importers.reading import Piece, first_cells, piece_of
from monitoring.models import Import, Project, TableMapping
from monitoring.services.received import stored

_TRIAL_BYTES = 1 << 18
SHOWN_ROWS = 8


class Preview(NamedTuple):
    """The beginning of a table that waits, and what its columns may be."""

    table: TableText
    rows: list[list[str]]
    guessed: Mapping


class NameTaken(Exception):
    """Another table's mapping has this name."""


def kept_mapping(project: Project, header: tuple[str, ...]) -> Mapping | None:
    """What somebody said of such a table before."""
    kept = TableMapping.objects.of(project).filter(fingerprint=fingerprint(header)).first()
    return mapping_of(kept.mapping) if kept else None


def save_mapping(
    *, project: Project, name: str, header: tuple[str, ...], mapping: Mapping, made_by: Any
) -> TableMapping:
    """Keep the mapping of a header in place of an earlier one. Raises NameTaken."""
    others = TableMapping.objects.of(project).exclude(fingerprint=fingerprint(header))
    with transaction.atomic():
        if others.filter(name=name).exists():
            raise NameTaken(name)
        kept, _made = TableMapping.objects.of(project).update_or_create(
            project=project,
            fingerprint=fingerprint(header),
            defaults={
                "name": name,
                "mapping": mapping.as_dict(),
                "made_by": made_by,
                "changed_at": Now(),
            },
        )
    return kept


def forget(*, kept: TableMapping) -> None:
    """Ask again about such tables; imports that were made with it keep their copy."""
    kept.delete()


def preview_of(waiting: Import) -> Preview:
    """The first rows and a guess. Raises UnreadableFile and OSError where the file is gone."""
    text = stored(waiting.stored_path)
    table = table_of(text, waiting.encoding)
    rows = first_cells(trial_piece(text, table), most=SHOWN_ROWS)
    return Preview(table, rows, guess(table.header, rows))


def trial_piece(text: Path, table: TableText) -> Piece:
    """The first rows of a table; the last may be cut off."""
    with text.open("rb") as file:
        file.seek(table.body_from)
        data = file.read(_TRIAL_BYTES)
    return piece_of(table, data, table.first_line)
