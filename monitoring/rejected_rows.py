"""The rejected rows of an import, on their way out to be mended."""

from django.http import StreamingHttpResponse

from monitoring.models import Import
from monitoring.services.examining import header_of
from monitoring.services.repairs import rows_to_mend
from monitoring.spreadsheets import csv_lines


def rejected_rows(source_import: Import) -> StreamingHttpResponse:
    """A CSV that is known again when it comes back, whatever it is called then."""
    return StreamingHttpResponse(
        csv_lines(rows_to_mend(source_import, header_of(source_import))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rejected-{source_import.pk}.csv"'},
    )
