"""The names by which the desk recognises actors."""

from monitoring.models import Actor, Project


def names_of_actors(*, project: Project) -> dict[int, list[str]]:
    """Every actor's names, the list's own first, then those in other scripts and the aliases."""
    actors = Actor.objects.of(project).prefetch_related("names").order_by("name")
    return {
        actor.pk: list(dict.fromkeys([actor.name, *(name.text for name in actor.names.all())]))
        for actor in actors
    }
