"""What a person says of the columns of a table."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from monitoring.forms.imports import DAY_ORDERS, StatedForm
from monitoring.importers.internal import NUMBER
from monitoring.importers.mapping import Mapping
from monitoring.models import (
    PLATFORM_CHOICES,
    AccountKind,
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
            *DAY_ORDERS.items(),
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
