"""The posts to be coded, as they were drawn."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coding.sampling import Rule
from monitoring.models import PLATFORM_CHOICES, Category, Owned, Post, Project


class Method(models.TextChoices):
    """How a category's posts are chosen."""

    CENSUS = "census", _("all posts")
    TOP = "top", _("most interactions")


class SampleRule(Owned):
    """Which posts of a category are coded: all, or the top ``size`` by interactions.

    Source: the report's methodology ("For categories of media, influencers, and groups, only the
    top200 posts (according to their interaction) were analyzed"), read as per category and
    platform; ``per_account`` is the other reading. ``per_period`` takes the top of each of the
    project's periods (all but the entire one) instead of the top of the whole.
    """

    category = models.OneToOneField(Category, on_delete=models.CASCADE, related_name="sample_rule")
    method = models.CharField(max_length=6, choices=Method.choices)
    size = models.PositiveIntegerField(null=True, blank=True)
    per_account = models.BooleanField(default=False)
    per_period = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method=Method.CENSUS, size__isnull=True)
                | Q(method=Method.TOP, size__gt=0),
                name="sample_rule_top_has_a_size",
                violation_error_message=_("A top sample needs a number of posts."),
            ),
        ]

    def __str__(self) -> str:
        return self.method

    @property
    def rule(self) -> Rule:
        return Rule(self.size, per_account=self.per_account, per_period=self.per_period)


class Sample(Owned):
    """The last drawing of a category's posts on a platform, and the rule it followed."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="samples")
    platform = models.CharField(max_length=16, choices=PLATFORM_CHOICES)
    method = models.CharField(max_length=6, choices=Method.choices)
    # The number the rule asked for; a smaller category gives fewer.
    wanted = models.PositiveIntegerField(null=True, blank=True)
    per_account = models.BooleanField(default=False)
    per_period = models.BooleanField(default=False)
    drawn_at = models.DateTimeField()
    # A frozen sample is not drawn again, whatever newer counters say.
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["platform", "category__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "category", "platform"],
                name="sample_is_one_per_category_and_platform",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.method}"

    @property
    def rule(self) -> Rule:
        return Rule(self.wanted, per_account=self.per_account, per_period=self.per_period)


class SamplePostQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The posts of the last drawing, without those that newer counters ranked out."""
        return self.filter(left_at__isnull=True)

    def in_pool_of(self, project: Project) -> Self:
        """The posts that whoever is free may take."""
        return self.filter(sample__project=project, place__isnull=False)


class SamplePost(models.Model):
    """A post that was drawn; one that newer counters rank out stays, with its codings."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="sample_posts")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="sample_post")
    rank = models.PositiveIntegerField()
    interactions = models.BigIntegerField(help_text=_("when it was drawn"))
    left_at = models.DateTimeField(null=True, blank=True)
    # Its place in the common pool, from which whoever is free takes the next; None: not in it.
    place = models.PositiveIntegerField(null=True, blank=True)
    # In the pool: as many as are asked for it coded or skipped it, or were dealt it. Kept by the
    # database (migration 0010); what is written to it is counted, not believed.
    has_enough_monitors = models.BooleanField(default=False, db_default=False, editable=False)

    objects = SamplePostQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]
        indexes = [
            # Serves taking the next post from the pool.
            models.Index(
                fields=["place"],
                condition=Q(place__isnull=False, left_at__isnull=True, has_enough_monitors=False),
                name="sample_post_in_pool",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}"


class OverlapPost(models.Model):
    """A sampled post that several monitors code blind, and what it stands for.

    ``weight`` is how many posts of the sample it represents (posts of its stratum / those of them
    drawn), so that rare flags may be drawn more often than they occur.
    """

    sample_post = models.OneToOneField(SamplePost, on_delete=models.CASCADE, related_name="overlap")
    coders = models.PositiveSmallIntegerField(default=2)
    stratum = models.CharField(max_length=120)
    # Added since one monitor had flagged it, not drawn by chance from all.
    is_oversampled = models.BooleanField(default=False)
    weight = models.FloatField(default=1)
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(coders__gte=2), name="overlap_post_has_two_coders"),
            models.CheckConstraint(
                condition=Q(weight__gte=1), name="overlap_post_weight_is_from_1"
            ),
        ]

    def __str__(self) -> str:
        return self.stratum
