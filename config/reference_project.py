"""Loads the reference project the way a team loads its own: by commands, through the pipeline."""

import tempfile
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from rich.console import Console

from coding.models import Coding
from coding.services.assignments import assign
from dashboards.services.ads import note_taken_down
from monitoring.models import Advertiser, Membership, Project, Role
from monitoring.services.projects import add_period

SLUG = "kyrgyzstan-2021"
FOLDER = settings.BASE_DIR / "monitoring/reference/kyrgyzstan_2021"


def load(console: Console, *, exports: Path | None = None) -> None:
    """Make what is not there yet; a run that was killed is simply run again.

    ``exports`` is a folder that ``build_reference`` has written already.

    The codings come last and in one transaction: where they are, everything else is.
    """
    project = Project.objects.filter(slug=SLUG).first() or _create()
    call_command(
        "create_demo_accounts", project=SLUG, password_file=password_file(), stdout=StringIO()
    )
    if Coding.objects.of(project).exists():
        return
    console.print("Loading [bold]Kyrgyzstan 2021[/], reconstructed from the published figures")
    call_command("import_actors", FOLDER / "actors.csv", project=SLUG, stdout=StringIO())
    with tempfile.TemporaryDirectory() as own:
        folder = exports or Path(own)
        if exports is None:
            with console.status("Building the exports"):
                call_command("build_reference", SLUG, out=folder, stdout=StringIO())
        for path in sorted(folder.glob("*.csv")):
            call_command("import_file", path, project=SLUG, covers="list", stdout=StringIO())
        with console.status("Drawing samples, loading codings"):
            call_command("draw_samples", project=SLUG, stdout=StringIO())
            with transaction.atomic():
                call_command(
                    "import_codings",
                    folder / "codings.jsonl",
                    project=SLUG,
                    stdout=StringIO(),
                )
                monitors = Membership.objects.filter(project=project, role=Role.MONITOR)
                people = [membership.user for membership in monitors.select_related("user")]
                assign(project=project, monitors=people, overlap=0.2, seed=2021, at=timezone.now())
        with console.status("Writing the findings"):
            call_command(
                "findings",
                SLUG,
                template="presidential_election",
                frontrunner=_facts()["frontrunner"],
                by="lead",
                stdout=StringIO(),
            )
            _note_taken_down(project)


def _note_taken_down(project: Project) -> None:
    lead = Membership.objects.filter(project=project, role=Role.LEAD).select_related("user")[0].user
    for note in _facts()["taken_down"]:
        page = Advertiser.objects.of(project).get(name=note["page"])
        note_taken_down(advertiser=page, ad=None, reason=note["reason"], by=lead, at=timezone.now())


def accounts() -> tuple[list[str], str]:
    """The names of the demo accounts, and the password they share."""
    names = Membership.objects.filter(project__slug=SLUG).values_list("user__username", flat=True)
    return sorted(names), password_file().read_text().strip()


def password_file() -> Path:
    return settings.HOME / "demo_password"


def _create() -> Project:
    facts = _facts()
    periods = {period["key"]: period for period in facts["periods"]}
    with transaction.atomic():
        call_command(
            "create_project",
            SLUG,
            name=facts["name"],
            country=facts["country"],
            timezone=facts["timezone"],
            start=periods["entire"]["start"],
            end=periods["entire"]["end"],
            campaign_start=periods["campaign"]["start"],
            publish_codebook=True,
            stdout=StringIO(),
        )
        project = Project.objects.get(slug=SLUG)
        project.languages = facts["languages"]
        project.is_reconstructed = True
        for language, notice in facts["notice"].items():
            setattr(project, "notice" if language == "en" else f"notice_{language}", notice)
        project.save()
        for key in periods.keys() - {"entire", "pre_campaign", "campaign"}:
            period = periods[key]
            names = (period["name"], period["name_ru"], period["name_ky"])
            add_period(
                project=project, key=key, start=period["start"], end=period["end"], names=names
            )
    return project


def _facts() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "project.toml").read_text())
