"""The persons and organisations that are monitored."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models.owned import Owned, OwnedQuerySet
from monitoring.models.projects import Category


class ActorQuerySet(OwnedQuerySet):
    def listed(self) -> Self:
        """Those that stand for themselves: not merged into another one."""
        return self.filter(merged_into=None)

    def counting(self, pk: int | str) -> Self:
        """The one that counts for an actor: itself, or the one it was merged into."""
        heir = self.model._base_manager.filter(pk=pk).values("merged_into")
        return self.listed().filter(Q(pk=pk) | Q(pk__in=heir))


class Actor(Owned):
    """A person or organisation; may have several accounts on one platform, or none."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="actors")
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    # The actor it counts as, which is merged into none itself. Its accounts and advertisers are
    # that one's; codings and cases go on naming this one, and are read as of that one.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = ActorQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="actor_name_is_unique_in_project",
                violation_error_message=_("The project already has an actor of this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="actor_has_a_name"),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="actor_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_as(self) -> "Actor":
        """The actor under which everything of this one counts."""
        return self.merged_into or self


class Merging(Owned):
    """Who merged an actor into which other one, and when; gone when they are taken apart.

    ``into`` is the one that was chosen: it may have been merged into a third one since.
    """

    actor = models.OneToOneField(
        Actor, on_delete=models.PROTECT, primary_key=True, related_name="merging"
    )
    into = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="mergings")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mergings"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.actor_id} > {self.into_id}"


class Script(models.TextChoices):
    """The writing system of a name."""

    LATIN = "latin", _("Latin")
    CYRILLIC = "cyrillic", _("Cyrillic")
    OTHER = "other", _("other")


class ActorName(models.Model):
    """Another name of an actor: in another script, or an alias posts and advertisers use."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    script = models.CharField(max_length=8, choices=Script.choices)

    class Meta:
        ordering = ["script", "text"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "text"], name="actor_has_each_name_once"),
            models.CheckConstraint(
                condition=Q(script__in=Script.values), name="actor_name_script_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text
