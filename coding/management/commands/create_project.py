"""``create_project``: a new monitoring mission, ready for its actors."""

import datetime
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from coding.services.codebooks import load_codebook
from coding.services.publishing import publish
from coding.services.sample_rules import rules_of
from monitoring.services.projects import create_project


class Command(BaseCommand):
    help = (
        "Create a project with the seven categories, its periods, the report's codebook as a draft"
        " and the report's sample rules."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        day = datetime.date.fromisoformat
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True)
        parser.add_argument("--timezone", required=True, help="an IANA name such as Asia/Bishkek")
        parser.add_argument("--start", required=True, type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--end", required=True, type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--campaign-start", type=day, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--publish-codebook", action="store_true", help="so that coding can begin at once"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("slug", "name", "country", "timezone", "start", "end", "campaign_start")
        try:
            with transaction.atomic():
                project = create_project(**{name: options[name] for name in names})
                version = load_codebook(project=project)
                if options["publish_codebook"]:
                    publish(version=version, at=timezone.now())
                rules_of(project)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        if options["json"]:
            self.stdout.write(json.dumps({"project": project.slug}))
        else:
            self.stdout.write(f"Project {project.slug} is there: {project.get_absolute_url()}")
