"""Numbers typed by hand into a sentence, and the measures that give the same number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboards.findings.numbers import Number, Print, Question
from dashboards.findings.reading import Answers, Reading, amount, name_of
from dashboards.findings.remarks import Remark
from dashboards.findings.wording import PLACEHOLDER
from dashboards.measures import Measures, NotInProject
from monitoring.numbers import has_decimal_comma

# Not parts of names such as 24.kg, and not years. In Russian and Kyrgyz decimals follow a comma and
# thousands part at a space, often one that does not break.
_NOT_WITHIN, _NOT_BEFORE = r"(?<![\w.,-])", r"(?![\d.]\w|\d)"
_NUMBER = re.compile(
    rf"{_NOT_WITHIN}(\d{{1,3}}(?:[ ,\u00a0]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?){_NOT_BEFORE}"
)
_NUMBER_WITH_COMMA = re.compile(
    rf"{_NOT_WITHIN}(\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?:,\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?!,\d){_NOT_BEFORE}"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Below it a number is equal to too many others to be recognised.
_LEAST_RECOGNISED = 10
_MOST_OFFERED = 3


def typed_numbers(text: str, language: str = "en") -> list[str]:
    """The numbers of a text as they are written in its language, outside its placeholders."""
    bare = PLACEHOLDER.sub(" ", text)
    pattern = _NUMBER_WITH_COMMA if has_decimal_comma(language) else _NUMBER
    return [found for found in pattern.findall(bare) if not _YEAR.fullmatch(found)]


def value_of(typed: str, language: str = "en") -> float:
    """What is typed in a language, as a number: 1 065,5 and 1,065.5 are the same."""
    if has_decimal_comma(language):
        return float(re.sub(r"[ \u00a0\u202f]", "", typed).replace(",", "."))
    return float(re.sub(r"[ ,\u00a0]", "", typed))


def loose_numbers(text: str, readings: Mapping[str, Reading], language: str = "en") -> list[str]:
    """Numbers behind which no data stands; bounds of the sentence's own questions are known."""
    bounds = {
        float(bound)
        for reading in readings.values()
        for bound in (reading.number.least, reading.number.over)
        if bound is not None
    }
    return [one for one in typed_numbers(text, language) if value_of(one, language) not in bounds]


def remarks(text: str, readings: Mapping[str, Reading], language: str = "en") -> Iterable[Remark]:
    for typed in loose_numbers(text, readings, language):
        yield Remark(
            f"typed:{typed}",
            _("“%(number)s” is typed by hand: it will not change when the data does.")
            % {"number": typed},
        )


@dataclass(frozen=True)
class Likely:
    """A measure that gives a typed number now; ``name`` is whose it is, if it is one row's."""

    number: Number
    name: str


def likely_numbers(wanted: Iterable[float], measures: Measures) -> dict[float, list[Likely]]:
    """Which totals, and which actors' numbers, have these values: some dozens of questions."""
    found: dict[float, list[Likely]] = {value: [] for value in wanted if value >= _LEAST_RECOGNISED}
    if not found:
        return {}
    answers = Answers(measures)
    met = set()
    for question in _questions(measures):
        try:
            candidates = [
                (answers.ask(question).value, Likely(Number(question), "")),
                *_rows(replace(question, by=("actor",)), answers),
            ]
        except NotInProject:
            continue
        for value, likely in candidates:
            # The same posts are in a longer period, too: the entire one is named first.
            key = value, likely.name, question.measure
            if value in found and key not in met and len(found[value]) < _MOST_OFFERED:
                met.add(key)
                found[value].append(likely)
    return found


def _rows(question: Question, answers: Answers) -> Iterable[tuple[float, Likely]]:
    for row in answers.ask(question).rows:
        name = name_of(row, "actor")
        yield amount(row), Likely(Number(question, Print.VALUE, who=name), name)


def _category(key: str) -> dict[str, tuple[str, ...]]:
    return {"category": (key,)}


def _questions(measures: Measures) -> Iterable[Question]:
    """The questions of a report's tables: who on which platform, in which period."""
    whose: list[dict[str, tuple[str, ...]]] = [
        *[_category(key) for key in measures.background.category_labels],
        {"political": ("true",)},
        {},
    ]
    places: list[dict[str, tuple[str, ...]]] = [
        {"platform": ("facebook",), "kind": ("page",)},
        {"platform": ("facebook",), "kind": ("group",)},
        {"platform": ("instagram",)},
        {"platform": ("facebook",)},
        {},
    ]
    periods = sorted(measures.background.periods, key=lambda key: key != "entire")
    for period in periods:
        for place in places:
            for who in whose:
                for measure in ("posts", "interactions"):
                    yield Question(measure, (), {**place, **who}, period)
