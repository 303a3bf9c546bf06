"""What leads send: snapshots and their links, exports, notes, translations, charts they build."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboards.measures import MEASURES, Measures
from dashboards.measures.vocabulary import DIMENSION_LABELS, TONES
from dashboards.models import DocumentFormat, ExportedTable, ExportFormat, Form, FrozenPage
from dashboards.sharing import LONGEST_DAYS
from monitoring.access import ProjectRequest
from monitoring.models import PLATFORM_CHOICES, Ad, Advertiser, Language, Project


class SnapshotForm(forms.Form):
    """Which page to freeze, and what to call it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    page = forms.ChoiceField(label=_("Page"), choices=FrozenPage.choices)


class ShareForm(forms.Form):
    """For how long strangers may see a snapshot, and in which language."""

    days = forms.IntegerField(
        label=_("Days until the link ends"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ExportForm(forms.Form):
    """Which table, in which format."""

    what = forms.ChoiceField(label=_("What"), choices=ExportedTable.choices)
    format = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices)


class DocumentForm(forms.Form):
    """The report as a document: in which form, in which language."""

    format = forms.ChoiceField(label=_("Format"), choices=DocumentFormat.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class NoteForm(forms.Form):
    """What a lead says about a chart."""

    text = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )


class TakenDownForm(forms.Form):
    """Which ads the Ad Library shows as taken down, and the reason it gives."""

    advertiser = forms.ModelChoiceField(label=_("Advertiser"), queryset=Advertiser.objects.none())
    ad = forms.ModelChoiceField(
        label=_("Library ID of the ad (empty: all ads of the page)"),
        queryset=Ad.objects.none(),
        to_field_name="native_id",
        required=False,
        widget=forms.TextInput,
    )
    reason = forms.CharField(
        label=_("Reason, as the Ad Library gives it (empty takes the note away)"),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["advertiser"].queryset = Advertiser.objects.of(project)  # type: ignore[attr-defined]
        self.fields["ad"].queryset = Ad.objects.of(project)  # type: ignore[attr-defined]

    @classmethod
    def of(cls, request: ProjectRequest) -> "TakenDownForm":
        """The form as sent, else empty."""
        return cls(request.POST if request.method == "POST" else None, project=request.project)

    @property
    def saved(self) -> Any:
        return _("Noted.") if self.cleaned_data["reason"] else _("The note is gone.")


class TranslationForm(forms.Form):
    """A post in another language."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    text = forms.CharField(max_length=10_000, required=False)


def _offer(form: forms.Form, **choices: list[tuple[str, Any]]) -> None:
    """Let fields offer what the project has."""
    for name, values in choices.items():
        form.fields[name].choices = values  # type: ignore[attr-defined]  # of choice fields


class TopPostsForm(forms.Form):
    """Which top posts to see."""

    platform = forms.ChoiceField(label=_("Platform"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False)
    count = forms.TypedChoiceField(
        label=_("How many"),
        required=False,
        coerce=int,
        choices=[(number, number) for number in (5, 10, 20)],
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = [(one.key, one.label) for one in project.categories.all()]
        periods = [(one.key, one.label) for one in project.periods.all()]
        _offer(self, platform=[("", _("All")), *PLATFORM_CHOICES])
        _offer(self, category=[("", _("All")), *categories], period=periods)


class BuildForm(forms.Form):
    """A question to the measures, a form, and a title."""

    title = forms.CharField(label=_("Title"), max_length=200)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=200, required=False)
    title_ky = forms.CharField(label=_("Title in Kyrgyz"), max_length=200, required=False)
    measure = forms.ChoiceField(label=_("What to count"))
    first = forms.ChoiceField(label=_("By"))
    second = forms.ChoiceField(label=_("and by"), required=False)
    form = forms.ChoiceField(label=_("Drawn as"), choices=Form.choices)
    period = forms.ChoiceField(label=_("Period"))
    scope = forms.ChoiceField(
        label=_("Which posts"),
        choices=[("all", _("All posts")), ("analysed", _("The analysed posts"))],
    )
    platform = forms.MultipleChoiceField(
        label=_("Platform"), required=False, choices=PLATFORM_CHOICES
    )
    category = forms.MultipleChoiceField(label=_("Category"), required=False)
    actor = forms.MultipleChoiceField(label=_("Actor"), required=False)
    language = forms.MultipleChoiceField(
        label=_("Language"), required=False, choices=Language.choices
    )
    about = forms.MultipleChoiceField(label=_("About whom"), required=False)
    tone = forms.MultipleChoiceField(label=_("Tone"), required=False)
    topic = forms.MultipleChoiceField(label=_("Topic"), required=False)
    flag = forms.MultipleChoiceField(label=_("Flag"), required=False)

    FILTERS = ("platform", "category", "actor", "language", "about", "tone", "topic", "flag")

    def __init__(self, *args: Any, measures: Measures, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        background = measures.background
        dimensions = [(key, capfirst(str(label))) for key, label in DIMENSION_LABELS.items()]
        actors = sorted(actor.name for actor in background.directory.actors.values())
        choices: dict[str, list[tuple[str, Any]]] = {
            "measure": [(key, capfirst(str(label))) for key, label in MEASURES.items()],
            "first": dimensions,
            "second": [("", "–"), *dimensions],
            "period": [(one.key, one.label) for one in background.periods.values()],
            "category": list(background.category_labels.items()),
            "actor": [(name, name) for name in actors],
            "about": [(name, name) for name in actors],
            "tone": list(TONES.items()),
            "topic": list(background.topics.items()),
            "flag": list(background.flags.items()),
        }
        _offer(self, **choices)
        self.initial.setdefault("period", "entire")
        for name in self.FILTERS:
            self.fields[name].widget.attrs["size"] = 5

    def question(self) -> dict[str, Any]:
        """The words of the question, as a built chart keeps them."""
        chosen = self.cleaned_data
        return {
            "measure": chosen["measure"],
            "by": [name for name in (chosen["first"], chosen["second"]) if name],
            "where": {name: chosen[name] for name in self.FILTERS if chosen[name]},
            "period": chosen["period"],
            "scope": chosen["scope"],
            "form": chosen["form"],
        }

    @property
    def words(self) -> list[forms.BoundField]:
        names = ("measure", "first", "second", "form", "period", "scope")
        return [self[name] for name in names]

    @property
    def titles(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "title_ru", "title_ky")]

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FILTERS]
