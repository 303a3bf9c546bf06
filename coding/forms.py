"""What the desk, the review and the case files send."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coding.models import Ask, Case, LinkKind, Severity
from coding.pictures import LARGEST, Box
from coding.services.cases import FIELDS, Link
from coding.services.codings import LARGEST_ID, Answers, FlagAnswer
from monitoring.models import Actor

LONGEST_DAY = 24 * 60 * 60
# Rows of "somebody else" that the page offers where no script adds actors.
OTHER_ACTORS = (1, 2)


class SaveForm(forms.Form):
    """One post's answers, or the reason why it was skipped.

    The answers are fields whose names hold keys of the codebook and ids of actors: ``topic``,
    ``tone-<actor>``, ``flag``, ``quote-<kind>``, ``translation-<kind>``, ``extra-<question>``.
    Whether such keys exist is for the service to say.
    """

    post = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    request_id = forms.UUIDField()
    base_number = forms.IntegerField(min_value=0)
    version = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    coder = forms.IntegerField(min_value=1)
    seconds = forms.IntegerField(min_value=0, max_value=LONGEST_DAY, required=False)
    action = forms.ChoiceField(choices=[("save", "save"), ("skip", "skip")])
    reason = forms.CharField(max_length=2000, required=False)
    comment = forms.CharField(max_length=2000, required=False)
    asks = forms.ChoiceField(choices=Ask.choices, required=False)

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("action") == "skip":
            # The page offers the common reasons beside a line to write another one.
            reason = cleaned.get("reason") or self.data.get("reason-choice", "")[:2000]
            cleaned["reason"] = " · ".join(filter(None, [reason, cleaned.get("comment")]))
        else:
            cleaned["reason"] = cleaned.get("comment", "")
        if cleaned.get("action") == "save" and not self.answers().topics:
            raise forms.ValidationError(_("Choose at least one topic."), code="no_topic")
        if cleaned.get("action") == "skip" and not cleaned.get("reason"):
            raise forms.ValidationError(_("Say why the post is skipped."), code="no_reason")
        if cleaned.get("asks") == Ask.LEAD and not cleaned.get("reason"):
            raise forms.ValidationError(_("Say what the lead should look at."), code="no_comment")
        return cleaned

    def answers(self) -> Answers:
        return answers_in(self.data)


class ReplyForm(forms.Form):
    """What a lead says to a monitor who asked."""

    coding = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    text = forms.CharField(max_length=2000)


class WithdrawForm(forms.Form):
    """One coding to take back."""

    post = forms.IntegerField(min_value=1)
    request_id = forms.UUIDField()
    base_number = forms.IntegerField(min_value=1)


class SettleForm(forms.Form):
    """A lead's decision: the coding that is right, or answers of their own, which need a reason.

    ``seen`` is the place in the chain of the last that was said of the post when it was shown.
    """

    post = forms.IntegerField(min_value=1)
    request_id = forms.UUIDField()
    seen = forms.IntegerField(min_value=0, max_value=LARGEST_ID)
    take = forms.IntegerField(min_value=1, required=False)
    reason = forms.CharField(max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or cleaned.get("take"):
            return cleaned
        if not self.answers().topics:
            raise forms.ValidationError(_("Choose at least one topic."), code="no_topic")
        if not cleaned.get("reason"):
            raise forms.ValidationError(_("Say why you decide so."), code="no_reason")
        return cleaned

    def answers(self) -> Answers:
        return answers_in(self.data)


class ReturnForm(forms.Form):
    """A coding to be given back to its monitor, and what to look at again."""

    coding = forms.IntegerField(min_value=1)
    note = forms.CharField(max_length=2000)


def answers_in(data: Any) -> Answers:
    """The answers in a form's data; a tone left empty is an actor the post is not about."""
    return Answers(
        topics=tuple(data.getlist("topic")),
        mentions=tuple(_mentions_in(data).items()),
        flags=tuple(
            FlagAnswer(
                kind=kind,
                quote=_text(data, f"quote-{kind}"),
                translation=_text(data, f"translation-{kind}"),
            )
            for kind in data.getlist("flag")
        ),
        extra=tuple(
            (name.removeprefix("extra-"), _text(data, name))
            for name in sorted(data)
            if name.startswith("extra-") and data.get(name)
        ),
    )


def _text(data: Any, name: str) -> str:
    """A line of text; PostgreSQL keeps no NUL, so none is sent to it."""
    return str(data.get(name, "")).replace("\x00", "").strip()


def _mentions_in(data: Any) -> dict[int, str]:
    tones = {
        name.removeprefix("tone-"): tone
        for name, tone in data.items()
        if name.startswith("tone-") and tone
    }
    for row in OTHER_ACTORS:
        tone = data.get(f"other-tone-{row}", "")
        if tone:
            tones.setdefault(data.get(f"other-actor-{row}", ""), tone)
    return {
        int(actor): tone
        for actor, tone in tones.items()
        if actor.isascii() and actor.isdigit() and len(actor) < 19
    }


class CaseForm(forms.Form):
    """The words of a case; ``edition`` is the one they started from."""

    edition = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Type"))
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Severity.choices, coerce=int)
    quote = forms.CharField(
        label=_("Original quote"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    translation = forms.CharField(
        label=_("Translation"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    explanation = forms.CharField(
        label=_("What is wrong with it"),
        max_length=20_000,
        required=False,
        help_text=_("What is claimed, what is true, and by which source."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    target = forms.ModelChoiceField(
        label=_("Against"), queryset=Actor.objects.none(), required=False, empty_label="–"
    )
    target_in_words = forms.CharField(label=_("Against, in words"), max_length=200, required=False)
    beneficiary = forms.ModelChoiceField(
        label=_("In favour of"), queryset=Actor.objects.none(), required=False, empty_label="–"
    )
    beneficiary_in_words = forms.CharField(
        label=_("In favour of, in words"), max_length=200, required=False
    )

    def __init__(self, data: Any, *, case: Case, kinds: dict[str, str]) -> None:
        initial = {name: getattr(case, name) for name in ("edition", *FIELDS)}
        initial |= {"target": case.against, "beneficiary": case.in_favour_of}
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        # A kind that a newer codebook dropped stays what this case is of.
        fields["kind"].choices = list(({case.kind: case.kind} | kinds).items())
        for name in ("target", "beneficiary"):
            fields[name].queryset = Actor.objects.of(case.project).listed().order_by("name")

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class LinkForm(forms.Form):
    """One address beside a case; left empty it is none."""

    kind = forms.ChoiceField(label=_("Kind"), choices=LinkKind.choices)
    url = forms.URLField(label=_("Address"), max_length=2000, required=False, assume_scheme="https")
    title = forms.CharField(label=_("Title"), max_length=300, required=False)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(_("Write a web address: https://…"))
        return url


LinkFormSet = forms.formset_factory(LinkForm, extra=2, max_num=30)


def links_in(forms_of_links: Any) -> list[Link]:
    """The addresses that were given; a row left empty is none."""
    given = [form.cleaned_data for form in forms_of_links if form.cleaned_data.get("url")]
    return [Link(each["kind"], each["url"], each["title"]) for each in given]


class ScreenshotForm(forms.Form):
    """A picture, chosen or pasted."""

    picture = forms.FileField(label=_("Picture"), max_length=1000)
    caption = forms.CharField(label=_("Caption"), max_length=300, required=False)

    def content(self) -> bytes:
        """The bytes, one more than we take at most: whoever examines them refuses those."""
        return bytes(self.cleaned_data["picture"].read(LARGEST + 1))


class CoverForm(forms.Form):
    """Boxes over people who are not public, as a list of ``[left, top, width, height]``."""

    MOST = 100
    FARTHEST = 100_000  # pixels

    covers = forms.CharField(max_length=10_000)

    def clean_covers(self) -> list[Box]:
        unread = forms.ValidationError(_("The boxes could not be read: reload the page."))
        try:
            given = json.loads(self.cleaned_data["covers"])
            boxes = [Box(*map(int, box)) for box in given]
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise unread from error
        is_odd = any(abs(side) > self.FARTHEST for box in boxes for side in box)
        if not isinstance(given, list) or len(boxes) > self.MOST or is_odd:
            raise unread
        return boxes


class CasePostForm(forms.Form):
    """Another post that shows the same: its number here, or its address on the platform."""

    post = forms.CharField(label=_("Post"), max_length=2000)
