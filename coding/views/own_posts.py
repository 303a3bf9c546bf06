"""The posts that a lead still has to code: others' answers to them are not shown before."""

from django.utils import timezone

from coding.models import Assignment
from monitoring.access import ProjectRequest


def still_to_code(request: ProjectRequest) -> set[int]:
    """The posts in the person's own queue."""
    waiting = Assignment.objects.of(request.project).waiting_for(request.user)
    return set(waiting.held(timezone.now()).values_list("post", flat=True))
