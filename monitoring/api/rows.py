"""What the lists of the API share."""

from typing import Any, cast

from rest_framework import generics
from rest_framework.pagination import CursorPagination

from monitoring.access import ProjectPermission
from monitoring.models import Project


class ByNumber(CursorPagination):
    ordering = "pk"


class BySlug(CursorPagination):
    ordering = "slug"


class ByLine(CursorPagination):
    ordering = "line"


class ByMoment(CursorPagination):
    ordering = "observed_at"


class NewestFirst(CursorPagination):
    ordering = "-pk"


def project_of(request: Any) -> Project:
    """The project that the permission let the asker into; none while the schema is written."""
    return cast(Project, getattr(request, "project", None))


class ProjectRows(generics.ListAPIView):
    """A list of rows of one project."""

    permission_classes = [ProjectPermission]
    pagination_class = ByNumber

    @property
    def project(self) -> Project:
        return project_of(self.request)
