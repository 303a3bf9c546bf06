"""``create_demo_accounts``: one person per role, to try a project with."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from monitoring.models import Membership, Project, Role

# username, role
PEOPLE = [
    ("admin", Role.ADMIN),
    ("lead", Role.LEAD),
    ("monitor-1", Role.MONITOR),
    ("monitor-2", Role.MONITOR),
    ("viewer", Role.VIEWER),
]


class Command(BaseCommand):
    help = (
        "Create admin, lead, monitor-1, monitor-2 and viewer in a project. They share one password,"
        " drawn once and kept in a file that only its owner can read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument("--password-file", required=True, type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        path: Path = options["password_file"]
        is_new = not path.exists()
        password = make_password(kept_password(path))
        with transaction.atomic():
            for username, role in PEOPLE:
                user, created = User.objects.get_or_create(
                    username=username, defaults={"password": password}
                )
                if is_new and not created:
                    user.password = password
                    user.save(update_fields=["password"])
                Membership.objects.get_or_create(
                    project=project, user=user, defaults={"role": role}
                )
        accounts = [{"username": username, "role": role} for username, role in PEOPLE]
        if options["json"]:
            self.stdout.write(json.dumps({"accounts": accounts}))
        else:
            names = ", ".join(username for username, _role in PEOPLE)
            self.stdout.write(f"{names}; their password is in {path}")


def kept_password(path: Path) -> str:
    """The password in the file; a new one is drawn where there is no file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join(secrets.token_hex(2) for _part in range(3)) + "\n")
    return path.read_text().strip()
