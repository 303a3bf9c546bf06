"""A monitoring mission: its periods, its categories, and who works in it."""

import datetime
import zoneinfo
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from monitoring.models.owned import Owned


class Role(models.TextChoices):
    """What a person is in a project; ``monitoring.access`` says what each may do."""

    VIEWER = "viewer", _("viewer")
    MONITOR = "monitor", _("monitor")
    LEAD = "lead", _("lead")
    ADMIN = "admin", _("admin")


class CountersRule(models.TextChoices):
    """Which observation of a post is the reported one."""

    STABILISED = "stabilised", _("first reading after the stabilisation days")
    LATEST = "latest", _("latest reading")


def validate_timezone(name: str) -> None:
    """Raise ValidationError unless ``name`` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone; write it as Asia/Bishkek."), params={"name": name}
        )


def localized(row: Any, field: str) -> str:
    """``row.field`` in the active language, English where there is no translation."""
    language = (translation.get_language() or "en").split("-")[0]
    return getattr(row, f"{field}_{language}", "") or getattr(row, field)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The projects in which the person holds a role."""
        if not user.is_active:
            return self.none()
        return self.filter(memberships__user=user)


class Project(models.Model):
    """One monitoring mission: a country, an election, a time zone, periods, a codebook."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, validators=[validate_timezone])
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    stabilisation_days = models.PositiveSmallIntegerField(default=3)
    counters_rule = models.CharField(
        max_length=12, choices=CountersRule.choices, default=CountersRule.STABILISED
    )
    # Shown on every page of the project, such as "reconstructed from the published figures".
    notice = models.TextField(blank=True)
    notice_ru = models.TextField(blank=True)
    notice_ky = models.TextField(blank=True)
    # Its posts were made up to fit published figures: their ids are those of nobody, or of others.
    is_reconstructed = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counters_rule__in=CountersRule.values),
                name="project_counters_rule_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:project", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone whose midnight ends a day of this project."""
        return zoneinfo.ZoneInfo(self.timezone)

    def address_of(self, url: str) -> str:
        """Where a page may lead a reader of a post, or nowhere.

        Only where a browser may follow (an import can bring ``javascript:`` too); of a
        reconstructed project nowhere, for a made-up address may be that of a stranger's post.
        """
        is_safe = url.lower().startswith(("http://", "https://"))
        return url if is_safe and not self.is_reconstructed else ""

    @property
    def localized_notice(self) -> str:
        return localized(self, "notice")


class Revision(models.Model):
    """A number that grows with every change of a project's data; open dashboards ask for it."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="revision"
    )
    number = models.BigIntegerField(default=0)
    # The number at the last change of anything but codings: what counts posts is as it was then.
    beside_codings = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.number}"


class MembershipQuerySet(models.QuerySet):
    def active_for(self, user: Any) -> Self:
        """The memberships a person can use now: none when signed out or deactivated."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)


class Membership(models.Model):
    """A person's role in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                name="membership_is_one_per_person_and_project",
                violation_error_message=_("This person already has a role in the project."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}"


class Period(Owned):
    """A named range of days, both ends inclusive, in the project's time zone."""

    key = models.SlugField()
    name = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_ky = models.CharField(max_length=100, blank=True)
    start = models.DateField()
    end = models.DateField()

    class Meta:
        ordering = ["start", "-end"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "key"], name="period_key_is_unique_in_project"
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="period_ends_after_it_starts",
                violation_error_message=_("A period cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return localized(self, "name")

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def started_weeks(self) -> int:
        """Weeks, a begun one counted whole, as in CrowdTangle's average weekly posts."""
        return -(-self.days // 7)

    def bounds(self) -> tuple[datetime.datetime, datetime.datetime]:
        """The first moment of the period and the first after it, in the project's zone."""
        zone = self.project.zone
        midnight = datetime.time.min
        return (
            datetime.datetime.combine(self.start, midnight, zone),
            datetime.datetime.combine(self.end + datetime.timedelta(days=1), midnight, zone),
        )


class Category(Owned):
    """A kind of actor: candidate, politician, party, authority, media, influencer, public group."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="categories")
    key = models.SlugField()
    name = models.CharField(max_length=100)
    name_ru = models.CharField(max_length=100, blank=True)
    name_ky = models.CharField(max_length=100, blank=True)
    # Candidates, politicians, parties and authorities together are the political subjects.
    is_political = models.BooleanField(default=False)
    # All but public groups: pages and profiles somebody speaks through.
    is_individual = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "key"], name="category_key_is_unique_in_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return localized(self, "name")
