"""All names by which actors are known: those that texts, accounts and advertisers may bear."""

from django.db import connection

from monitoring.models import Project

_NAMES = """
    SELECT actor.id, array_agg(said.text ORDER BY said.place, said.id)
    FROM monitoring_actor actor
    JOIN (
        SELECT coalesce(merged_into_id, id) AS actor_id, name AS text, id,
            CASE WHEN merged_into_id IS NULL THEN 0 ELSE 2 END AS place
        FROM monitoring_actor WHERE project_id = %(project)s
        UNION ALL
        SELECT coalesce(whose.merged_into_id, whose.id), known.text, known.id,
            CASE WHEN whose.merged_into_id IS NULL THEN 1 ELSE 3 END
        FROM monitoring_actorname known JOIN monitoring_actor whose ON whose.id = known.actor_id
        WHERE whose.project_id = %(project)s AND known.text <> ''
    ) AS said ON said.actor_id = actor.id
    WHERE said.place = 0 OR said.text <> actor.name
    GROUP BY actor.id
    ORDER BY actor.name, actor.id
"""


def names_of_actors(*, project: Project) -> dict[int, list[str]]:
    """Every actor's names by its id, in the order of the list. One query.

    The list's own name comes first, then those in other scripts and the aliases, then the names of
    those that were merged into it, which have no line of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"project": project.pk})
        return {actor: list(dict.fromkeys(names)) for actor, names in cursor}
