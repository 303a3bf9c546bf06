"""Mended rows come back: what they bring in belongs to the import that had refused them.

A repair is a file, and an import of its own that ``repairs`` another. Each of its rows that can be
read now leaves the other's rejected rows, and moves from its rejected count to what it became.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import F

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.reading import Reader, rows_of
from monitoring.importers.records import BadRow
from monitoring.importers.repair import Repair, guarded, header_to_mend, token_of
from monitoring.models import Import, Project, RejectedRow
from monitoring.services.loading import Counts


def repaired_import(project: Project, header: Sequence[str]) -> Import | None:
    """The import whose rows a file holds; None for any other file. Raises UnreadableFile."""
    token = token_of(header)
    if token is None:
        return None
    found = Import.objects.of(project).filter(token=token, repairs=None).first()
    if found is None:
        raise UnreadableFile("repair_unknown")
    if found.is_cancelled:
        raise UnreadableFile("repair_cancelled", name=found.file_name)
    return found


def rows_to_mend(source_import: Import, header: Sequence[str]) -> Iterator[list[str]]:
    """The file of an import's rejected rows, its header first."""
    yield header_to_mend(source_import.token.hex, header)
    rows = RejectedRow.objects.filter(source_import=source_import)
    for row in rows.iterator(chunk_size=500):
        cells = rejected_cells(row, source_import.delimiter)
        yield [str(row.line), row.column, row.reason, *map(guarded, cells)]


def rejected_cells(row: RejectedRow, delimiter: str) -> list[str]:
    """The cells of a refused record, or the record itself where it cannot be taken apart."""
    try:
        records = list(rows_of(row.record, delimiter=delimiter))
    except csv.Error:
        return [row.record]
    return records[0] if len(records) == 1 else [row.record]


def repair_reader(source_import: Import, reader: Reader, header: Sequence[str]) -> Repair:
    """A reader of the rows that are still refused. Repairs of one import take turns at this."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('repairs'), %s::int)", [source_import.repairs_id]
        )
    refused = RejectedRow.objects.filter(source_import_id=source_import.repairs_id)
    original = Import.objects.of(source_import.project).filter(repaired_by=source_import)
    delimiter = original.values_list("delimiter", flat=True).get()

    def before(line: int) -> list[str]:
        return rejected_cells(refused.get(line=line), delimiter)

    return Repair(reader, header, set(refused.values_list("line", flat=True)), before)


def settle_repair(
    *, repair: Import, reader: Repair, counts: Counts, bad: list[BadRow]
) -> list[BadRow]:
    """Move what a chunk of a repair mended. Returns the bad rows that are the repair's own.

    A row that is still refused keeps its place in the first import, with the new cells and reason.
    """
    original = Import.objects.of(repair.project).filter(repaired_by=repair)
    refused = RejectedRow.objects.filter(source_import_id=repair.repairs_id)
    left, _tables = refused.filter(line__in=list(reader.mended)).delete()
    original.update(
        rows_rejected=F("rows_rejected") - left,
        rows_created=F("rows_created") + counts.created,
        rows_updated=F("rows_updated") + counts.updated,
        rows_unchanged=F("rows_unchanged") + left - counts.created - counts.updated,
        rows_waiting=F("rows_waiting") + counts.waiting,
    )
    own = []
    delimiter = original.values_list("delimiter", flat=True).get()
    for row in bad:
        cells = next(rows_of(row.record, delimiter=repair.delimiter), [])
        line = reader.line_of(cells)
        if line in reader.waiting and line not in reader.mended:
            record = as_record(reader.own_cells(cells), delimiter)
            refused.filter(line=line).update(
                column=row.column, code=row.code, reason=row.reason, record=record
            )
        else:
            own.append(row)
    return own


def as_record(cells: Sequence[str], delimiter: str) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return written.getvalue().removesuffix("\n")


def repairs_of(source_import: Import) -> list[Import]:
    """The repairs that were sent for an import, the newest first."""
    mine = Import.objects.of(source_import.project).filter(repairs=source_import)
    return list(mine.select_related("started_by").order_by("-pk"))
