"""The report as a document: Word for leads to edit, PDF, and a page that opens from a disk.

`content` gathers it once, as words; `word`, `pdf` and `web` write it. No browser is needed.
"""

import datetime
from collections.abc import Callable

from django.utils.translation import override

from dashboards.documents.content import ChartPart, Report, gather
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
# A page has room for a caption and a base besides.
MOST_HEIGHT_MM = 205.0


def document(
    project: Project,
    *,
    form: str,
    language: str,
    at: datetime.datetime,
    progress: Progress | None = None,
) -> bytes:
    """The report of a project, ``form`` one of FORMATS, all of one moment.

    ``at`` is printed as the moment of its making. ``progress`` hears charts drawn and charts in
    all. Raises KeyError for an unknown form.
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
    charts = [part for _platform, parts in report.charts for part in parts if part.figure]
    pictures = {}
    for done, part in enumerate(charts, start=1):
        pictures[part.number] = _picture(part, form)
        if progress:
            progress(done, len(charts))
    return pictures


def _picture(part: ChartPart, form: Form) -> bytes:
    return picture(part.figure, form=form, most_height_mm=MOST_HEIGHT_MM)


__all__ = ["CONTENT_TYPES", "FORMATS", "document"]
