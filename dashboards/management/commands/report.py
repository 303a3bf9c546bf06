"""The report of a project as a document."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from dashboards.documents import FORMATS, document
from monitoring.models import Project


class Command(BaseCommand):
    help = "Write the report as a Word file, a PDF or one HTML page. No browser is needed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", choices=FORMATS, default="docx")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="en")
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"{options['out'].name}", total=None)
            content = document(
                project,
                form=options["format"],
                language=options["language"],
                at=timezone.now(),
                progress=lambda done, all_of_them: bar.update(
                    task, completed=done, total=all_of_them
                ),
            )
        try:
            options["out"].write_bytes(content)
        except OSError as problem:
            raise CommandError(f"{options['out']}: {problem.strerror}") from problem
        self.stdout.write(f"{len(content):,} bytes in {options['out']}")
