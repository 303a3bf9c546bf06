"""The report as a document: Word for leads to edit, PDF, and a page that opens from a disk.

`gathering` collects it once, as the words and pictures of `content`; `word`, `pdf` and `web` write
it. No browser is needed. Why so: docs/decisions/0014-the-report-as-a-document.md.
"""

import datetime
from collections.abc import Callable

from django.utils.translation import override

from dashboards.documents.content import ChartPart, Report
from dashboards.documents.gathering import gather
from dashboards.moments import one_moment
from dashboards.pictures import Form, picture
from monitoring.models import Project

FORMATS = ("docx", "pdf", "html")
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
Progress = Callable[[int, int], None]
# What a page of A4 has room for, in millimetres, beside a caption, head figures and a base; a row
# of a table.
PAGE_HEIGHT = 200.0
ROW_HEIGHT = 5.0
# A longer table begins below its chart and goes on overleaf.
MOST_ROWS_BESIDE_A_CHART = 20


def document(
    project: Project,
    *,
    form: str,
    language: str,
    at: datetime.datetime,
    progress: Progress | None = None,
) -> bytes:
    """The report of a project, ``form`` one of FORMATS, all of one moment.

    ``at`` is printed as the moment of its making: but for that the same data gives the same bytes.
    ``progress`` hears charts drawn and charts in all. Raises KeyError for an unknown form, OSError
    where a picture of a case is gone from the disk.
    """
    # Each writer's library takes time to load: only who makes such a document needs it.
    from dashboards.documents import pdf, web, word

    write = {"docx": word.write, "pdf": pdf.write, "html": web.write}[form]
    with override(language):
        with one_moment():
            report = gather(project, at=at)
        pictures = drawn(report, form="png" if form == "docx" else "svg", progress=progress)
        return write(report, pictures)


def drawn(report: Report, *, form: Form, progress: Progress | None = None) -> dict[int, bytes]:
    """The pictures of the charts that have a figure, by their number."""
    charts = [part for part in report.all_charts if part.figure]
    pictures = {}
    for done, part in enumerate(charts, start=1):
        pictures[part.number] = picture(part.figure, form=form, most_height_mm=_room(part))
        if progress:
            progress(done, len(charts))
    return pictures


def _room(part: ChartPart) -> float:
    """The height that leaves a chart on one page with its table, where that is a short one."""
    rows = len(part.rows) + 1
    return PAGE_HEIGHT - (rows * ROW_HEIGHT if rows <= MOST_ROWS_BESIDE_A_CHART else 0)


__all__ = ["CONTENT_TYPES", "FORMATS", "document"]
