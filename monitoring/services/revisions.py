"""Tell open dashboards that a project's data changed."""

from django.db import connection

from monitoring.models import Project, Revision

# For statements that change more than this in one; ``project`` is the id.
RAISE_REVISION = """
    INSERT INTO monitoring_revision (project_id, number) VALUES (%(project)s, 1)
    ON CONFLICT (project_id) DO UPDATE
    SET number = monitoring_revision.number + 1, changed_at = now()
"""


def revision_of(project: Project) -> int:
    """The number that grows with every change of the project's data; 0 before the first."""
    found = Revision.objects.filter(project=project).values_list("number", flat=True).first()
    return found or 0


def note_change(*, project_id: int) -> None:
    """Raise the project's revision in the caller's transaction.

    Call it last: the row stays locked until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(RAISE_REVISION, {"project": project_id})
