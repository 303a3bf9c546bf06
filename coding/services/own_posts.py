"""The posts that somebody has still to code: others' answers to them are not shown before."""

import datetime

from django.contrib.auth.models import User
from django.db.models import Min

from coding.models import Assignment, Coding
from monitoring.models import Project


def still_to_code(*, project: Project, coder: User, at: datetime.datetime) -> set[int]:
    """The posts in a person's queue."""
    waiting = Assignment.objects.of(project).waiting_for(coder).held(at)
    return set(waiting.values_list("post", flat=True))


def answered_by_others(
    *, project: Project, coder: User, at: datetime.datetime
) -> dict[int, datetime.datetime]:
    """Those of them that others answered, each with the moment at which the first did."""
    own = still_to_code(project=project, coder=coder, at=at)
    rows = Coding.objects.of(project).filter(post__in=own).exclude(coder=coder).order_by()
    return dict(rows.values_list("post").annotate(Min("made_at")))
