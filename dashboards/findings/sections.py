"""The findings of a project, written in a language."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import get_language

from dashboards.findings.names import names_in_language
from dashboards.findings.numbers import Number
from dashboards.findings.reading import Answers, Reading
from dashboards.findings.typed import loose_numbers
from dashboards.findings.wording import Part, Speaker, Witness, written
from dashboards.measures import Measures, UnknownWord
from dashboards.models import Finding, FindingSection


@dataclass(frozen=True)
class Sentence:
    """A finding as it reads now.

    ``changed`` has, by placeholder, what was printed when a lead confirmed it; ``unanswered`` why a
    placeholder has no value.
    """

    finding: Finding
    parts: list[Part]
    readings: dict[str, Reading]
    printed: dict[str, str]
    changed: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether every placeholder has a value: others are not fit to be published."""
        return not self.unanswered


@dataclass(frozen=True)
class Section:
    """Sentences about one subject."""

    title: str
    sentences: list[Sentence]


def findings_of(measures: Measures, language: str | None = None) -> list[Section]:
    """The project's findings in their order, in the active language if no other is named."""
    sentences = sentences_of(measures, language)
    return [
        Section(str(FindingSection(key).label), list(found))
        for key, found in groupby(sentences, key=lambda one: one.finding.section)
    ]


def hash_of(sections: Iterable[Section]) -> str:
    """Changes when anything a reader sees of them does."""
    seen = [(one.title, [sentence.text for sentence in one.sentences]) for one in sections]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def sentences_of(measures: Measures, language: str | None = None) -> list[Sentence]:
    """Each finding as it reads now, one under the other.

    To those who code blind, those alone whose every number is for them: what is typed by hand may
    be a sum of codings.
    """
    project = measures.background.project
    findings = Finding.objects.of(project).select_related("confirmed_by")
    found = written_in(measures, findings, language or get_language() or "en")
    return found if measures.with_codings else [one for one in found if _is_for_the_blind(one)]


def _is_for_the_blind(sentence: Sentence) -> bool:
    readings = sentence.readings
    return sentence.is_whole and not any(
        loose_numbers(text, readings, language) for language, text in sentence.finding.texts.items()
    )


def written_in(measures: Measures, findings: Iterable[Finding], language: str) -> list[Sentence]:
    """These findings in a language; one never written in it stands in English."""
    names = names_in_language(measures.background.directory, language)
    say = Speaker(measures, language, names)
    answers, witness = Answers(measures), Witness(measures)
    return [_sentence(finding, answers, say, witness) for finding in findings]


def _sentence(finding: Finding, answers: Answers, say: Speaker, witness: Witness) -> Sentence:
    readings, unanswered = answered(finding.numbers, answers)
    printed = {name: witness(reading) for name, reading in readings.items()}
    return Sentence(
        finding=finding,
        parts=written(finding.text_in(say.language), readings, say),
        readings=readings,
        printed=printed,
        changed={
            name: was for name, was in finding.confirmed.items() if printed.get(name, was) != was
        },
        unanswered=unanswered,
    )


def answered(
    numbers: Mapping[str, dict[str, object]], answers: Answers
) -> tuple[dict[str, Reading], dict[str, str]]:
    """What the placeholders stand for, and why some stand for nothing."""
    readings: dict[str, Reading] = {}
    unanswered: dict[str, str] = {}
    for name, words in numbers.items():
        try:
            readings[name] = answers.read(Number.of_words(words))
        except UnknownWord as problem:
            unanswered[name] = str(problem)
    return readings, unanswered
