"""Giving a post back to one of its monitors, with a note."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coding.models import Assignment, AssignmentState, Coding, CodingKind, ReturnedCoding
from coding.services import chain
from coding.services.refusals import CodingRefused
from monitoring.models import Project
from monitoring.services.revisions import note_change


@transaction.atomic
def return_coding(
    *, project: Project, coding: int, lead: User, note: str, at: datetime.datetime
) -> ReturnedCoding:
    """Put a post back to the front of its monitor's queue; their answers stand until then.

    Raises CodingRefused for answers that do not stand any more or were given back before.
    """
    chain.locked_head(project)  # no answer comes in between
    row = Coding.objects.of(project).filter(pk=coding, kind=CodingKind.CODING).current().first()
    if row is None:
        raise CodingRefused("not_standing", _("The monitor answered anew meanwhile: look again."))
    if not note.strip():
        raise CodingRefused("no_note", _("Write to the monitor what to look at again."))
    if ReturnedCoding.objects.of(project).filter(coding=row).exists():
        raise CodingRefused("returned", _("This was given back before: it waits for the monitor."))
    returned = ReturnedCoding.objects.create(coding=row, lead=lead, note=note.strip(), made_at=at)
    # From the pool or not: from now on it is this monitor's own.
    Assignment.objects.of(project).filter(post=row.post_id, monitor=row.coder_id).update(
        state=AssignmentState.OPEN, position=0, is_pooled=False, leased_until=None
    )
    note_change(project_id=project.pk)
    return returned
