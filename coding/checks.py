"""``manage.py check --database default``: is the history of codings guarded as it should be?"""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from coding.services.guard import ROLE, guard_of_history

PAPER = "docs/decisions/0008-a-role-that-cannot-rewrite-history.md"


@register(Tags.database)
def history_is_guarded(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    databases = kwargs.get("databases")
    if not databases or "default" not in databases:
        return []
    guard = guard_of_history()
    if not guard.tables:
        return []  # before the first migration
    if not guard.has_role:
        return [
            checks.Warning(
                "Triggers alone guard the history of codings: the owner of the tables can put them"
                " to sleep.",
                hint=f"Let a superuser run CREATE ROLE {ROLE} NOLOGIN, then go back to coding 0008"
                f" and migrate again: {PAPER}.",
                id="coding.W001",
            )
        ]
    # The embedded server gives web and worker that role by itself; commands are its owner's.
    if guard.person_may_change and not settings.IS_EMBEDDED:
        return [
            checks.Warning(
                f"The role {guard.person} may change the history of codings.",
                hint=f"Web and worker should connect as a member of {ROLE}; migrations alone need"
                f" the owner: {PAPER}.",
                id="coding.W002",
            )
        ]
    return []
