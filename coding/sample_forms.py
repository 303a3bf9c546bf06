"""The forms with which a lead says what is coded, how often, and by whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coding.allocation import Coder
from coding.models import Method
from coding.overlap import RELIABLE, TENTATIVE
from coding.sampling import DEFAULT_SIZE, Rule
from coding.services.overlaps import MOST_CODERS, Stratum
from monitoring.models import Language


class RuleForm(forms.Form):
    """Which posts of a category are coded."""

    method = forms.ChoiceField(label=_("Posts"), choices=Method.choices)
    size = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000, required=False)
    per_account = forms.BooleanField(label=_("of each account"), required=False)
    per_period = forms.BooleanField(label=_("in each period"), required=False)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("method") == Method.TOP and not cleaned.get("size"):
            self.add_error("size", _("A top sample needs a number of posts."))
        return cleaned

    def rule(self) -> Rule:
        given = self.cleaned_data
        if given["method"] == Method.CENSUS:
            return Rule(None)
        return Rule(given["size"], given["per_account"], given["per_period"])

    @staticmethod
    def values(rule: Rule) -> dict[str, Any]:
        return {
            "method": Method.CENSUS if rule.size is None else Method.TOP,
            "size": rule.size or DEFAULT_SIZE,
            "per_account": rule.per_account,
            "per_period": rule.per_period,
        }


class NeedForm(forms.Form):
    """How sure one wants to be, and how rare the rarest answer is expected to be."""

    rarest = forms.FloatField(
        label=_("Share of the rarest answer, in percent"), min_value=0.1, max_value=50, initial=5
    )
    alpha = forms.ChoiceField(
        label=_("Alpha to be shown"),
        choices=[(str(RELIABLE), _(".800: reliable")), (str(TENTATIVE), _(".667: tentative"))],
    )


class OverlapForm(forms.Form):
    """The posts that several monitors code."""

    size = forms.IntegerField(label=_("Posts drawn by chance"), min_value=0, max_value=100_000)
    flagged = forms.IntegerField(
        label=_("and of those already flagged"), min_value=0, max_value=100_000, initial=0
    )
    coders = forms.IntegerField(
        label=_("Monitors for each post"), min_value=2, max_value=MOST_CODERS, initial=2
    )
    by = forms.ChoiceField(label=_("An equal share of each"), choices=Stratum.choices)
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2**31, initial=2021)


class WorkloadForm(forms.Form):
    """One person's part of the posts."""

    share = forms.IntegerField(label=_("Share"), min_value=0, max_value=100)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = categories  # type: ignore[attr-defined]

    def coder(self, person: int) -> Coder:
        given = self.cleaned_data
        return Coder(
            person,
            share=given["share"],
            languages=frozenset(given["languages"]),
            categories=frozenset(given["categories"]),
        )

    @staticmethod
    def values(coder: Coder) -> dict[str, Any]:
        return {
            "share": int(coder.share),
            "languages": sorted(coder.languages),
            "categories": sorted(coder.categories),
        }
