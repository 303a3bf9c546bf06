"""What a person answers to an import that asks."""

import datetime
import zoneinfo
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.forms.imports import DAY_ORDERS, ENCODING_NAMES, StatedForm
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
from monitoring.models import validate_timezone
from monitoring.refusals import sentence

_FIRST = {"dmy": _("the day first"), "mdy": _("the month first"), "ymd": _("the year first")}
_ANOTHER_ZONE = "another"


class AnswerForm(StatedForm):
    """What an import asks: a field for each of its questions, the likeliest answer chosen."""

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question],
        alike: int = 0,
        readings: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """``readings`` are words of the text as each encoding reads them, if one may be chosen."""
        super().__init__(*args, **kwargs)
        self.questions = {question.about: question for question in questions}
        moment = self.fields.pop("exported_at")
        del self.fields["timezone"]
        if zone := self.questions.get(TIMEZONE):
            self._add_zones(zone)
        if order := self.questions.get(DAY_ORDER):
            self._add_orders(order)
        if MOMENT in self.questions:
            moment.required = True
            moment.help_text = _("In the project's time zone. This is when it was sent.")
            self.fields["exported_at"] = moment
        if readings:
            self.fields["encoding"] = forms.ChoiceField(
                label=_("The letters are right in"),
                required=False,
                choices=[(one, f"{ENCODING_NAMES[one]} · {readings[one]}") for one in readings],
                widget=forms.RadioSelect,
            )
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

    def _add_orders(self, question: Question) -> None:
        self.fields["day_order"] = forms.ChoiceField(
            label=_("“%(printed)s” is") % {"printed": next(iter(question.printed), "03/04/2026")},
            choices=[(one, _day_in_words(question.printed, one)) for one in question.likely],
            initial=next(iter(question.likely)),
            widget=forms.RadioSelect,
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


def _day_in_words(printed: Sequence[str], order: str) -> str:
    """The day that the first of the printed dates is by an order of day, month and year."""
    days = (days_meant(cell).get(order) for cell in printed)
    if day := next(filter(None, days), None):
        return f"{date_format(day, 'j E Y')}: {_FIRST[order]}"
    return str(DAY_ORDERS[order])


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
