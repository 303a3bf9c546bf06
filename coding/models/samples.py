"""The posts to be coded, as they were drawn."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import PLATFORM_CHOICES, Category, Owned, Post


class Method(models.TextChoices):
    """How a category's posts are chosen."""

    CENSUS = "census", _("all posts")
    TOP = "top", _("most interactions")


class SampleRule(Owned):
    """Which posts of a category are coded: all, or the top ``size`` by interactions.

    Source: the report's methodology ("For categories of media, influencers, and groups, only the
    top200 posts (according to their interaction) were analyzed"), read as per category and
    platform; ``per_account`` is the other reading.
    """

    category = models.OneToOneField(Category, on_delete=models.CASCADE, related_name="sample_rule")
    method = models.CharField(max_length=6, choices=Method.choices)
    size = models.PositiveIntegerField(null=True, blank=True)
    per_account = models.BooleanField(default=False)

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


class Sample(Owned):
    """The last drawing of a category's posts on a platform."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="samples")
    platform = models.CharField(max_length=16, choices=PLATFORM_CHOICES)
    method = models.CharField(max_length=6, choices=Method.choices)
    # The number the rule asked for; a smaller category gives fewer.
    wanted = models.PositiveIntegerField(null=True, blank=True)
    drawn_at = models.DateTimeField()

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


class SamplePostQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The posts of the last drawing, without those that newer counters ranked out."""
        return self.filter(left_at__isnull=True)


class SamplePost(models.Model):
    """A post that was drawn; one that newer counters rank out stays, with its codings."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="sample_posts")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="sample_post")
    rank = models.PositiveIntegerField()
    interactions = models.BigIntegerField(help_text=_("when it was drawn"))
    left_at = models.DateTimeField(null=True, blank=True)

    objects = SamplePostQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return f"{self.rank}"
