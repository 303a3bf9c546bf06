"""One chart of a project, as data, as a picture or as a page."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from dashboards.charts.lookup import all_charts, charts_called
from dashboards.exports.charts import chart_page, chart_picture, table_csv
from dashboards.live import Drawn
from dashboards.measures import Measures, UnknownWord
from dashboards.models import ChartNote
from dashboards.pictures import FORMS, THEMES, NoPicture
from monitoring.models import Project


class Command(BaseCommand):
    help = (
        "Print a chart: its table as CSV; table, figure and base as JSON; its picture as SVG or "
        "PNG; all of it as one HTML file that opens without a network."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("slug")
        parser.add_argument("id", help="1 to 24, or the name of another chart")
        parser.add_argument("--format", choices=[*_WRITERS, *FORMS], default="json")
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)
        parser.add_argument("--theme", choices=THEMES, default="colour", help="colours of pictures")
        parser.add_argument("--out", type=Path, help="a file in place of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        form, theme = options["format"], options["theme"]
        with translation.override(options["language"]):
            one = _drawn(project, options["id"])
            if form in _WRITERS:
                content = _WRITERS[form](project, one).encode()
            else:
                content = _picture(project, one, form=form, theme=theme)
        path: Path | None = options["out"]
        if path is None:
            sys.stdout.buffer.write(content)
            return
        try:
            path.write_bytes(content)
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from problem


def _drawn(project: Project, key: str) -> Drawn:
    found = charts_called(project, [key])
    if not found:
        known = ", ".join(chart.key for chart in all_charts(project))
        raise CommandError(f"There is no chart {key}; there are: {known}.")
    try:
        drawing = found[0].draw(Measures(project))
    except UnknownWord as problem:
        raise CommandError(str(problem)) from problem
    note = ChartNote.objects.of(project).filter(chart_key=key).first()
    return Drawn(found[0], drawing, str(note or ""))


def _picture(project: Project, one: Drawn, **look: Any) -> bytes:
    try:
        return chart_picture(one, project=project, **look)
    except NoPicture as problem:
        raise CommandError(
            f"Chart {one.chart.key} is a table and has no picture: --format csv, json or html."
        ) from problem


def _json(project: Project, one: Drawn) -> str:
    keys = [column.key for column in one.drawing.columns]
    rows = [[cell.value for cell in row] for row in one.drawing.rows]
    answer = {
        "number": one.chart.number or None,
        "id": one.chart.key,
        "caption": one.caption,
        "rows": [dict(zip(keys, row, strict=True)) for row in rows],
        "figure": one.drawing.figure,
        "base": one.drawing.base.printed,
    }
    return json.dumps(answer, ensure_ascii=False) + "\n"


_WRITERS: dict[str, Callable[[Project, Drawn], str]] = {
    "json": _json,
    "csv": lambda _project, one: table_csv(one.drawing),
    "html": lambda project, one: chart_page(one, project=project),
}
