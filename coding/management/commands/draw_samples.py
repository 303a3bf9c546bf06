"""``draw_samples``: which posts are to be coded."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from coding.services.sample_rules import rule_in_words
from coding.services.samples import draw_samples
from monitoring.models import Project


class Command(BaseCommand):
    help = "Draw, or draw again, the posts to be coded. No coding is ever lost by it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        rows = [
            {
                "platform": sample.platform,
                "category": sample.category.key,
                "rule": rule_in_words(sample.rule),
                "size": sample.sample_posts.current().count(),
            }
            for sample in draw_samples(project=project, at=timezone.now())
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"samples": rows}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("{platform:12} {category:14} {size:>7,}  {rule}".format(**row))
