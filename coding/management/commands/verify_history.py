"""``verify_history``: is the history of codings as it was stored?"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coding.services.codings import verify_history
from coding.services.guard import ROLE, guard_of_history
from monitoring.models import Project


class Command(BaseCommand):
    help = "Walk the chain of a project's codings and name the first row that is not as stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        verdict = verify_history(project=project)
        has_role = guard_of_history().has_role
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "rows": verdict.rows,
                        "first_broken": verdict.first_broken,
                        "guard": "role" if has_role else "triggers",
                    }
                )
            )
        elif verdict.first_broken is None:
            self.stdout.write(f"{verdict.rows:,} decisions are as they were stored.")
            self.stdout.write(
                f"Web and worker cannot change them as the role {ROLE}."
                if has_role
                else "Triggers alone guard them: see manage.py check --database default."
            )
        if verdict.first_broken is not None:
            raise CommandError(verdict.message)
