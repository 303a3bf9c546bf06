"""Who codes what."""

import datetime
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
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

    def held(self, at: datetime.datetime) -> Self:
        """Without the posts taken from the pool whose lease ended before they were coded."""
        return self.exclude(state=AssignmentState.OPEN, is_pooled=True, leased_until__lte=at)

    def with_base_number(self) -> Self:
        """Add ``base_number``: that of the monitor's last row for the post, 0 without one."""
        rows = apps.get_model("coding", "Coding")._base_manager.filter(
            post=models.OuterRef("post"), coder=models.OuterRef("monitor")
        )
        last = rows.order_by("-number").values("number")[:1]
        return self.annotate(base_number=Coalesce(models.Subquery(last), 0))

    def with_note_of_return(self) -> Self:
        """Add ``returned_note``: why a lead gave the post back, empty where nobody did."""
        returned = apps.get_model("coding", "ReturnedCoding").objects.filter(
            coding__post=models.OuterRef("post"), coding__coder=models.OuterRef("monitor")
        )
        note = returned.waiting().values("note")[:1]
        return self.annotate(
            returned_note=Coalesce(models.Subquery(note), Value("", models.TextField()))
        )


class Assignment(Owned):
    """One post that one monitor is to code; a post for double coding has two.

    ``leased_until`` is when the tab that holds the post loses it. A post dealt to a monitor stays
    theirs; one taken from the pool may then be taken by another, and what the first one still
    saves is kept. One that was given to others, or ranked out, after it lay in a tab is as one
    from the pool whose lease has ended.
    """

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
    is_pooled = models.BooleanField(default=False)
    leased_until = models.DateTimeField(null=True, blank=True)

    # Where the query was asked ``with_base_number``.
    base_number: int
    # Where it was asked ``with_note_of_return``.
    returned_note: str

    objects = AssignmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "monitor"], name="assignment_is_one_per_post_and_monitor"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_pooled=False) | Q(leased_until__isnull=False),
                name="assignment_from_the_pool_is_leased",
            ),
        ]
        indexes = [
            # Serves the next post of a monitor.
            models.Index(
                fields=["project", "monitor", "position", "id"],
                condition=Q(state=AssignmentState.OPEN),
                name="assignment_queue",
            ),
            # Serves what lies in whose tab of the pool.
            models.Index(
                fields=["project", "monitor"],
                condition=Q(state=AssignmentState.OPEN, is_pooled=True),
                name="assignment_in_a_tab",
            ),
        ]

    def __str__(self) -> str:
        return self.state


class Workload(Owned):
    """What part of the posts a monitor takes; without languages or categories, of all of them."""

    monitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workloads"
    )
    # Of the posts, compared with the shares of the others; 0 is somebody who takes a rest.
    share = models.PositiveSmallIntegerField(default=1)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    categories = ArrayField(models.SlugField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "monitor"], name="workload_is_one_a_monitor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share}"


class DeskRules(Owned):
    """What a project asks of its monitors' desks; without a row, what the fields say here."""

    # Where computers may be seized or shared, answers wait for the line in the open tab alone.
    keeps_unsent = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project"], name="desk_rules_are_one_a_project"),
        ]

    def __str__(self) -> str:
        return f"{self.keeps_unsent}"
