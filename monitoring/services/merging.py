"""Two actors of the list that are one: one counts as the other from now on, until taken apart.

Accounts and advertisers pass to the one that stays, each with a note of whose it was. Names and
aliases stay where they are, and so does whatever else names an actor: it is read as naming the one
that stays (``Actor.merged_into``), so that taking apart leaves nothing to be mended.
"""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from monitoring.models import Account, Actor, Advertiser, Merging, Project
from monitoring.services.revisions import note_change

OWN = (Account, Advertiser)


class NotMergeable(ValueError):
    """Why two actors cannot be merged, or taken apart; ``message`` is for the admin."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def merge(*, actor: Actor, into: Actor, by: User, at: datetime.datetime) -> frozenset[int]:
    """Let an actor count as another one, and with it all that were merged into it before.

    Returns the ids of those that count as another one now. Raises NotMergeable.
    """
    project = actor.project
    actor, into = _locked(project, actor, into)
    if obstacle := obstacle_to(actor, into):
        raise NotMergeable(obstacle)
    group = group_of(actor)
    Merging.objects.create(project=project, actor=actor, into=into, by=by, at=at)
    Actor.objects.of(project).filter(pk__in=group).update(merged_into=into)
    for model in OWN:
        model.objects.of(project).filter(actor=actor).update(
            merged_from=Coalesce("merged_from", Value(actor.pk)), actor=into
        )
    note_change(project_id=project.pk)
    return group


@transaction.atomic
def take_apart(*, actor: Actor) -> frozenset[int]:
    """Let a merged actor stand for itself again, and those that were merged into it with it.

    It gets back the accounts and advertisers that were its own and are still where they went.
    Returns the ids of those that counted as another one before. Raises NotMergeable.
    """
    project = actor.project
    [actor] = _locked(project, actor)
    if actor.merged_into is None:
        raise NotMergeable(_("“%(name)s” is merged into nobody.") % {"name": actor.name})
    group = group_of(actor)
    Merging.objects.of(project).filter(actor=actor).delete()
    actors = Actor.objects.of(project)
    actors.filter(pk=actor.pk).update(merged_into=None)
    actors.filter(pk__in=group - {actor.pk}).update(merged_into=actor)
    for model in OWN:
        model.objects.of(project).filter(merged_from__in=group).update(
            actor=actor, merged_from=NullIf(F("merged_from"), Value(actor.pk))
        )
    note_change(project_id=project.pk)
    return group


def obstacle_to(actor: Actor, into: Actor) -> str:
    """Why an actor cannot be merged into another one; empty where it can."""
    names = {"actor": actor.name, "into": into.name}
    if actor.pk == into.pk:
        return _("An actor cannot be merged into itself.")
    for one in (actor, into):
        if one.merged_into is not None:
            words = {"name": one.name, "into": one.merged_into.name}
            return _("“%(name)s” is merged into “%(into)s” already.") % words
    if actor.category_id != into.category_id:
        names |= {"its": actor.category.label, "other": into.category.label}
        return (
            _(
                "“%(actor)s” stands in “%(its)s” and “%(into)s” in “%(other)s”. Samples and the"
                " bases of numbers go by category: change the category of one of them first."
            )
            % names
        )
    return ""


def group_of(actor: Actor) -> frozenset[int]:
    """The ids of an actor and of all that were merged into it, directly or through others."""
    mergings = list(Merging.objects.of(actor.project).values_list("actor", "into"))
    group = {actor.pk}
    while more := {one for one, into in mergings if into in group} - group:
        group |= more
    return frozenset(group)


def _locked(project: Project, *actors: Actor) -> list[Actor]:
    """The actors as they are now, locked in the order of their ids.

    Whoever gives an account to an actor locks that one first too, and then the account.
    """
    rows = (
        Actor.objects.of(project)
        .select_related("category", "merged_into")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    found = {one.pk: one for one in rows.filter(pk__in=[one.pk for one in actors])}
    return [found[one.pk] for one in actors]
