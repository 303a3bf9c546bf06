"""How a value is written in a sentence, in each language."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from dashboards.findings.numbers import Print
from dashboards.findings.reading import Reading
from dashboards.measures import Measures
from dashboards.measures.vocabulary import LANGUAGES, TONES
from dashboards.numbers import in_language, interval
from monitoring.interactions import PLATFORMS

# {name} or {name|post|posts}: the word that follows a number, in as many forms as the language has.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)((?:\|[^{}|]*)*)\}")
GAP = "…"


def names_in(text: str) -> list[str]:
    """The placeholders of a text, in their order."""
    return [found[1] for found in PLACEHOLDER.finditer(text)]


@dataclass(frozen=True)
class Part:
    """A piece of a written sentence: plain text, or what a placeholder became."""

    text: str
    name: str = ""


def written(text: str, readings: Mapping[str, Reading], say: "Speaker") -> list[Part]:
    """A text with its placeholders filled in; one without an answer becomes a gap."""
    parts, end = [], 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > end:
            parts.append(Part(text[end : found.start()]))
        reading = readings.get(found[1])
        forms = found[2].split("|")[1:]
        parts.append(Part(say(reading, forms) if reading else GAP, found[1]))
        end = found.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return parts


class Speaker:
    """Writes readings in one language; ``names`` is what its readers call the actors."""

    def __init__(self, measures: Measures, language: str, names: Mapping[str, str]) -> None:
        self.measures = measures
        self.language = language
        self._labels: dict[str, Callable[[str], Any]] = {
            "actor": lambda key: names.get(key, key),
            "about": lambda key: names.get(key, key),
            "category": lambda key: measures.background.category_labels.get(key, key),
            "platform": lambda key: PLATFORMS[key].name,
            "tone": lambda key: str(TONES.get(key, key)).lower(),
            "language": lambda key: str(LANGUAGES.get(key, key)),
            "topic": measures.background.topic_label,
            "flag": measures.background.flag_label,
        }

    def __call__(self, reading: Reading, forms: list[str] | None = None) -> str:
        with override(self.language):
            shown = self._shown(reading)
            if not forms:
                return shown
            form = plural_form(self.language, *_as_printed(reading))
            return f"{shown} {forms[min(form, len(forms) - 1)]}"

    def _shown(self, reading: Reading) -> str:
        value, number = reading.value, reading.number
        if isinstance(value, datetime.date):
            return day_and_month(value, self.language)
        if isinstance(value, tuple):
            step = int(number.step or 1)
            return interval(*(end and round(end / step) * step for end in value))
        if number.prints == Print.NAME:
            return self.name(value, number.question.by[0])
        if number.prints == Print.NAMES:
            return listed([self.name(one, number.question.by[0]) for one in value])
        if number.prints == Print.RANK:
            return ordinal(value, self.language)
        return self._number(reading)

    def name(self, name: str, dimension: str) -> str:
        """A row's name as a reader of the language knows it."""
        return str(self._labels.get(dimension, str)(name))

    def _number(self, reading: Reading) -> str:
        value, places = _as_printed(reading)
        return in_language(f"{value:,.{places}f}")


def _as_printed(reading: Reading) -> tuple[Decimal, int]:
    """A number rounded and counted as its sentence wants it, and its decimal places."""
    number = reading.number
    if not isinstance(reading.value, (int, float, Decimal)):
        return Decimal(), 0
    step = Decimal(str(number.step or (0.1 if number.prints == Print.SHARE else 1)))
    value = Decimal(str(reading.value))
    rounded = (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step / number.unit
    return rounded, max(0, -_exponent(step / number.unit))


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def listed(names: list[str]) -> str:
    """“A”, “A and B”, “A, B and C”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def day_and_month(day: datetime.date, language: str) -> str:
    """19 November, 19 ноября, 19-ноябрь."""
    if language == "ky":
        return date_format(day, "j-F").lower()
    return date_format(day, "j E")


def ordinal(place: int, language: str) -> str:
    """1st, 2nd, 3rd, 10th; in Russian and Kyrgyz with the ending of a place."""
    if language == "ru":
        return f"{place}-е"
    if language == "ky":
        return f"{place}-орун"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10)
    return f"{place}{ending or 'th'}"


def plural_form(language: str, value: int | Decimal, places: int = 0) -> int:
    """Which form a noun takes after a number as it is printed (Unicode CLDR, cardinal rules).

    ``places`` are those behind the point: 25 процентов, but 25,0 процента.
    """
    if places:
        return 1
    count = abs(int(value))
    if language != "ru":
        return int(language == "en" and count != 1)
    if count % 10 == 1 and count % 100 != 11:
        return 0
    return 1 if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else 2


class Witness(Speaker):
    """Writes readings as the data has them, the same whoever looks: what a change is told by."""

    def __init__(self, measures: Measures) -> None:
        super().__init__(measures, "en", {})
        self._labels = {}
