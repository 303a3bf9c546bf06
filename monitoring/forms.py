"""What a person sends with the files they upload."""

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from monitoring.models import Account, Actor, Category, Project, validate_timezone


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files to import. What a file says of itself goes before what is stated here."""

    uploads = SeveralFilesField(
        label=_("Files"), max_length=1000, allow_empty_file=True, help_text=_("CSV, as exported.")
    )
    timezone = forms.CharField(
        label=_("Time zone of the times in the files"),
        required=False,
        max_length=64,
        validators=[validate_timezone],
        help_text=_("Only if they do not print one, or one like CST that many zones are called."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    exported_at = forms.DateTimeField(
        label=_("When they were exported"),
        required=False,
        help_text=_("Only if their names do not say; in the project's time zone."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, project: Project, now: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.now = now

    def clean_exported_at(self) -> datetime.datetime | None:
        """The wall clock's time, read in the project's zone."""
        moment: datetime.datetime | None = self.cleaned_data["exported_at"]
        if moment is None:
            return None
        moment = moment.replace(tzinfo=self.project.zone)
        if moment > self.now:
            raise ValidationError(_("This moment is still to come."))
        return moment

    @staticmethod
    def zones() -> list[str]:
        return sorted(zoneinfo.available_timezones())


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
        fields["actor"].queryset = Actor.objects.of(project)
        fields["category"].queryset = Category.objects.of(project)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        do, _colon, actor = cleaned.get("do", "").partition(":")
        if actor:
            cleaned["actor"] = self.fields["actor"].clean(actor)
        needs = {"assign": "actor", "create": "category", "ignore": "", "wait": ""}
        if do not in needs or (needs[do] and not cleaned.get(needs[do])):
            raise ValidationError(_("Choose what to do, and with which accounts."))
        cleaned["do"] = do
        return cleaned
