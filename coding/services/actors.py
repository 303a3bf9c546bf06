"""The names by which the desk recognises actors."""

from django.db import connection

from monitoring.models import Project

NAMES = """
    SELECT actor.id, ARRAY[actor.name] || ARRAY(
        SELECT known.text FROM monitoring_actorname known
        WHERE known.actor_id = actor.id AND known.text <> '' AND known.text <> actor.name
        ORDER BY known.id
    )
    FROM monitoring_actor actor WHERE actor.project_id = %s
    ORDER BY actor.name, actor.id
"""


def names_of_actors(*, project: Project) -> dict[int, list[str]]:
    """Every actor's names, the list's own first, then those in other scripts and the aliases."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [project.pk])
        return dict(cursor.fetchall())
