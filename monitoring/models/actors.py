"""The persons and organisations that are monitored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.models.owned import Owned
from monitoring.models.projects import Category


class Actor(Owned):
    """A person or organisation; may have several accounts on one platform, or none."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="actors")
    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="actor_name_is_unique_in_project",
                violation_error_message=_("The project already has an actor of this name."),
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="actor_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


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
                condition=models.Q(script__in=Script.values), name="actor_name_script_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text
