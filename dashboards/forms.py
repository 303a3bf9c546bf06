"""What leads send about snapshots, their links, and exports."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dashboards.models import ExportedTable, ExportFormat, FrozenPage
from dashboards.sharing import LONGEST_DAYS


class SnapshotForm(forms.Form):
    """Which page to freeze, and what to call it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    page = forms.ChoiceField(label=_("Page"), choices=FrozenPage.choices)


class ShareForm(forms.Form):
    """For how long strangers may see a snapshot, and in which language."""

    days = forms.IntegerField(
        label=_("Days until the link ends"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ExportForm(forms.Form):
    """Which table, in which format."""

    what = forms.ChoiceField(label=_("What"), choices=ExportedTable.choices)
    format = forms.ChoiceField(label=_("Format"), choices=ExportFormat.choices)
