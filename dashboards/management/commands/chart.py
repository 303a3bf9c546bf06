"""One chart of a project, as data."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboards.charts.lookup import all_charts, charts_called
from dashboards.exports.cells import safe
from dashboards.measures import Measures, UnknownWord
from monitoring.models import Project


class Command(BaseCommand):
    help = "Print a chart's table as CSV, or its table, figure and base as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("id", help="1 to 24, or the name of another chart")
        parser.add_argument("--format", choices=["json", "csv"], default="json")
        parser.add_argument("--out", type=Path, help="a file in place of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        found = charts_called(project, [options["id"]])
        if not found:
            known = ", ".join(chart.key for chart in all_charts(project))
            raise CommandError(f"There is no chart {options['id']}; there are: {known}.")
        chart = found[0]
        try:
            drawing = chart.draw(Measures(project))
        except UnknownWord as problem:
            raise CommandError(str(problem)) from problem
        keys = [column.key for column in drawing.columns]
        rows = [[cell.value for cell in row] for row in drawing.rows]
        path: Path | None = options["out"]
        try:
            out = path.open("w", encoding="utf-8", newline="") if path else sys.stdout
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from problem
        if options["format"] == "csv":
            lines = [[safe(value) for value in row] for row in rows]
            csv.writer(out).writerows([keys, *lines, [], [safe(drawing.base.printed)]])
        else:
            answer = {
                "number": chart.number or None,
                "id": chart.key,
                "caption": chart.caption,
                "rows": [dict(zip(keys, row, strict=True)) for row in rows],
                "figure": drawing.figure,
                "base": drawing.base.printed,
            }
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        if path:
            out.close()
