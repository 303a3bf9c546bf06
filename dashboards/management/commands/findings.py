"""Print the findings of a project with what is to be said of them; start from ready sentences."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from dashboards.findings.linting import Linter
from dashboards.findings.sections import sentences_of
from dashboards.findings.template import proposed, templates
from dashboards.measures import Measures
from dashboards.services.findings import NotWritten, add_findings
from monitoring.models import Membership, Project, Role


class Command(BaseCommand):
    help = "Print the findings of a report and the linter's remarks; --template adds sentences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="en")
        parser.add_argument("--template", choices=list(templates()))
        parser.add_argument("--frontrunner", default="", help="the actor whom the report follows")
        parser.add_argument("--by", default="", help="the lead in whose name sentences are added")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug: str, **options: Any) -> None:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug}.")
        with override(options["language"]):
            if options["template"]:
                self._add(project, options)
            self._print(project, options)

    def _add(self, project: Project, options: dict[str, Any]) -> None:
        measures = Measures(project)
        chosen = proposed(options["template"], measures, frontrunner=options["frontrunner"])
        try:
            add_findings(
                project=project,
                proposed=chosen,
                by=_lead(project, options["by"]),
                at=timezone.now(),
            )
        except NotWritten as problem:
            raise CommandError(str(problem)) from problem

    def _print(self, project: Project, options: dict[str, Any]) -> None:
        sentences = sentences_of(Measures(project), options["language"])
        remarks = Linter(project, sentences).remarks()
        if options["json"]:
            findings = [
                {
                    "section": one.finding.section,
                    "text": one.text,
                    "numbers": one.printed,
                    "changed": one.changed,
                    "remarks": [
                        {"text": remark.text, "is_wrong": remark.is_wrong}
                        for remark in remarks[one.finding.position]
                    ],
                }
                for one in sentences
            ]
            self.stdout.write(json.dumps({"findings": findings}, ensure_ascii=False))
            return
        for one in sentences:
            self.stdout.write(one.text)
            for remark in remarks[one.finding.position]:
                self.stdout.write(f"  {'!' if remark.is_wrong else '?'} {remark.text}")


def _lead(project: Project, name: str) -> User:
    """Who is named, else the first lead. Raises CommandError where there is none."""
    leads = Membership.objects.filter(project=project, role__in=(Role.LEAD, Role.ADMIN))
    if name:
        leads = leads.filter(user__username=name)
    membership = leads.select_related("user").order_by("role", "pk").first()
    if membership is None:
        raise CommandError(f"{name or 'Nobody'} is no lead of {project.slug}.")
    return membership.user
