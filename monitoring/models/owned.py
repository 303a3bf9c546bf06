"""Rows that belong to one project, and the querysets through which alone they are read."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from monitoring.models.projects import Project


class OwnedQuerySet(models.QuerySet):
    """Starts from a project or from a person; a test refuses any other beginning.

    ``tests/test_architecture.py`` reads the source and fails where ``Model.objects`` of an owned
    model is followed by anything but ``of`` or ``visible_to``.
    """

    def of(self, project: "Project") -> Self:
        """The rows of one project."""
        return self.filter(project=project)

    def visible_to(self, user: Any) -> Self:
        """The rows of the projects in which the person holds a role."""
        if not user.is_active:
            return self.none()
        return self.filter(project__memberships__user=user)


class Owned(models.Model):
    """A row of one project."""

    project = models.ForeignKey(
        "monitoring.Project", on_delete=models.PROTECT, related_name="%(class)ss"
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
