"""Writing, ordering and confirming the findings of a report."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dashboards.findings.numbers import Number
from dashboards.findings.sections import written_in
from dashboards.findings.template import Proposed
from dashboards.findings.wording import names_in
from dashboards.measures import Measures
from dashboards.models import Finding
from monitoring.models import Project
from monitoring.services.revisions import note_change

MOST_FINDINGS = 300


class NotWritten(Exception):
    """A finding was not kept; the message says why."""


class ChangedMeanwhile(NotWritten):
    """Somebody else saved the finding while it was being edited."""


@transaction.atomic
def add_findings(
    *, project: Project, proposed: Sequence[Proposed], by: User, at: datetime.datetime
) -> list[Finding]:
    """Put sentences of a template at the end, their numbers confirmed as they are now.

    Sentences that stand in the report already, word for word, are left out.
    """
    _lock(project)
    known = set(Finding.objects.of(project).values_list("text", flat=True))
    last = _last_position(project)
    fresh = [one for one in proposed if one.text not in known]
    if last + len(fresh) > MOST_FINDINGS:
        raise NotWritten(_("A report holds %(most)s findings at most.") % {"most": MOST_FINDINGS})
    made = [
        Finding(
            project=project,
            position=last + number,
            section=one.section,
            text=one.text,
            text_ru=one.text_ru,
            text_ky=one.text_ky,
            numbers=one.numbers,
            confirmed_by=by,
            confirmed_at=at,
        )
        for number, one in enumerate(fresh, start=1)
    ]
    for sentence in written_in(Measures(project), made, "en"):
        sentence.finding.confirmed = sentence.printed
    Finding.objects.bulk_create(made)
    note_change(project_id=project.pk)
    return made


@transaction.atomic
def write_finding(
    *,
    project: Project,
    finding: Finding | None,
    edition: int,
    section: str,
    texts: dict[str, str],
    numbers: dict[str, dict[str, Any]],
    by: User,
    at: datetime.datetime,
) -> Finding:
    """Keep a sentence, with its numbers as confirmed by who wrote it; a new one comes last.

    ``texts`` is by language (en, ru, ky). Raises ChangedMeanwhile where ``edition`` is not the
    last, NotWritten for a placeholder that stands for nothing, UnknownWord for a wrong question.
    """
    _refuse_loose_placeholders(texts, numbers)
    for words in numbers.values():
        Number.of_words(words)
    _lock(project)
    kept = finding or Finding(project=project, position=_last_position(project) + 1, edition=0)
    if finding is not None:
        kept = Finding.objects.of(project).select_for_update().get(pk=finding.pk)
        if kept.edition != edition:
            raise ChangedMeanwhile(
                _("Somebody else changed this sentence meanwhile. Look at theirs, then save again.")
            )
    kept.section = section
    kept.text, kept.text_ru, kept.text_ky = (texts.get(key, "") for key in ("en", "ru", "ky"))
    kept.numbers = numbers
    kept.edition += 1
    _confirm(kept, project=project, by=by, at=at)
    kept.save()
    note_change(project_id=project.pk)
    return kept


@transaction.atomic
def confirm_numbers(*, finding: Finding, by: User, at: datetime.datetime) -> None:
    """What the sentence says now is right: nothing of it is marked as changed any more."""
    kept = Finding.objects.of(finding.project).select_for_update().get(pk=finding.pk)
    kept.edition += 1
    _confirm(kept, project=finding.project, by=by, at=at)
    kept.save()


@transaction.atomic
def dismiss_remark(*, finding: Finding, key: str) -> None:
    """A lead has read a remark and lets the sentence stand."""
    kept = Finding.objects.of(finding.project).select_for_update().get(pk=finding.pk)
    kept.dismissed = sorted({*kept.dismissed, key})
    kept.save(update_fields=["dismissed"])


@transaction.atomic
def move_finding(*, finding: Finding, by_places: int) -> None:
    """One place up (-1) or down (1), or as far as it goes."""
    _lock(finding.project)
    order = list(Finding.objects.of(finding.project).order_by("position"))
    here = next(place for place, one in enumerate(order) if one.pk == finding.pk)
    moved = order.pop(here)
    order.insert(max(0, here + by_places), moved)
    for position, one in enumerate(order, start=1):
        one.position = position
    Finding.objects.of(finding.project).bulk_update(order, ["position"])
    note_change(project_id=finding.project_id)


@transaction.atomic
def delete_finding(*, finding: Finding) -> None:
    finding.delete()
    note_change(project_id=finding.project_id)


def _confirm(finding: Finding, *, project: Project, by: User, at: datetime.datetime) -> None:
    (sentence,) = written_in(Measures(project), [finding], "en")
    finding.confirmed = sentence.printed
    finding.confirmed_by = by
    finding.confirmed_at = at


def _refuse_loose_placeholders(texts: dict[str, str], numbers: dict[str, Any]) -> None:
    """A placeholder that stands for nothing would leave a gap in print."""
    used = {name for text in texts.values() for name in names_in(text)}
    if loose := sorted(used - numbers.keys()):
        raise NotWritten(
            _("No number is called %(names)s: choose what it stands for, or take it out.")
            % {"names": ", ".join(f"{{{name}}}" for name in loose)}
        )


def _lock(project: Project) -> None:
    # Two leads who write at once follow one another: places stay one each.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _last_position(project: Project) -> int:
    return Finding.objects.of(project).aggregate(last=Max("position"))["last"] or 0
