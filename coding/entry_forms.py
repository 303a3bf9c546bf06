"""The forms in which a lead writes the entries of a codebook."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from coding.models import FlagKind, Question, QuestionKind, Section, ToneGrade, Topic
from coding.models.codebooks import Entry

NAMES = ["name", "name_ru", "name_ky"]
WORDS = ["definition", "use_when", "do_not_use_when", "examples", "source"]
LABELS = {
    "name": _("Name (English)"),
    "name_ru": _("Name (Russian)"),
    "name_ky": _("Name (Kyrgyz)"),
    "definition": _("Definition"),
    "use_when": _("Use when"),
    "do_not_use_when": _("Do not use when"),
    "examples": _("Examples"),
    "source": _("Source and licence"),
    "value": _("Grade (0 is neutral, above is positive)"),
    "severity": _("Severity (1 mild to 6 grave)"),
    "kind": _("Answered with"),
    "minimum": _("Smallest number"),
    "maximum": _("Largest number"),
    "is_required": _("Has to be answered"),
}
AREAS = {
    name: forms.Textarea(attrs={"rows": 2})
    for name in ("definition", "use_when", "do_not_use_when", "examples")
}


class TopicForm(forms.ModelForm):
    """An entry's words. ``was`` says how the entry was when the form was opened: of two leads who
    write in one at once the later one sees what the other wrote, and keeps what they wrote."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Topic
        fields = [*NAMES, *WORDS]
        labels = LABELS
        widgets = AREAS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {
            name: self.get_initial_for_field(self.fields[name], name) for name in self.initial
        }
        self.fields["was"].initial = self._state

    @property
    def _state(self) -> str:
        return hashlib.sha256(repr(sorted(self._stored.items())).encode()).hexdigest()[:16]

    def clean(self) -> dict[str, Any] | None:
        # Whoever saves an entry has looked at it.
        self.instance.needs_review = False
        cleaned = super().clean() or {}
        if cleaned.get("was") not in ("", self._state):
            # Saved once more it is meant to replace the other's.
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data["was"] = self._state
            self.data = data
            raise forms.ValidationError(_changed_meanwhile(self, cleaned), code="changed")
        return cleaned


def _changed_meanwhile(form: TopicForm, written: Mapping[str, Any]) -> str:
    theirs = [
        f"{form.fields[name].label}: {stored}"
        for name, stored in form._stored.items()
        if name in written and written[name] != stored
    ]
    words = _("Somebody changed this entry meanwhile. Save again to replace what they wrote:")
    return f"{words} {'; '.join(theirs)}"


class ToneForm(TopicForm):
    class Meta(TopicForm.Meta):
        model = ToneGrade  # type: ignore[assignment]
        fields = [*NAMES, "value", *WORDS]


class FlagForm(TopicForm):
    class Meta(TopicForm.Meta):
        model = FlagKind  # type: ignore[assignment]
        fields = [*NAMES, "severity", *WORDS]


class QuestionForm(TopicForm):
    """A question; its answers are written one a line: English | Russian | Kyrgyz."""

    answers = forms.CharField(
        label=_("Answers to choose from, one a line"),
        help_text=_("English | Russian | Kyrgyz; the last two may be left out."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    field_order = [*NAMES, "kind", "answers", "minimum", "maximum", "is_required", *WORDS]

    class Meta(TopicForm.Meta):
        model = Question  # type: ignore[assignment]
        fields = [*NAMES, "kind", "minimum", "maximum", "is_required", *WORDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answers"].initial = "\n".join(
            " | ".join(filter(None, (each["name"], each["name_ru"], each["name_ky"])))
            for each in self.instance.options
        )
        self._stored["answers"] = self.fields["answers"].initial
        self.fields["was"].initial = self._state

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        options = self._options(cleaned.get("answers", "")) if kind == QuestionKind.CHOICE else []
        if kind == QuestionKind.CHOICE and len(options) < 2:
            self.add_error("answers", _("Write at least two answers."))
        self.instance.options = options
        if kind != QuestionKind.NUMBER:
            cleaned["minimum"] = cleaned["maximum"] = None
        return cleaned

    def _options(self, text: str) -> list[dict[str, str]]:
        """The answers; one that is only worded anew in another language keeps its key."""
        known = {each["name"]: each["key"] for each in self.instance.options}
        used: set[str] = set(known.values())
        options = []
        for line in filter(str.strip, text.splitlines()):
            name, ru, ky = [*map(str.strip, line.split("|")), "", ""][:3]
            key = known.get(name) or _free(slugify(name)[:40] or "answer", used)
            used.add(key)
            options.append({"key": key, "name": name[:120], "name_ru": ru, "name_ky": ky})
        return options


def _free(stem: str, used: set[str]) -> str:
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if key not in used)


FORMS: dict[str, type[TopicForm]] = {
    Section.TOPICS: TopicForm,
    Section.TONES: ToneForm,
    Section.FLAGS: FlagForm,
    Section.QUESTIONS: QuestionForm,
}


def form_of(section: str, entry: Entry, data: Any = None) -> TopicForm:
    """The form of an entry; ids of its fields hold the entry, so that labels point at one."""
    return FORMS[section](data, instance=entry, auto_id=f"{section}-{entry.pk}-%s")
