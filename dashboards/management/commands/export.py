"""A table of a project as a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from dashboards.exports.archive import write_archive, write_table
from dashboards.exports.formats import FORMATS, TooManyRows
from dashboards.exports.tables import TABLES
from monitoring.models import Project


class Command(BaseCommand):
    help = (
        "Write posts, codings, ads, agreement or figures to a file. A name that ends with .zip also"
        " gets the codebook and a manifest of hashes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--what", choices=list(TABLES), required=True)
        parser.add_argument(
            "--format",
            choices=list(FORMATS),
            default="csv",
            help="csv is for spreadsheets; csv-raw holds every character as it came",
        )
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--json", action="store_true", help="end with one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        out: Path = options["out"]
        chosen = {"project": project, "what": options["what"], "form": options["format"]}
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"{options['what']} → {out.name}", total=None)

            def tell(done: int, expected: int) -> None:
                bar.update(task, completed=done, total=expected)

            try:
                if out.suffix == ".zip":
                    rows = write_archive(out, **chosen, at=timezone.now(), progress=tell)
                else:
                    rows = write_table(out, **chosen, progress=tell)
            except OSError as problem:
                raise CommandError(f"{out}: {problem.strerror}") from problem
            except TooManyRows as problem:
                raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps({"rows": rows, "file": str(out)}))
        else:
            self.stdout.write(f"{rows:,} rows in {out}")
