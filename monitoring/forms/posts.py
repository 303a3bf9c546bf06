"""Which posts are looked for."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from monitoring.models import (
    PLATFORM_CHOICES,
    Actor,
    Project,
)


class PostSearch(forms.Form):
    """Which posts to list."""

    words = forms.CharField(
        label=_("Text, address or id"),
        required=False,
        max_length=500,
        widget=forms.TextInput({"type": "search"}),
    )
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    actor = forms.ChoiceField(label=_("Actor"), required=False)
    first_day = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"})
    )
    last_day = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"})
    )
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            ("", _("All")),
            ("provisional", _("with provisional counters")),
            ("waiting", _("of accounts that wait")),
        ],
    )
    # From links of other pages; nobody types them.
    account = forms.IntegerField(required=False, widget=forms.HiddenInput)
    type = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, project: Project) -> None:
        rows = Actor.objects.of(project).order_by("name").values_list("pk", "merged_into", "name")
        actors = [(pk, name) for pk, into, name in rows if into is None]
        # An address may name an actor that was merged into another one since.
        heirs = {str(pk): str(into) for pk, into, _name in rows if into is not None}
        if data and (heir := heirs.get(data.get("actor", ""))):
            data = data.copy()
            data["actor"] = heir
        super().__init__(data)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "platform": [("", _("All")), *PLATFORM_CHOICES],
            "category": [("", _("All")), *((c.key, c.label) for c in project.categories.all())],
            "actor": [("", _("All")), *actors],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # of choice fields
