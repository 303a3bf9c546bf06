"""What a person says of files, with them or when their import asks."""

import datetime
import zoneinfo
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.importers.problems import UnreadableRow
from monitoring.importers.questions import (
    AS_PRINTED,
    COLUMNS,
    DAY_ORDER,
    MOMENT,
    TIMEZONE,
    Question,
)
from monitoring.importers.times import days_meant, written_time
from monitoring.models import (
    COVERED_WITHOUT_MORE,
    Project,
    validate_timezone,
)
from monitoring.refusals import sentence


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


class UploadForm(StatedForm):
    """Files to import."""

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
_FIRST = {"dmy": _("the day first"), "mdy": _("the month first"), "ymd": _("the year first")}
_ANOTHER_ZONE = "another"


class AnswerForm(StatedForm):
    """What an import asks: a field for each of its questions, the likeliest answer chosen."""

    def __init__(
        self, *args: Any, questions: Sequence[Question], alike: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {question.about: question for question in questions}
        moment = self.fields.pop("exported_at")
        del self.fields["timezone"]
        if zone := self.questions.get(TIMEZONE):
            self._add_zones(zone)
        if order := self.questions.get(DAY_ORDER):
            printed = next(iter(order.printed), "03/04/2026")
            days = days_meant(printed)
            self.fields["day_order"] = forms.ChoiceField(
                label=_("“%(printed)s” is") % {"printed": printed},
                choices=[
                    (one, f"{date_format(days[one], 'j E Y')}: {_FIRST[one]}")
                    for one in order.likely
                    if one in days
                ],
                initial=order.likely[0],
                widget=forms.RadioSelect,
            )
        if MOMENT in self.questions:
            moment.required = True
            moment.help_text = _("In the project's time zone. This is when it was sent.")
            self.fields["exported_at"] = moment
        if alike:
            self.fields["alike"] = forms.BooleanField(
                label=ngettext(
                    "Also for %(count)s other file of the archive that asks the same",
                    "Also for %(count)s other files of the archive that ask the same",
                    alike,
                )
                % {"count": alike},
                required=False,
                initial=True,
            )

    def _add_zones(self, question: Question) -> None:
        moment = _first_time(question.printed) or self.now
        choices = [(name, zone_in_words(name, moment)) for name in question.likely]
        self.fields["timezone"] = forms.ChoiceField(
            label=_("The times are those of"),
            choices=[*choices, (_ANOTHER_ZONE, _("another zone:"))],
            initial=next(iter(question.likely), _ANOTHER_ZONE),
            widget=forms.RadioSelect,
        )
        self.fields["another_zone"] = forms.CharField(
            label=_("Another zone"),
            required=False,
            max_length=64,
            validators=[validate_timezone],
            widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("timezone") == _ANOTHER_ZONE and "another_zone" not in self.errors:
            cleaned["timezone"] = cleaned["another_zone"]
            if not cleaned["timezone"]:
                self.add_error("another_zone", _("Say which zone, such as Asia/Bishkek."))
        return cleaned

    def asked(self) -> list[tuple[dict[str, Any], list[BoundField]]]:
        """Each question, in words and with what the file prints, and the fields of its answer."""
        own = {TIMEZONE: ["timezone", "another_zone"]}
        return [
            (
                {"words": sentence(question.as_refusal), "printed": question.printed},
                [self[name] for name in own.get(about, [about])],
            )
            for about, question in self.questions.items()
            if about != COLUMNS
        ]


def _first_time(printed: Sequence[str]) -> datetime.datetime | None:
    """The first of the printed times that can be read, on whatever clock."""
    for cell in printed:
        with suppress(UnreadableRow):
            return written_time(cell, "", "dmy")[0]
    return None


def zone_in_words(name: str, moment: datetime.datetime) -> str:
    """A zone with what its clocks are ahead of Greenwich, at a moment or when they show it."""
    if name == AS_PRINTED:
        return str(_("the zone that each time in the file names"))
    zone = zoneinfo.ZoneInfo(name)
    there = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    offset = there.strftime("%z")
    return f"{name} (UTC{offset[:3]}:{offset[3:]})"
