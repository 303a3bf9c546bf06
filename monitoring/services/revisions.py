"""Tell open dashboards that a project's data changed."""

from typing import NamedTuple

from django.db import connection

from monitoring.models import Project, Revision


class Revisions(NamedTuple):
    """The number that grows with every change of a project's data, and the one at which anything
    but codings changed last; 0 before the first."""

    number: int
    beside_codings: int


_RAISE = """
    INSERT INTO monitoring_revision (project_id, number, beside_codings)
    VALUES (%(project)s, 1, 1)
    ON CONFLICT (project_id) DO UPDATE
    SET number = monitoring_revision.number + 1,
        beside_codings = monitoring_revision.number + 1, changed_at = now()
"""
# For the statement that stores a coding, and changes nothing but what codings add up to;
# ``project`` is the id.
RAISE_REVISION_OF_CODINGS = """
    INSERT INTO monitoring_revision (project_id, number) VALUES (%(project)s, 1)
    ON CONFLICT (project_id) DO UPDATE
    SET number = monitoring_revision.number + 1, changed_at = now()
"""


def revisions_of(project: Project) -> Revisions:
    found = Revision.objects.filter(project=project).values_list("number", "beside_codings")
    return Revisions(*(found.first() or (0, 0)))


def revision_of(project: Project) -> int:
    """The number that grows with every change of the project's data; 0 before the first."""
    return revisions_of(project).number


def note_change(*, project_id: int) -> None:
    """Raise the project's revision in the caller's transaction.

    Call it last: the row stays locked until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"project": project_id})
