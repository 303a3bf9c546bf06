"""What accounts published, how its counters grew, and the totals charts are made of."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils.translation import gettext_lazy as _

from monitoring import languages
from monitoring.interactions import COUNTERS, PLATFORMS, REACTIONS
from monitoring.models.accounts import PLATFORM_CHOICES, Account
from monitoring.models.imports import Import
from monitoring.models.owned import Owned, OwnedQuerySet
from monitoring.models.projects import Project


def _sum_of(*counters: str) -> models.Expression:
    total: models.Expression = Coalesce(F(counters[0]), Value(0))
    for counter in counters[1:]:
        total = total + Coalesce(F(counter), Value(0))
    return total


def _only_own_counters() -> Q:
    """A 0 for a counter that the platform does not have would be a finding that nobody made.

    Platforms with the same counters are asked for together; the commonest comes first.
    """
    condition = Q()
    for counters in dict.fromkeys(platform.counters for platform in PLATFORMS.values()):
        keys = [one.key for one in PLATFORMS.values() if one.counters == counters]
        lacking = {f"{name}__isnull": True for name in COUNTERS if name not in counters}
        condition |= Q(platform__in=keys, **lacking)
    return condition


class Language(models.TextChoices):
    """In which a post is written, by the rule of ``monitoring.languages``; blank without words."""

    KYRGYZ = languages.KYRGYZ, _("Kyrgyz")
    RUSSIAN = languages.RUSSIAN, _("Russian")
    ENGLISH = languages.ENGLISH, _("English")
    OTHER = languages.OTHER, _("another language")


class Counters(models.Model):
    """What a platform counted; a counter the platform lacks or hides is NULL, not 0."""

    likes = models.PositiveIntegerField(null=True, blank=True)
    love = models.PositiveIntegerField(null=True, blank=True)
    wow = models.PositiveIntegerField(null=True, blank=True)
    haha = models.PositiveIntegerField(null=True, blank=True)
    sad = models.PositiveIntegerField(null=True, blank=True)
    angry = models.PositiveIntegerField(null=True, blank=True)
    care = models.PositiveIntegerField(null=True, blank=True)
    # Reactions an export gives only as a sum, or of a kind Facebook does not know.
    other_reactions = models.PositiveIntegerField(null=True, blank=True)
    comments = models.PositiveIntegerField(null=True, blank=True)
    shares = models.PositiveIntegerField(null=True, blank=True)
    views = models.PositiveBigIntegerField(null=True, blank=True)
    # With shares and crossposts of the same video; Facebook only.
    views_total = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class PostQuerySet(OwnedQuerySet):
    def counted(self) -> Self:
        """Posts of monitored accounts: the ones that charts count."""
        return self.filter(account__actor__isnull=False)

    def on_platform(self, platform: str) -> Self:
        return self.filter(platform=platform)

    def by_category(self, key: str) -> Self:
        return self.filter(account__actor__category__key=key)

    def published_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """From ``start`` until just before ``end`` (see ``Period.bounds``)."""
        return self.filter(published_at__gte=start, published_at__lt=end)

    def with_newest_observation(self) -> Self:
        """With the moment of each post's newest observation, as ``newest_observation``."""
        others = OtherObservation.objects.filter(post=OuterRef("pk")).order_by("-observed_at")
        newest = Greatest("counted_at", Subquery(others.values("observed_at")[:1]))
        return self.annotate(newest_observation=newest)

    def most_interacted(self) -> Self:
        """By interactions; ties by earlier time, then native id, so that ranks are stable."""
        return self.order_by("-interactions", "published_at", "native_id")


class Post(Owned, Counters):
    """One publication of an account, with its reported observation.

    Reported are the counters of the first observation taken at least ``stabilisation_days`` after
    publication; until there is one they are the latest, and the post is provisional. The other
    observations are rows of ``OtherObservation``. Times are stored in UTC.
    """

    # What a post refers to is checked by triggers once for each statement (migration 0015): foreign
    # keys, which check row by row, were more than half of what an import costs the database. The
    # unique and ranking indexes begin with these columns.
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="posts", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="posts", db_constraint=False, db_index=False
    )
    platform = models.CharField(max_length=16, choices=PLATFORM_CHOICES)
    native_id = models.CharField(max_length=64)
    type = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField()
    text = models.TextField(blank=True)
    # Of the text, by ``language_of``.
    language = models.CharField(max_length=8, choices=Language.choices, blank=True)
    url = models.TextField(blank=True)
    link = models.TextField(blank=True)
    link_text = models.TextField(blank=True)
    link_description = models.TextField(blank=True)
    image_text = models.TextField(blank=True)
    media_url = models.TextField(blank=True)
    sponsor = models.TextField(blank=True)
    # Of the account, when the post was published; members for a group.
    followers = models.PositiveBigIntegerField(null=True, blank=True)
    reactions = models.GeneratedField(
        expression=_sum_of(*REACTIONS),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    interactions = models.GeneratedField(
        expression=Case(
            When(platform="instagram", then=_sum_of(*PLATFORMS["instagram"].interactions)),
            default=_sum_of(*PLATFORMS["facebook"].interactions),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    # The moment of the observation whose counters are the reported ones.
    counted_at = models.DateTimeField()
    is_provisional = models.BooleanField()
    first_import = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="created_posts",
        db_constraint=False,
        db_index=False,
    )
    # The import of the reported observation, where that is not the first one.
    recounted_in = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="recounted_posts",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PostQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "platform", "native_id"],
                name="post_native_id_is_unique_on_platform",
            ),
            models.CheckConstraint(
                condition=Q(platform__in=list(PLATFORMS)), name="post_platform_is_known"
            ),
            models.CheckConstraint(condition=~Q(native_id=""), name="post_has_a_native_id"),
            models.CheckConstraint(
                condition=Q(language__in=["", *Language.values]), name="post_language_is_known"
            ),
            models.CheckConstraint(
                condition=_only_own_counters(), name="post_lacks_the_counters_its_platform_lacks"
            ),
        ]
        indexes = [
            # Serves the ranking of an account's posts and the top-N sample.
            models.Index(fields=["account", "-interactions"], name="post_by_interactions"),
            # Serves the posts behind a day of a chart.
            models.Index(fields=["account", "published_at"], name="post_by_time"),
        ]

    def __str__(self) -> str:
        return self.native_id


class OtherObservation(Counters):
    """What a post's counters were at a moment whose observation is not the reported one."""

    pk = models.CompositePrimaryKey("post_id", "observed_at")
    post = models.ForeignKey(
        Post,
        on_delete=models.CASCADE,
        related_name="other_observations",
        db_constraint=False,
        db_index=False,
    )
    observed_at = models.DateTimeField()
    source_import = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="other_observations",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        ordering = ["observed_at"]

    def __str__(self) -> str:
        return f"{self.observed_at:%Y-%m-%d %H:%M}"


class Observation(Counters):
    """What a post's counters were at one moment: the reported observation and all others.

    A view, for reading.
    """

    pk = models.CompositePrimaryKey("post_id", "observed_at")
    post = models.ForeignKey(Post, on_delete=models.DO_NOTHING, related_name="observations")
    observed_at = models.DateTimeField()
    source_import = models.ForeignKey(
        Import, on_delete=models.DO_NOTHING, related_name="observations"
    )

    class Meta:
        managed = False
        ordering = ["observed_at"]

    def __str__(self) -> str:
        return f"{self.observed_at:%Y-%m-%d %H:%M}"


class DailyTotal(models.Model):
    """What an account's posts of one day and type add up to, kept with them in one transaction.

    Days are days of the project's zone. Charts read these rows and never the posts, so they stay
    as fast at ten million posts. Missing counters add 0.
    """

    pk = models.CompositePrimaryKey("account_id", "day", "type")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="daily_totals", db_index=False
    )
    day = models.DateField()
    type = models.CharField(max_length=40, blank=True)
    posts = models.BigIntegerField(default=0)
    interactions = models.BigIntegerField(default=0)
    reactions = models.BigIntegerField(default=0)
    likes = models.BigIntegerField(default=0)
    love = models.BigIntegerField(default=0)
    wow = models.BigIntegerField(default=0)
    haha = models.BigIntegerField(default=0)
    sad = models.BigIntegerField(default=0)
    angry = models.BigIntegerField(default=0)
    care = models.BigIntegerField(default=0)
    other_reactions = models.BigIntegerField(default=0)
    comments = models.BigIntegerField(default=0)
    shares = models.BigIntegerField(default=0)
    views = models.BigIntegerField(default=0)
    views_total = models.BigIntegerField(default=0)
    provisional_posts = models.BigIntegerField(default=0)
    # Posts whose followers are known, and the sum of interactions / followers over them,
    # each rounded to nine decimals so that sums are exact however often they are changed.
    rated_posts = models.BigIntegerField(default=0)
    rate_sum = models.DecimalField(max_digits=24, decimal_places=9, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(posts__gte=0, interactions__gte=0),
                name="daily_total_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class DailyLanguage(models.Model):
    """What an account's posts of one day and language add up to, kept as ``DailyTotal`` is.

    Days are days of the project's zone. Nothing is stored by type and language together.
    """

    pk = models.CompositePrimaryKey("account_id", "day", "language")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="daily_languages", db_index=False
    )
    day = models.DateField()
    language = models.CharField(max_length=8, choices=Language.choices, blank=True)
    posts = models.BigIntegerField(default=0)
    interactions = models.BigIntegerField(default=0)
    provisional_posts = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(posts__gte=0, interactions__gte=0),
                name="daily_language_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"
