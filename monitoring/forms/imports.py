"""What a person says of files when sending them."""

import datetime
import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from monitoring.models import (
    COVERED_WITHOUT_MORE,
    Project,
    validate_timezone,
)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


class StatedForm(forms.Form):
    """What a person says of files. What a file says of itself goes before it."""

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
    covers = forms.ChoiceField(
        label=_("Which accounts they cover"),
        required=False,
        choices=[
            ("", _("as usual for their kind")),
            *((one.value, one.label) for one in COVERED_WITHOUT_MORE),
        ],
        help_text=_(
            "An account without posts counts as silent only on days that an export of it covers."
            " A search or a capture says nothing of the accounts it did not find; of an export of"
            " the whole list, also those that are not in the file are covered."
        ),
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


ENCODING_NAMES = {
    "windows-1251": _("Windows-1251: Cyrillic"),
    "mac-cyrillic": _("Mac Cyrillic"),
    "koi8-r": _("KOI8-R: Cyrillic"),
    "windows-1252": _("Windows-1252: Western European"),
    "windows-1254": _("Windows-1254: Turkish"),
    "windows-1250": _("Windows-1250: Central European"),
}


class UploadForm(StatedForm):
    """Files to import."""

    encoding = forms.ChoiceField(
        label=_("Encoding of the text"),
        required=False,
        choices=[("", _("told by the text itself")), *ENCODING_NAMES.items()],
        help_text=_("Only if its letters came out wrong. UTF-8 is always recognised."),
    )

    uploads = SeveralFilesField(
        label=_("Files"),
        max_length=1000,
        allow_empty_file=True,
        help_text=_("As exported; several at once, and archives too."),
    )


DAY_ORDERS = {
    "dmy": _("3 April: the day first"),
    "mdy": _("4 March: the month first"),
    "ymd": _("26/04/03: the year first"),
}
