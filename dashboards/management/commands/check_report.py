"""Compare a project with the figures of its published report."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from dashboards.report.check import Checker, Verdict
from dashboards.report.published import read_figures
from monitoring.models import Project


class Command(BaseCommand):
    help = "Compute every figure of a published report through the measures and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--figures", type=Path, help="the figures file (CSV)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug: str, figures: Path | None, **options: Any) -> None:
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug}.")
        path = figures or (
            settings.BASE_DIR
            / "monitoring/reference"
            / slug.replace("-", "_")
            / "published_figures.csv"
        )
        try:
            verdicts = Checker(project).check(read_figures(path))
        except (OSError, TypeError, UnicodeDecodeError) as problem:
            raise CommandError(f"{path} is not a file of figures: {problem}") from problem
        matched = sum(verdict.agrees for verdict in verdicts)
        if options["json"]:
            self.stdout.write(json.dumps(_summary(verdicts), ensure_ascii=False))
        else:
            self._print_table(verdicts)
            self.stdout.write(f"{matched} of {len(verdicts)} figures agree.")
        if matched < len(verdicts):
            raise SystemExit(1)

    def _print_table(self, verdicts: list[Verdict]) -> None:
        table = Table("figure", "printed", "computed", "verdict")
        for verdict in verdicts:
            printed = f"{verdict.figure.value} ({verdict.figure.precision})"
            word = "agrees" if verdict.agrees else verdict.reason or "DIFFERS"
            table.add_row(verdict.figure.id, printed, _shown(verdict), word)
        Console().print(table)


def _shown(verdict: Verdict) -> str:
    if verdict.computed is None:
        return "–"
    return verdict.computed if isinstance(verdict.computed, str) else f"{verdict.computed:.6g}"


def _summary(verdicts: list[Verdict]) -> dict[str, Any]:
    return {
        "figures": len(verdicts),
        "matched": sum(verdict.agrees for verdict in verdicts),
        "mismatched": [
            verdict.figure.id
            for verdict in verdicts
            if not verdict.agrees and verdict.computed is not None
        ],
        "not_computable": [v.figure.id for v in verdicts if v.computed is None],
    }
