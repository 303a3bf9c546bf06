"""Ask a project one question on the command line."""

import csv
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboards.measures import Measures, UnknownWord
from monitoring.models import Project


class Command(BaseCommand):
    help = "Print the rows of a measure by dimensions, filters, period and scope."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--measure", required=True)
        parser.add_argument(
            "--by", action="append", default=[], help="a dimension; may be repeated"
        )
        parser.add_argument("--where", action="append", default=[], metavar="KEY=VALUE")
        parser.add_argument("--period", default="entire")
        parser.add_argument("--scope", default="all")
        parser.add_argument("--against", default="", help="a second period, or previous")
        parser.add_argument("--format", choices=["json", "csv"], default="json")
        parser.add_argument("--json", action="store_true", help="the same as --format json")

    def handle(self, *, slug: str, **options: Any) -> None:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug}.")
        where: dict[str, list[str]] = {}
        for condition in options["where"]:
            key, sign, value = condition.partition("=")
            if not sign:
                raise CommandError(f"--where {condition}: write it as key=value.")
            where.setdefault(key, []).append(value)
        by = [name for names in options["by"] for name in names.split(",")]
        try:
            measures = Measures(project)
            result = measures.ask(
                options["measure"],
                by=by,
                where=where,
                period=options["period"],
                scope=options["scope"],
                against=options["against"],
            )
            measures.check_values(where)
        except UnknownWord as problem:
            raise CommandError(str(problem)) from problem
        if options["format"] == "csv":
            writer = csv.DictWriter(
                self.stdout, fieldnames=list(result.rows[0]) if result.rows else [*by, "value"]
            )
            writer.writeheader()
            writer.writerows(result.rows)
        else:
            self.stdout.write(json.dumps(result.rows, ensure_ascii=False))
