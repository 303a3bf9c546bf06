"""What computers of monitors may keep."""

from coding.models import DeskRules
from monitoring.models import Project


def keeps_unsent(*, project: Project) -> bool:
    """Whether answers that are not sent yet, and half-answered posts, are kept by the browser."""
    kept = DeskRules.objects.of(project).values_list("keeps_unsent", flat=True).first()
    return kept is not False


def set_keeps_unsent(*, project: Project, kept: bool) -> None:
    """Desks that are opened from now on follow it."""
    DeskRules.objects.of(project).update_or_create(project=project, defaults={"keeps_unsent": kept})
