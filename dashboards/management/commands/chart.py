"""One chart of a project, as data."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboards.charts import CHARTS
from dashboards.exports.cells import safe
from dashboards.measures import Measures
from monitoring.models import Project


class Command(BaseCommand):
    help = "Print a chart's table as CSV, or its table, figure and base as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("number", type=int)
        parser.add_argument("--format", choices=["json", "csv"], default="json")
        parser.add_argument("--out", type=Path, help="a file in place of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        chart = CHARTS.get(options["number"])
        if chart is None:
            raise CommandError(f"There are charts {min(CHARTS)} to {max(CHARTS)}.")
        drawing = chart.draw(Measures(project))
        keys = [column.key for column in drawing.columns]
        rows = [[cell.value for cell in row] for row in drawing.rows]
        path: Path | None = options["out"]
        try:
            out = path.open("w", encoding="utf-8", newline="") if path else sys.stdout
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from problem
        if options["format"] == "csv":
            csv.writer(out).writerows([keys, *([safe(value) for value in row] for row in rows)])
        else:
            answer = {
                "number": chart.number,
                "caption": chart.caption,
                "rows": [dict(zip(keys, row, strict=True)) for row in rows],
                "figure": drawing.figure,
                "base": str(drawing.base),
            }
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        if path:
            out.close()
