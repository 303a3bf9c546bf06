"""Numbers as files."""

import csv
from typing import Any

from django.http import HttpResponse

from dashboards.charts import Drawing

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: Any) -> Any:
    """A cell that no spreadsheet runs; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \u200b").startswith(_FORMULA):
        return f"'{value}"
    return value


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
