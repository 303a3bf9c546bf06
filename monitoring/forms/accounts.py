"""What is done with accounts that nobody knows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from monitoring.models import (
    Account,
    Actor,
    Category,
    Project,
)


class UnknownAccountsForm(forms.Form):
    """What becomes of waiting accounts: they get an actor or a new one, are ignored, or wait again.

    The button says ``assign:<actor>`` where it stands for one actor, else the choice beside it.
    """

    do = forms.CharField(max_length=30)
    accounts = forms.ModelMultipleChoiceField(queryset=Account.objects.none())
    actor = forms.ModelChoiceField(queryset=Actor.objects.none(), required=False)
    category = forms.ModelChoiceField(queryset=Category.objects.none(), required=False)
    name = forms.CharField(max_length=200, required=False)

    def __init__(self, data: Any, *, project: Project) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["accounts"].queryset = Account.objects.of(project)
        fields["actor"].queryset = Actor.objects.of(project).select_related("merged_into")
        fields["category"].queryset = Category.objects.of(project)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        do, _colon, actor = cleaned.get("do", "").partition(":")
        if actor:
            cleaned["actor"] = self.fields["actor"].clean(actor)
        if cleaned.get("actor"):
            cleaned["actor"] = cleaned["actor"].counts_as  # of a page from before a merging
        needs = {"assign": "actor", "create": "category", "ignore": "", "wait": ""}
        if do not in needs or (needs[do] and not cleaned.get(needs[do])):
            raise ValidationError(_("Choose what to do, and with which accounts."))
        cleaned["do"] = do
        return cleaned
