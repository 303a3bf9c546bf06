"""``import_actors``: the list of who is watched."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.importers.problems import UnreadableFile
from monitoring.models import Project
from monitoring.services.actors import import_actors
from monitoring.services.received import NotStored


class Command(BaseCommand):
    requires_system_checks = []  # no page is served here
    help = (
        "Take in a list of actors and their accounts: a CSV with the columns actor, category,"
        " platform, kind, handle, native_id, display_name, url, aliases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        try:
            path.open("rb").close()
            counts = import_actors(project=project, chunks=blocks_of(path))
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        except (UnreadableFile, NotStored) as problem:
            raise CommandError(f"{path}: {problem}") from None
        for row in counts.rejected:
            self.stderr.write(f"line {row.line}, {row.column or 'row'}: {row.reason}")
        result = {
            "actors_created": counts.actors_created,
            "accounts_created": counts.accounts_created,
            "accounts_claimed": counts.accounts_claimed,
            "rejected": len(counts.rejected),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            words = ", ".join(
                f"{number} {name.replace('_', ' ')}" for name, number in result.items()
            )
            self.stdout.write(f"{path.name}: {words}")


def blocks_of(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
