"""What a lead who codes too does not see on a page."""

from django.utils import timezone

from coding.services import own_posts
from monitoring.access import Action, ProjectRequest, may


def still_to_code(request: ProjectRequest) -> set[int]:
    """The posts in the person's own queue: others' answers to them are not shown before."""
    if not may(request.membership.role, Action.CODE):
        return set()
    now = timezone.now()
    return own_posts.still_to_code(project=request.project, coder=request.user, at=now)
