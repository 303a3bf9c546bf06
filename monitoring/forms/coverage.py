"""Which coverage is shown, and what is said of whom an export covers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.models import (
    PLATFORM_CHOICES,
    Category,
    Covered,
    Project,
)


class CoverageFilter(forms.Form):
    """Which accounts and days of the coverage to see."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    by = forms.ChoiceField(
        label=_("Columns"),
        required=False,
        choices=[("", "–"), ("day", _("days")), ("week", _("weeks"))],
    )
    # Chosen by the numbers above the table.
    only = forms.ChoiceField(
        required=False,
        choices=[("", ""), ("gaps", ""), ("silent", "")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "period": [(one.key, one.label) for one in project.periods.all()],
            "category": [("", _("All")), *((c.key, c.label) for c in project.categories.all())],
            "platform": [("", _("All")), *PLATFORM_CHOICES],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # of choice fields
        self.initial.setdefault("period", "entire")


class StatedCoverageForm(forms.Form):
    """Of which accounts and days an export is, silent accounts included."""

    accounts = forms.ChoiceField(label=_("It is of"), choices=Covered.choices)
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False, empty_label="–"
    )
    start = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    end = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = Category.objects.of(project)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or self.cleaned_data
        is_of_one = chosen.get("accounts") == Covered.CATEGORY
        if is_of_one and not chosen.get("category"):
            raise forms.ValidationError(_("Say of which category it is."))
        if chosen.get("start") and chosen.get("end") and chosen["start"] > chosen["end"]:
            raise forms.ValidationError(_("The first day comes after the last."))
        return chosen

    def stated(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        chosen = self.cleaned_data
        is_of_one = chosen["accounts"] == Covered.CATEGORY
        return {**chosen, "category": chosen["category"] if is_of_one else None}
