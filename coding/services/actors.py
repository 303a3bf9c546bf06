"""The names by which the desk recognises actors."""

from monitoring.models import Actor, Project


def names_of_actors(*, project: Project) -> dict[int, list[str]]:
    """Every actor's names, the list's own first, then those in other scripts and the aliases."""
    rows = (
        Actor.objects.of(project)
        .order_by("name", "pk", "names__pk")
        .values_list("pk", "name", "names__text")
    )
    names: dict[int, list[str]] = {}
    for actor, name, other in rows:
        known = names.setdefault(actor, [name])
        if other and other not in known:
            known.append(other)
    return names
