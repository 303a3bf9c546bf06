"""A chart's table as a file."""

import csv

from django.http import HttpResponse

from dashboards.charts import Drawing
from dashboards.exports.cells import safe


def chart_csv(drawing: Drawing, *, file_name: str) -> HttpResponse:
    """A chart's table in UTF-8 with a byte order mark, its base in the last line."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
    writer = csv.writer(response)
    writer.writerow([column.key for column in drawing.columns])
    for row in drawing.rows:
        writer.writerow([safe(cell.value) for cell in row])
    writer.writerow([])
    writer.writerow([safe(drawing.base.printed)])
    return response
