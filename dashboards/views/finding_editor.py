"""Writing one finding: its texts, and the numbers picked for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dashboards.blindness import measures_for
from dashboards.finding_forms import FindingForm, NumberForm, numbers_json
from dashboards.findings.linting import Linter
from dashboards.findings.numbers import PRINT_LABELS, Number
from dashboards.findings.reading import Answers, Reading
from dashboards.findings.remarks import Remark
from dashboards.findings.sections import Sentence, written_in
from dashboards.findings.typed import likely_numbers, typed_numbers, value_of
from dashboards.findings.wording import Witness, names_in
from dashboards.measures import UnknownWord
from dashboards.models import Finding, FindingSection
from dashboards.services.findings import ChangedMeanwhile, NotWritten, write_finding
from monitoring.access import Action, ProjectRequest, project_page

_LANGUAGES = ("en", "ru", "ky")


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_REPORT)
def edit(request: ProjectRequest, number: int | None = None) -> HttpResponse:
    """A sentence and its numbers.

    Every button sends the whole page: ``do`` is ``save``, ``try`` (show what is typed), ``pick``
    (keep the number asked for), ``drop:NAME`` or ``bind:PLACE:TYPED`` (let a measure stand for a
    number typed by hand). Only ``save`` writes.
    """
    finding = get_object_or_404(Finding.objects.of(request.project), pk=number) if number else None
    editor = _Editor(request, finding)
    if request.method == "POST" and editor.form.is_valid():
        asked, _colon, rest = request.POST.get("do", "save").partition(":")
        if asked == "save" and (kept := editor.save()) is not None:
            back = reverse("dashboards:findings", args=[request.project.slug])
            return redirect(f"{back}#finding-{kept.pk}")
        if asked == "pick":
            editor.pick()
        elif asked == "drop":
            editor.numbers.pop(rest, None)
        elif asked == "bind":
            editor.bind(rest)
    return render(
        request,
        "dashboards/finding.html",
        editor.context(),
        status=422 if editor.form.errors or editor.problem else 200,
    )


class _Editor:
    """The page's state: what is typed, what is picked, what both give."""

    def __init__(self, request: ProjectRequest, finding: Finding | None) -> None:
        self.request = request
        self.finding = finding
        self.measures = measures_for(request)
        self.problem = ""
        self.theirs: Finding | None = None
        self.picked: Reading | None = None
        posted = request.POST if request.method == "POST" else None
        self.form = FindingForm(posted, initial=_initial(finding))
        wants = posted is not None and posted.get("do", "") in ("pick", "try")
        self.picker = NumberForm(posted if wants else None, measures=self.measures)
        self.numbers: dict[str, Any] = dict(finding.numbers) if finding else {}
        self.texts = finding.texts if finding else dict.fromkeys(_LANGUAGES, "")
        self.section = finding.section if finding else FindingSection.CANDIDATES
        if posted is not None and self.form.is_valid():
            self.numbers = dict(self.form.cleaned_data["numbers"])
            self.texts = self.form.texts
            self.section = self.form.cleaned_data["section"]
        if wants and self.picker.is_valid():
            self.look()

    def look(self) -> None:
        """What the number asked for in the picker is now."""
        try:
            self.picked = Answers(self.measures).read(self.picker.number())
        except UnknownWord as problem:
            self.picker.add_error(None, str(problem))

    def pick(self) -> None:
        if self.picked is not None:
            self.numbers[self.picker.cleaned_data["name"]] = self.picked.number.words

    def bind(self, asked: str) -> None:
        """Let the chosen measure stand where a number was typed, in every language."""
        place, _colon, typed = asked.partition(":")
        likely = self.likely.get(typed, [])
        if not place.isdecimal() or int(place) >= len(likely):
            return
        name = next(
            free for count in range(1, 1000) if (free := f"number_{count}") not in self.numbers
        )
        self.numbers[name] = likely[int(place)].number.words
        self.texts = {
            key: text.replace(typed, f"{{{name}}}", 1) for key, text in self.texts.items()
        }

    def save(self) -> Finding | None:
        try:
            return write_finding(
                project=self.request.project,
                finding=self.finding,
                edition=self.form.cleaned_data["edition"],
                section=self.section,
                texts=self.texts,
                numbers=self.numbers,
                by=self.request.user,
                at=timezone.now(),
            )
        except (NotWritten, UnknownWord) as problem:
            self.problem = str(problem)
            if self.finding is not None and isinstance(problem, ChangedMeanwhile):
                # Theirs is shown beside what was typed here; saving again is deliberate then.
                self.finding.refresh_from_db()
                self.theirs = self.finding
        return None

    @property
    def likely(self) -> dict[str, list[Any]]:
        """By number as typed: the measures that give it now."""
        typed = {
            one: value_of(one, language)
            for language, text in self.texts.items()
            for one in typed_numbers(text, language)
        }
        found = likely_numbers(typed.values(), self.measures)
        return {one: found[value] for one, value in typed.items() if found.get(value)}

    def context(self) -> dict[str, Any]:
        draft = Finding(
            project=self.request.project,
            section=self.section,
            text=self.texts["en"],
            text_ru=self.texts["ru"],
            text_ky=self.texts["ky"],
            numbers=self.numbers,
            confirmed=self.finding.confirmed if self.finding else {},
        )
        shown = {key: written_in(self.measures, [draft], key)[0] for key in _LANGUAGES}
        witness = Witness(self.measures)
        if self.problem and self.request.method == "POST":
            messages.error(self.request, self.problem)
        return {
            "finding": self.finding,
            "theirs": self.theirs,
            "form": self._fresh_form(),
            "picker": self.picker,
            "picked": witness(self.picked) if self.picked else "",
            "picked_base": self.picked.result.base if self.picked and self.picked.result else "",
            "shown": [(key, one.text) for key, one in shown.items() if self.texts[key]],
            "numbers": _listed(shown["en"]),
            "remarks": self._remarks(shown["en"]) if self.texts["en"] else [],
            "likely": _offers(self.likely, witness),
        }

    def _remarks(self, sentence: Sentence) -> list[Remark]:
        (found,) = Linter(self.request.project, [sentence]).remarks().values()
        return found

    def _fresh_form(self) -> FindingForm:
        """The form as it is after the numbers changed; what is wrong with it stays said."""
        if self.form.errors:
            return self.form
        return FindingForm(
            initial={
                "section": self.section,
                "text": self.texts["en"],
                "text_ru": self.texts["ru"],
                "text_ky": self.texts["ky"],
                "numbers": self.numbers,
                "edition": self.finding.edition if self.finding else 0,
            }
        )


def _initial(finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {}
    return {"numbers": numbers_json(finding.numbers), "edition": finding.edition}


def _listed(sentence: Sentence) -> list[dict[str, Any]]:
    """The numbers of a sentence in the order of its text: what each is, in words, and now."""
    names = [*names_in(sentence.finding.text), *sorted(sentence.finding.numbers)]
    return [
        {
            "name": name,
            "what": PRINT_LABELS[Number.of_words(words).prints],
            "base": _base(sentence.readings.get(name)),
            "now": sentence.printed.get(name, ""),
            "problem": sentence.unanswered.get(name, ""),
        }
        for name in dict.fromkeys(names)
        if (words := sentence.finding.numbers.get(name))
    ]


def _base(reading: Reading | None) -> str:
    if reading is None or reading.result is None:
        return ""
    who = reading.name or reading.number.who
    return " · ".join(filter(None, [who, str(reading.result.base)]))


def _offers(likely: dict[str, list[Any]], witness: Witness) -> list[dict[str, Any]]:
    """What could stand for a typed number, in words, each with what its button sends."""
    answers = Answers(witness.measures)
    return [
        {
            "typed": typed,
            "offers": [
                (f"bind:{place}:{typed}", _base(answers.read(one.number)))
                for place, one in enumerate(found)
            ],
        }
        for typed, found in likely.items()
    ]
