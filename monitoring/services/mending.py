"""Mend a rejected row in the browser: one row of the file that would else be downloaded."""

import csv
import datetime
import io
from collections.abc import Sequence
from typing import Any

from monitoring.importers.repair import guarded, header_to_mend
from monitoring.models import Import, RejectedRow
from monitoring.services import ledger
from monitoring.services.examining import header_of
from monitoring.services.imports import Opened, SentFile, open_import

# A row is stored in milliseconds; a worker goes on where this is not enough.
SECONDS = 10


def send_mended_row(
    *, row: RejectedRow, cells: Sequence[str], by: Any, at: datetime.datetime
) -> Opened:
    """Send a rejected row again with other cells, and load it at once.

    Whether it could be read is then seen from the row: it is gone, or has its new reason. Raises
    UnreadableFile and NotStored.
    """
    source_import: Import = row.source_import
    header = header_of(source_import)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header_to_mend(source_import.token.hex, header))
    padded = [*cells, *[""] * (len(header) - len(cells))]
    writer.writerow([row.line, row.column, row.reason, *map(guarded, padded)])
    opened = open_import(
        project=source_import.project,
        file=SentFile(f"{source_import.file_name}:{row.line}", [text.getvalue().encode()]),
        received_at=at,
        started_by=by,
    )
    ledger.work(
        project_id=source_import.project_id, import_id=opened.source_import.pk, seconds=SECONDS
    )
    return opened
