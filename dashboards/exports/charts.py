"""A chart as a file: its table as CSV, its figure as a picture, all of it as a page."""

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from dashboards.charts import Drawing
from dashboards.exports.cells import safe
from dashboards.live import Drawn
from dashboards.pictures import Form, Theme, picture
from dashboards.pictures.colours import colours_of
from monitoring.models import Project

PICTURE_TYPES: dict[Form, str] = {"svg": "image/svg+xml", "png": "image/png"}


def table_csv(drawing: Drawing) -> str:
    """A chart's table, its base in the last line; no cell is run by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.key for column in drawing.columns])
    for row in drawing.rows:
        writer.writerow([safe(cell.value) for cell in row])
    writer.writerow([])
    writer.writerow([safe(drawing.base.printed)])
    return out.getvalue()


def chart_csv(drawing: Drawing, *, file_name: str) -> HttpResponse:
    """The table in UTF-8 with the byte order mark that Excel needs."""
    return _file("\ufeff" + table_csv(drawing), "text/csv; charset=utf-8", file_name)


def chart_picture(one: Drawn, *, project: Project, form: Form, theme: Theme = "colour") -> bytes:
    """A picture that stands alone: with its caption, its base and the project's notice.

    Raises NoPicture of a chart that is a table only.
    """
    rests_on = [one.drawing.base.printed, project.localized_notice]
    return picture(
        one.drawing.figure,
        form=form,
        theme=theme,
        caption=one.caption,
        base=" · ".join(filter(None, rests_on)),
    )


def picture_file(one: Drawn, *, project: Project, form: Form, theme: Theme) -> HttpResponse:
    """A chart's picture to be saved; raises NoPicture."""
    content = chart_picture(one, project=project, form=form, theme=theme)
    name = f"{project.slug}-chart-{one.chart.key}.{form}"
    return _file(content, PICTURE_TYPES[form], name)


def chart_page(one: Drawn, *, project: Project) -> str:
    """A chart as one HTML file that opens from a disk: nothing in it leads elsewhere."""
    figure = one.drawing.figure
    context: dict[str, Any] = {
        "one": one,
        "project": project,
        "language": get_language(),
        "colours": colours_of("colour").items(),
        # Our own SVG: its texts are escaped where it is made.
        "figure": mark_safe(picture(figure).decode()) if figure else "",  # noqa: S308
    }
    return render_to_string("dashboards/chart_file.html", context)


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
