"""``build_reference``: write the files of a reference project, ready to be imported."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.reference.kyrgyzstan_2021.build import build

BUILDERS = {"kyrgyzstan-2021": build}


class Command(BaseCommand):
    requires_system_checks = []  # no page is served here
    help = "Write a reference project's exports, as reconstructed from its published figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", choices=sorted(BUILDERS))
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reference = BUILDERS[options["slug"]](options["out"])
        except OSError as problem:
            raise CommandError(f"{options['out']}: {problem.strerror}") from None
        files = [str(path) for path in reference.imports]
        if options["json"]:
            self.stdout.write(json.dumps({"imports": files, "codings": str(reference.codings)}))
        else:
            self.stdout.write("\n".join(files))
