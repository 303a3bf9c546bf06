"""``agreement``: how far monitors agree."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coding.services.agreement_tables import Line, Reliability
from monitoring.models import Project


class Command(BaseCommand):
    help = "Print, per variable, how far monitors agree who coded the same posts blind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["slug"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['slug']}.")
        lines = Reliability(project).lines()
        if options["json"]:
            said = {"variables": [line.as_json() for line in lines]}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        self.stdout.write(
            f"{'variable':32} {'units':>7} {'coders':>7} {'alpha':>7} {'low':>7} {'high':>7}"
            f" {'equal':>7} {'AC1':>7}  verdict"
        )
        for line in lines:
            self.stdout.write(in_columns(line))


def in_columns(line: Line) -> str:
    found = line.agreement
    numbers = (found.alpha, found.low, found.high, found.percent, found.ac1)
    shown = " ".join(f"{'–' if one is None else format(one, '.3f'):>7}" for one in numbers)
    return f"{line.key:32} {found.units:>7,} {line.coders:>7} {shown}  {found.verdict}"
