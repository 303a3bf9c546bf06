"""What the desk and the review send, read from a plain form or from the desk's queue alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coding.services.codings import Answers, FlagAnswer

LONGEST_DAY = 24 * 60 * 60
# Rows of "somebody else" that the page offers where no script adds actors.
OTHER_ACTORS = (1, 2)


class SaveForm(forms.Form):
    """One post's answers, or the reason why it was skipped.

    The answers are fields whose names hold keys of the codebook and ids of actors: ``topic``,
    ``tone-<actor>``, ``flag``, ``quote-<kind>``, ``translation-<kind>``. Whether such keys exist is
    for the service to say.
    """

    post = forms.IntegerField(min_value=1)
    request_id = forms.UUIDField()
    base_number = forms.IntegerField(min_value=0)
    version = forms.IntegerField(min_value=1)
    coder = forms.IntegerField(min_value=1)
    seconds = forms.IntegerField(min_value=0, max_value=LONGEST_DAY, required=False)
    action = forms.ChoiceField(choices=[("save", "save"), ("skip", "skip")])
    reason = forms.CharField(max_length=2000, required=False)

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("action") == "skip":
            # The page offers the common reasons beside a line to write another one.
            cleaned["reason"] = cleaned.get("reason") or self.data.get("reason-choice", "")[:2000]
        if cleaned.get("action") == "save" and not self.answers().topics:
            raise forms.ValidationError(_("Choose at least one topic."), code="no_topic")
        if cleaned.get("action") == "skip" and not cleaned.get("reason"):
            raise forms.ValidationError(_("Say why the post is skipped."), code="no_reason")
        return cleaned

    def answers(self) -> Answers:
        return answers_in(self.data)


class WithdrawForm(forms.Form):
    """One coding to take back."""

    post = forms.IntegerField(min_value=1)
    request_id = forms.UUIDField()
    base_number = forms.IntegerField(min_value=1)


class SettleForm(forms.Form):
    """The lead's answers for a post on which monitors disagree, and why."""

    post = forms.IntegerField(min_value=1)
    request_id = forms.UUIDField()
    reason = forms.CharField(max_length=2000)

    def clean(self) -> dict[str, Any]:
        if not self.answers().topics:
            raise forms.ValidationError(_("Choose at least one topic."), code="no_topic")
        return super().clean() or {}

    def answers(self) -> Answers:
        return answers_in(self.data)


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
