"""Charts that leads make, where charts stand on the dashboard, and what leads write beside them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned, Post
from monitoring.models.projects import localized


class Form(models.TextChoices):
    """How an answer is drawn."""

    BARS = "bars", _("Bars, the largest first")
    STACKED = "stacked", _("Stacked bars")
    DAYS = "days", _("Over time")
    HEAT = "heat", _("Heat map")
    TABLE = "table", _("Table only")


class BuiltChart(Owned):
    """A question to the measures, a form and a title.

    ``by`` holds one or two dimensions, ``where`` a list of values per filter, in the vocabulary of
    ``dashboards.measures``.
    """

    title = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200, blank=True)
    title_ky = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=32)
    by = ArrayField(models.CharField(max_length=16), size=2)
    where = models.JSONField(default=dict, blank=True)
    period = models.CharField(max_length=50, default="entire")
    scope = models.CharField(max_length=8, default="all")
    form = models.CharField(max_length=7, choices=Form.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="built_charts"
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="built_chart_has_a_title"),
            models.CheckConstraint(
                condition=Q(form__in=Form.values), name="built_chart_form_is_known"
            ),
            models.CheckConstraint(
                condition=Q(by__len__in=[1, 2]), name="built_chart_has_one_or_two_dimensions"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What addresses call it."""
        return f"own-{self.pk}"

    @property
    def label(self) -> str:
        return localized(self, "title")


class Place(Owned):
    """Where a chart stands on the dashboard, from 1; a project without any shows the usual ones."""

    chart_key = models.SlugField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "chart_key"], name="place_is_one_per_chart_and_dashboard"
            ),
            models.UniqueConstraint(
                fields=["project", "position"], name="place_holds_one_chart_of_a_dashboard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.chart_key}"


class ChartNote(Owned):
    """What a lead says about a chart; printed with it."""

    chart_key = models.SlugField()
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chart_notes"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "chart_key"], name="chart_note_is_one_per_chart"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="chart_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class PostTranslation(models.Model):
    """A post's text in the language of the report, by a lead; shown with the top posts."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="post_translations"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "language"], name="post_translation_is_one_per_language"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "ru", "ky"]),
                name="post_translation_language_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="post_translation_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.language}"
