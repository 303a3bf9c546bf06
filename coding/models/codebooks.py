"""What monitors are asked: topics, tone grades and flags, in versions that never change."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.models import Owned, localized


class Codebook(Owned):
    """The codebook of a project; its content is in its versions."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"], name="codebook_name_is_unique_in_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name


MOST_SEVERE = 6


class VersionState(models.TextChoices):
    """A draft may change; a published or retired version never does (a trigger sees to it)."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class CodebookVersion(models.Model):
    """One edition of a codebook; every coding names the one it was made under."""

    codebook = models.ForeignKey(Codebook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=VersionState.choices, default=VersionState.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["codebook", "number"], name="codebook_version_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=["codebook"],
                condition=Q(state=VersionState.PUBLISHED),
                name="codebook_has_one_published_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="codebook_version_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(published_at__isnull=False),
                name="codebook_version_was_published_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Entry(models.Model):
    """One answer that a codebook offers, with the words that say when to give it.

    ``key`` is what codings are counted by in every version; ``came_from`` are the keys of the
    version before that it takes over besides its own: those merged into it, or the one it was
    split from (``coding.succession`` says what follows).
    """

    key = models.SlugField()
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120, blank=True)
    name_ky = models.CharField(max_length=120, blank=True)
    definition = models.TextField(blank=True)
    use_when = models.TextField(blank=True)
    do_not_use_when = models.TextField(blank=True)
    examples = models.TextField(blank=True)
    # Where it was taken from and under which licence.
    source = models.CharField(max_length=200, blank=True)
    came_from = ArrayField(models.SlugField(), default=list, blank=True)
    # Taken over from elsewhere and naming another country: a lead has to look at it.
    needs_review = models.BooleanField(default=False)

    # Of the foreign key that every kind of entry has.
    version_id: int

    class Meta:
        abstract = True
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return localized(self, "name")


class Topic(Entry):
    """What a post is about; topics form a tree."""

    version = models.ForeignKey(CodebookVersion, on_delete=models.CASCADE, related_name="topics")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="topic_key_is_unique"),
        ]


class ToneGrade(Entry):
    """How a post speaks of an actor; grades are ordered by value, 0 is neutral."""

    version = models.ForeignKey(
        CodebookVersion, on_delete=models.CASCADE, related_name="tone_grades"
    )
    value = models.SmallIntegerField()

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="tone_grade_key_is_unique"),
            models.UniqueConstraint(fields=["version", "value"], name="tone_grade_value_is_unique"),
        ]


class FlagKind(Entry):
    """What may be wrong with a post: disinformation, manipulation, hate speech …

    A type of a flag is a kind under it: "fabricated content" under "disinformation". ``severity``
    orders kinds from mild (1) to grave (6), as the scale of hate speech by Bahador does.
    """

    version = models.ForeignKey(
        CodebookVersion, on_delete=models.CASCADE, related_name="flag_kinds"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    severity = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="flag_kind_key_is_unique"),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, MOST_SEVERE)),
                name="flag_kind_severity_is_from_1_to_6",
                violation_error_message=_("Severity goes from 1 to 6."),
            ),
        ]


class QuestionKind(models.TextChoices):
    """What an extra question is answered with."""

    CHOICE = "choice", _("one of several answers")
    NUMBER = "number", _("a number")
    YES_NO = "yes_no", _("yes or no")
    TEXT = "text", _("text")


class Question(Entry):
    """A further question about a post; ``coding.extra_questions`` says which answers are valid.

    ``options`` of a choice are ``{"key", "name", "name_ru", "name_ky"}``, in order. ``minimum`` and
    ``maximum`` bound a number, both inclusive.
    """

    version = models.ForeignKey(CodebookVersion, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=6, choices=QuestionKind.choices)
    options = models.JSONField(default=list, blank=True)
    minimum = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    maximum = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    is_required = models.BooleanField(default=False)

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_key_is_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=QuestionKind.CHOICE) | ~Q(options=[]),
                name="question_of_choice_has_options",
                violation_error_message=_("A question with answers to choose from needs answers."),
            ),
        ]
