"""What leads send when they write findings: a sentence, and a number picked for it."""

import json
import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashboards.findings.numbers import PRINT_LABELS, Number
from dashboards.findings.template import templates
from dashboards.measures import MEASURES, Measures, UnknownWord
from dashboards.measures.vocabulary import DIMENSION_LABELS, TONES
from dashboards.models import FindingSection
from monitoring.models import PLATFORM_CHOICES, AccountKind, Language

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_ANY = ("", "–")


class TemplateForm(forms.Form):
    """Which sentences to start from, and whom they follow."""

    template = forms.ChoiceField(label=gettext_lazy("Sentences of"))
    frontrunner = forms.ChoiceField(
        label=gettext_lazy("The candidate whom the report follows"), required=False
    )

    def __init__(self, *args: Any, measures: Measures, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(
            actor.name
            for actor in measures.background.directory.actors.values()
            if actor.category == "candidate"
        )
        language = get_language() or "en"
        offered = {
            "template": [(name, title[language]) for name, title in templates().items()],
            "frontrunner": [_ANY, *((name, name) for name in names)],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # of choice fields


class FindingForm(forms.Form):
    """A sentence in up to three languages; ``numbers`` is what its placeholders stand for."""

    # Every button of the page sends all of it: what is missing is said by the one that needs it.
    use_required_attribute = False

    section = forms.ChoiceField(label=gettext_lazy("Section"), choices=FindingSection.choices)
    text = forms.CharField(
        label=gettext_lazy("In English"), max_length=5000, widget=forms.Textarea({"rows": 4})
    )
    text_ru = forms.CharField(
        label=gettext_lazy("In Russian"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4, "lang": "ru"}),
    )
    text_ky = forms.CharField(
        label=gettext_lazy("In Kyrgyz"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4, "lang": "ky"}),
    )
    numbers = forms.JSONField(required=False, widget=forms.HiddenInput)
    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def clean_numbers(self) -> dict[str, dict[str, Any]]:
        """What came back from the page is checked as if a stranger had sent it."""
        numbers = self.cleaned_data["numbers"] or {}
        if not isinstance(numbers, dict) or not all(map(_NAME.fullmatch, numbers)):
            raise forms.ValidationError(_("These numbers cannot be read; reload the page."))
        try:
            return {name: Number.of_words(words).words for name, words in numbers.items()}
        except (UnknownWord, TypeError, ValueError, AttributeError) as problem:
            raise forms.ValidationError(str(problem)) from problem

    @property
    def texts(self) -> dict[str, str]:
        names = {"en": "text", "ru": "text_ru", "ky": "text_ky"}
        return {key: self.cleaned_data.get(names[key], "") for key, _label in settings.LANGUAGES}


class NumberForm(forms.Form):
    """A question to the measures, and what of its answer to print."""

    use_required_attribute = False

    name = forms.RegexField(
        regex=rf"^{_NAME.pattern}$",
        label=gettext_lazy("Name in the sentence"),
        help_text=gettext_lazy("small Latin letters, such as first_posts"),
    )
    prints = forms.ChoiceField(label=gettext_lazy("Print"), choices=list(PRINT_LABELS.items()))
    measure = forms.ChoiceField(label=gettext_lazy("What to count"))
    by = forms.ChoiceField(label=gettext_lazy("By"), required=False)
    then = forms.ChoiceField(label=gettext_lazy("and by"), required=False)
    place = forms.IntegerField(
        label=gettext_lazy("Which place"), min_value=1, max_value=500, required=False
    )
    who = forms.ChoiceField(label=gettext_lazy("or whose"), required=False)
    bound = forms.ChoiceField(
        label=gettext_lazy("Reaches"),
        required=False,
        choices=[_ANY, ("least", gettext_lazy("at least")), ("over", gettext_lazy("more than"))],
    )
    amount = forms.IntegerField(label=gettext_lazy("this number"), required=False, min_value=0)
    whole = forms.ChoiceField(
        label=gettext_lazy("Share of"),
        required=False,
        choices=[
            _ANY,
            ("same", gettext_lazy("all together")),
            ("political", gettext_lazy("the political subjects")),
            ("category", gettext_lazy("all categories")),
            ("kind", gettext_lazy("pages and groups together")),
            ("platform", gettext_lazy("all platforms")),
            ("period", gettext_lazy("the entire period")),
        ],
    )
    step = forms.TypedChoiceField(
        label=gettext_lazy("Rounded to"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=[_ANY, *((value, f"{value:g}") for value in (0.1, 1, 5, 10, 100, 1000, 10000))],
    )
    unit = forms.TypedChoiceField(
        label=gettext_lazy("Counted in"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("ones")),
            (1000, gettext_lazy("thousands")),
            (1000000, gettext_lazy("millions")),
        ],
    )
    must = forms.ChoiceField(
        label=gettext_lazy("The sentence holds only if it is"),
        required=False,
        choices=[
            _ANY,
            ("zero", gettext_lazy("zero")),
            ("some", gettext_lazy("more than zero")),
            ("all", gettext_lazy("all there are")),
        ],
    )
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    platform = forms.MultipleChoiceField(
        label=gettext_lazy("Platform"), required=False, choices=PLATFORM_CHOICES
    )
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=AccountKind.choices
    )
    category = forms.MultipleChoiceField(label=gettext_lazy("Category"), required=False)
    political = forms.ChoiceField(
        label=gettext_lazy("Political subjects"),
        required=False,
        choices=[_ANY, ("true", gettext_lazy("only these")), ("false", gettext_lazy("without"))],
    )
    actor = forms.MultipleChoiceField(label=gettext_lazy("Actor"), required=False)
    language = forms.MultipleChoiceField(
        label=gettext_lazy("Language"), required=False, choices=Language.choices
    )
    about_category = forms.MultipleChoiceField(label=gettext_lazy("About"), required=False)
    about = forms.MultipleChoiceField(label=gettext_lazy("About whom"), required=False)
    tone = forms.MultipleChoiceField(label=gettext_lazy("Tone"), required=False)
    topic = forms.MultipleChoiceField(label=gettext_lazy("Topic"), required=False)
    flag = forms.MultipleChoiceField(label=gettext_lazy("Flag"), required=False)

    FILTERS = (
        *("platform", "kind", "category", "political", "actor", "language"),
        *("about_category", "about", "tone", "topic", "flag"),
    )
    QUESTION = ("prints", "measure", "by", "then", "place", "who", "bound", "amount")
    FORM = ("period", "whole", "step", "unit", "must", "name")

    def __init__(self, *args: Any, measures: Measures, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "pick", **kwargs})
        background = measures.background
        actors = sorted(actor.name for actor in background.directory.actors.values())
        names = [(name, name) for name in actors]
        dimensions = [(key, capfirst(str(label))) for key, label in DIMENSION_LABELS.items()]
        categories = list(background.category_labels.items())
        offered: dict[str, list[tuple[str, Any]]] = {
            "measure": [(key, capfirst(str(label))) for key, label in MEASURES.items()],
            "by": [_ANY, *dimensions],
            "then": [_ANY, *dimensions],
            "who": [_ANY, *names],
            "period": [(one.key, one.label) for one in background.periods.values()],
            "category": categories,
            "about_category": categories,
            "actor": names,
            "about": names,
            "tone": list(TONES.items()),
            "topic": list(background.topics.items()),
            "flag": list(background.flags.items()),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # of choice fields
        for name in self.FILTERS:
            if isinstance(self.fields[name], forms.MultipleChoiceField):
                self.fields[name].widget.attrs["size"] = 4
        self.initial.setdefault("period", "entire")

    def number(self) -> Number:
        """Raises UnknownWord for a question that makes no sense."""
        chosen = self.cleaned_data
        where = {name: chosen[name] for name in self.FILTERS if chosen[name]}
        words: dict[str, Any] = {
            "measure": chosen["measure"],
            "by": [name for name in (chosen["by"], chosen["then"]) if name],
            "where": where,
            "period": chosen["period"],
            "prints": chosen["prints"],
            "must": chosen["must"],
            "who": chosen["who"],
            "unit": chosen["unit"] or 1,
        }
        optional = {"place": chosen["place"], "step": chosen["step"]}
        if chosen["bound"]:
            optional[chosen["bound"]] = chosen["amount"] or 0
        words |= {key: value for key, value in optional.items() if value is not None}
        if chosen["whole"]:
            words["of"] = _whole(chosen["whole"], where)
        return Number.of_words(words)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.QUESTION]

    @property
    def form_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FORM]

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FILTERS]


def _whole(of: str, where: dict[str, Any]) -> dict[str, Any]:
    """The question whose answer is the whole: the same, with one condition less."""
    if of == "period":
        return {"period": "entire"}
    dropped = {
        "political": {"category", "actor"},
        "category": {"category", "actor", "political"},
        "kind": {"kind", "category", "actor", "political"},
        "platform": {"platform", "kind"},
    }.get(of, set())
    rest = {key: value for key, value in where.items() if key not in dropped}
    return {"where": {**rest, "political": "true"} if of == "political" else rest}


def numbers_json(numbers: dict[str, Any]) -> str:
    """As the hidden field carries them."""
    return json.dumps(numbers, ensure_ascii=False)
