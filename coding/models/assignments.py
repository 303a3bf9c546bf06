"""Who codes what."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned, OwnedQuerySet, Post


class AssignmentState(models.TextChoices):
    """Where a monitor's work on a post stands."""

    OPEN = "open", _("to be coded")
    DONE = "done", _("coded")
    SKIPPED = "skipped", _("skipped")


class AssignmentQuerySet(OwnedQuerySet):
    def waiting_for(self, monitor: Any) -> Self:
        """What a monitor still has to code, in their order."""
        return self.filter(monitor=monitor, state=AssignmentState.OPEN).order_by("position", "id")


class Assignment(Owned):
    """One post that one monitor is to code; a post for double coding has two."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="assignments")
    monitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    state = models.CharField(
        max_length=8, choices=AssignmentState.choices, default=AssignmentState.OPEN
    )
    # The place in the monitor's queue, drawn by seed so that categories mix.
    position = models.PositiveIntegerField(default=0)
    is_overlap = models.BooleanField(default=False)

    objects = AssignmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "monitor"], name="assignment_is_one_per_post_and_monitor"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_is_known"
            ),
        ]
        indexes = [
            # Serves the next post of a monitor.
            models.Index(
                fields=["project", "monitor", "position", "id"],
                condition=Q(state=AssignmentState.OPEN),
                name="assignment_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.state
