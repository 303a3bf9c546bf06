"""The pages, groups and profiles through which actors publish."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.interactions import PLATFORMS
from monitoring.models.actors import Actor
from monitoring.models.owned import Owned, OwnedQuerySet

PLATFORM_CHOICES = [(platform.key, platform.name) for platform in PLATFORMS.values()]


class AccountKind(models.TextChoices):
    """What an account is on its platform."""

    PAGE = "page", _("page")
    GROUP = "group", _("group")
    PROFILE = "profile", _("profile")
    CHANNEL = "channel", _("channel")


class AccountState(models.TextChoices):
    """Whether an account's posts count."""

    MONITORED = "monitored", _("monitored")
    WAITING = "waiting", _("waits for its actor")
    IGNORED = "ignored", _("ignored")


class AccountQuerySet(OwnedQuerySet):
    def monitored(self) -> Self:
        return self.filter(state=AccountState.MONITORED)

    def waiting(self) -> Self:
        """Accounts that an import met and nobody has claimed: their posts count nowhere yet."""
        return self.filter(state=AccountState.WAITING)


class Account(Owned):
    """One page, group or profile of an actor on one platform."""

    actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    # Whose it is again when that actor and the one it was merged into are taken apart.
    merged_from = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts_before"
    )
    platform = models.CharField(max_length=16, choices=PLATFORM_CHOICES)
    kind = models.CharField(max_length=8, choices=AccountKind.choices)
    # The platform's own id; empty where exports do not print it (Instagram).
    native_id = models.CharField(max_length=64, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300)
    url = models.CharField(max_length=500, blank=True)
    state = models.CharField(
        max_length=10, choices=AccountState.choices, default=AccountState.MONITORED
    )
    # The list of monitored accounts; until it is on it, when an import first met it.
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AccountQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "platform", "native_id"],
                condition=~Q(native_id=""),
                name="account_native_id_is_unique_on_platform",
            ),
            # A handle passes to another page when the first is deleted; the id never does.
            models.UniqueConstraint(
                "project",
                "platform",
                models.functions.Lower("handle"),
                condition=Q(native_id=""),
                name="account_without_id_is_known_by_its_handle",
            ),
            models.CheckConstraint(
                condition=~Q(native_id="") | ~Q(handle=""), name="account_has_an_id_or_a_handle"
            ),
            models.CheckConstraint(
                condition=Q(platform__in=list(PLATFORMS)), name="account_platform_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AccountKind.values), name="account_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values), name="account_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=AccountState.MONITORED, actor__isnull=False)
                | Q(state__in=[AccountState.WAITING, AccountState.IGNORED], actor__isnull=True),
                name="account_is_monitored_when_it_has_an_actor",
            ),
            models.CheckConstraint(
                condition=Q(merged_from__isnull=True) | Q(actor__isnull=False),
                name="account_of_a_merged_actor_has_an_actor",
            ),
        ]

    def __str__(self) -> str:
        return self.name
