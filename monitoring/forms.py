"""What a person sends with the files they upload."""

import datetime
import zoneinfo
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from monitoring.importers.internal import NUMBER
from monitoring.importers.mapping import Mapping
from monitoring.models import (
    COVERED_WITHOUT_MORE,
    PLATFORM_CHOICES,
    Account,
    AccountKind,
    Actor,
    Category,
    Covered,
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
        help_text=_("A search or a capture says nothing of the accounts it did not find."),
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


FIELD_NAMES = {
    "published": _("when it was published"),
    "url": _("address of the post"),
    "post_id": _("id of the post"),
    "text": _("text"),
    "account": _("name of the account"),
    "handle": _("handle of the account"),
    "account_id": _("id of the account"),
    "platform": _("platform"),
    "type": _("type of the post"),
    "link": _("link in the post"),
    "followers": _("followers"),
    "reactions": _("all reactions"),
    "likes": _("likes"),
    "love": _("love"),
    "wow": _("wow"),
    "haha": _("haha"),
    "sad": _("sad"),
    "angry": _("angry"),
    "care": _("care"),
    "comments": _("comments"),
    "shares": _("shares"),
    "views": _("views"),
    "views_total": _("views with crossposts"),
}
_UNUSED = ("", _("— not used —"))


class MappingForm(StatedForm):
    """Which column of a table is what: one select for each column, and what holds for all rows."""

    name = forms.CharField(
        label=_("Name of this kind of table"),
        max_length=100,
        help_text=_("Tables with the same columns are read this way from now on."),
    )
    platform = forms.ChoiceField(
        label=_("Platform"),
        required=False,
        choices=[("", _("as the column or the address says")), *PLATFORM_CHOICES],
    )
    kind = forms.ChoiceField(
        label=_("Kind of the accounts"),
        required=False,
        choices=[("", _("as usual on the platform")), *AccountKind.choices],
    )
    dates = forms.ChoiceField(
        label=_("Dates like 03/04/2026 are"),
        required=False,
        choices=[
            ("", _("not in this table")),
            ("dmy", _("3 April: the day first")),
            ("mdy", _("4 March: the month first")),
        ],
    )

    def __init__(self, *args: Any, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        for number, column in enumerate(header):
            if column and column != NUMBER:
                self.fields[f"column-{number}"] = forms.ChoiceField(
                    label=column, required=False, choices=[_UNUSED, *FIELD_NAMES.items()]
                )

    @staticmethod
    def initial_of(header: Sequence[str], guessed: Mapping) -> dict[str, str]:
        """What the form shows for a guessed mapping."""
        fields = {column: field for field, column in guessed.columns.items()}
        chosen = {f"column-{number}": fields.get(name, "") for number, name in enumerate(header)}
        return {
            **chosen,
            "platform": guessed.platform,
            "kind": guessed.kind,
            "dates": guessed.dates,
        }

    def columns(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("column-")]

    def clean(self) -> dict[str, Any]:
        """The mapping, where no two columns are the same thing and what is needed is there."""
        cleaned = super().clean() or {}
        columns: dict[str, str] = {}
        for number, column in enumerate(self.header):
            field = cleaned.get(f"column-{number}")
            if field in columns:
                self.add_error(
                    f"column-{number}",
                    _("“%(other)s” is said to be this already.") % {"other": columns[field]},
                )
            elif field:
                columns[field] = column
        words = {name: cleaned.get(name, "") for name in ("platform", "kind", "dates")}
        mapping = Mapping(columns, **words)
        for lacking in mapping.lacking():
            self.add_error(None, _LACKING[lacking])
        return {**cleaned, "mapping": mapping}


_LACKING = {
    "published": _("Say which column tells when a post was published."),
    "post": _("Say which column holds the address of a post, or its id."),
    "account": _(
        "Say which column tells whose post it is: a name, a handle, an id, or an address."
    ),
    "platform": _("Say which platform the posts are from, or which column says it."),
}


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

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actors = Actor.objects.of(project).order_by("name").values_list("pk", "name")
        choices: dict[str, list[tuple[Any, Any]]] = {
            "platform": [("", _("All")), *PLATFORM_CHOICES],
            "category": [("", _("All")), *((c.key, c.label) for c in project.categories.all())],
            "actor": [("", _("All")), *actors],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # of choice fields
