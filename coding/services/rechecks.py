"""Codings that a new version of the codebook asks their authors to look at again.

``coder`` chooses one person's. ``hidden`` are posts that the reader has still to code: of these no
other person's answers are given.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from coding.models import Coding, CodingKind, Recheck
from monitoring.models import Project


def rechecks_for(
    *, project: Project, coder: User | None = None, hidden: Collection[int] = ()
) -> QuerySet[Recheck]:
    """What waits to be looked at again, of one person or of all, with the posts."""
    waiting = _of(project, coder, hidden).waiting()
    return waiting.order_by("coding__coder__username", "section", "key", "coding__chain_number")


def settled_rechecks(
    *, project: Project, coder: User | None = None, hidden: Collection[int] = (), count: int
) -> list[tuple[Recheck, Coding]]:
    """What was looked at again, the last first, each with the row that settled it. Two queries."""
    settled = _of(project, coder, hidden).settled().order_by("-settled_by", "section", "key")
    rows = list(settled[:count])
    settling = Coding.objects.of(project).select_related("coder")
    found = settling.in_bulk({row.settled_by for row in rows})
    return [(row, found[row.settled_by]) for row in rows]


def recheck_progress(*, project: Project) -> list[dict[str, Any]]:
    """For each person who was asked: how many codings, and how many of them wait."""
    waiting = set(Recheck.objects.of(project).waiting().values_list("coding_id", flat=True))
    asked = Coding.objects.of(project).filter(
        Q(kind=CodingKind.CODING) | Q(kind=CodingKind.SETTLEMENT), rechecks__isnull=False
    )
    counts: dict[str, dict[str, Any]] = {}
    for pk, name in (
        asked.distinct().order_by("coder__username").values_list("pk", "coder__username")
    ):
        row = counts.setdefault(name, {"name": name, "asked": 0, "waiting": 0})
        row["asked"] += 1
        row["waiting"] += pk in waiting
    return list(counts.values())


def _of(project: Project, coder: User | None, hidden: Collection[int]) -> Any:
    asked = Recheck.objects.of(project).exclude(coding__post__in=hidden)
    asked = asked if coder is None else asked.filter(coding__coder=coder)
    return asked.select_related("coding__post__account", "coding__coder", "version", "actor")
