"""The words by which a sentence claims something about all the others, in three languages.

Short lists: claims in other words are missed. What is no claim must not match: “not only”, “one of
the most”, “only 55 posts”, “most of the posts”, “the second most active”.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dashboards.findings.numbers import Print
from dashboards.findings.reading import Reading
from dashboards.findings.wording import PLACEHOLDER

Readings = Mapping[str, Reading]

_ONLY = re.compile(
    r"\bonly\b|\bsolely\b|\bexclusively\b|\bno other\b|\bnobody else\b"
    r"|\bтолько\b|\bлишь\b|\bисключительно\b|\bединственн\w*|\bгана\b|\bжалгыз\b",
    re.I,
)
# “Not only”, “if only candidates are considered”.
_NOT_ONLY_BEFORE = re.compile(r"\b(?:not|if|considering|не|взять|считать|брать)\s*$", re.I)
_NOT_ONLY_AFTER = re.compile(r"\s*(?:эмес|алганда|эсептегенде)\b", re.I)
# Behind “only”, or before “гана”: what is little, not who is alone.
_AMOUNT_AFTER = re.compile(
    r"\s*(?:(?:about|some|around|a|one|по|около|примерно|один|одну|одно|несколько)\b\s*)*"
    r"(?:\{([a-z][a-z0-9_]*)[^{}]*\}|\d)",
    re.I,
)
_AMOUNT_BEFORE = re.compile(r"(?:\{([a-z][a-z0-9_]*)[^{}]*\}|\d)\s*(?:\w+\s+)?$", re.I)

_NONE = re.compile(
    r"\bnone\b|\bno one\b|\bnobody\b(?! else)|\bnot\b[^.;]{0,60}\bat all\b"
    r"|\bno (?:candidate|part(?:y|ies)|politician|media|outlet|actor|post|ads?|influencer)\w*"
    r"|\bникто\b|\bни одн\w+|\bни один\b|\bне пользова"
    r"|\bэч (?:ким|бир|кандай)\w*|\bтакыр\b|\bбир да\b",
    re.I,
)

_MOST = re.compile(
    r"\b(?P<en>most|highest|largest|biggest|greatest)\b"
    r"|\b(?:больше|чаще) вс(?:ег|ех)\w*|\bнаибольш\w+|\bнаиболее\b"
    r"|\bсам(?:ый|ая|ое|ые|ым|ой|ого|ую|ыми|ых)\s+"
    r"(?!мал|низк|незаметн|редк|пассивн|последн|конец|начал)\w+"
    r"|\bэң\s+(?!аз|төмөн|кичине|начар|пассив|сейрек|акыркы)\w+",
    re.I,
)
# In English the word alone is often “most of them”.
_CLAIMS_MOST = re.compile(
    r"\b(?:the|by far|was|were|is|are|had|has|got|received|published|produced|attracted|spent"
    r"|generated)\s*$",
    re.I,
)
_ONE_OF = re.compile(
    r"\b(?:one|two|three|some|several|among|at)\b(?:\s+of)?(?:\s+the)?\s*$"
    r"|\b(?:од(?:ин|на|но|ни|ним|ной|ного|них|ному)|числе|среди)\s*(?:из\s*)?$",
    re.I,
)
_ONE_OF_AFTER = re.compile(r"[^.;,]{0,40}\bбир(?:и|өө)\b", re.I)
_THEN = re.compile(
    r"\bfollowed by\b|\bthen by\b|\bдалее\b|\bза ним\b|\bзатем\b|\bандан кийин\b", re.I
)

_ORDINALS = {
    **dict(
        zip(
            ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
            range(2, 11),
            strict=True,
        )
    ),
    "втор": 2,
    "трет": 3,
    "четверт": 4,
    "четвёрт": 4,
    "пят": 5,
    "шест": 6,
    "седьм": 7,
    "восьм": 8,
    "девят": 9,
    "десят": 10,
    "экинчи": 2,
    "үчүнчү": 3,
    "төртүнчү": 4,
    "бешинчи": 5,
    "алтынчы": 6,
    "жетинчи": 7,
    "сегизинчи": 8,
    "тогузунчу": 9,
    "онунчу": 10,
}
_EN = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_RU = "втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят"
_KY = "экинчи|үчүнчү|төртүнчү|бешинчи|алтынчы|жетинчи|сегизинчи|тогузунчу|онунчу"
_PLACE = re.compile(
    rf"\b(?:(?P<most>{_EN})|(?P<most_number>\d+)(?:st|nd|rd|th))[\s-]+"
    r"(?:most|highest|largest|biggest|place)\b"
    rf"|\b(?:came|comes|ranked|ranks|placed|finished|stood|stands)\s+(?:in\s+)?(?:the\s+)?"
    rf"(?:(?P<verb>{_EN})|(?P<verb_number>\d+)(?:st|nd|rd|th))\b"
    r"|\((?P<bare>\d+)(?:st|nd|rd|th)\)"
    rf"|\b(?P<ru>{_RU})\w*\s+(?:мест\w*|по (?:числ|количеств)\w+)"
    r"|\b(?P<ru_number>\d+)-\w{1,3}\s+мест\w*"
    rf"|\b(?P<ky>{_KY})\s+орун\w*|\b(?P<ky_number>\d+)-орун\w*",
    re.I,
)


class Word(NamedTuple):
    """A word of claim: what was read, and where it begins and ends."""

    text: str
    start: int
    end: int
    place: int = 1


def only(clause: str, readings: Readings) -> Word | None:
    """“Only” as a claim about who is alone."""
    for found in _ONLY.finditer(clause):
        before, after = clause[: found.start()], clause[found.end() :]
        if _NOT_ONLY_BEFORE.search(before) or _NOT_ONLY_AFTER.match(after):
            continue
        if not _is_little(found[0], before, after, readings):
            return Word(found[0], *found.span())
    return None


def _is_little(word: str, before: str, after: str, readings: Readings) -> bool:
    """“Only 55 posts” is of one; “the only 3 candidates” of all."""
    if word.casefold() == "гана":
        amount = _AMOUNT_BEFORE.search(before)
    elif word.casefold() == "only" and before.rstrip().casefold().endswith("the"):
        return False
    else:
        amount = _AMOUNT_AFTER.match(after)
    if amount is None:
        return False
    reading = readings.get(amount[1] or "")
    return reading is None or not (reading.is_text or reading.number.prints == Print.ROWS)


def none(clause: str) -> Word | None:
    found = _NONE.search(clause)
    return Word(found[0], *found.span()) if found else None


def most(clause: str) -> Iterator[Word]:
    """Superlatives that name the first of all."""
    taken = [(one.start, one.end) for one in places(clause)]
    for found in _MOST.finditer(clause):
        before, after = clause[: found.start()], clause[found.end() :]
        if any(start <= found.start() < end for start, end in taken):
            continue
        if _ONE_OF.search(before) or _ONE_OF_AFTER.match(after) or after.startswith(" of"):
            continue
        if found["en"] and not _CLAIMS_MOST.search(before):
            continue
        yield Word(found[0], *found.span())


def places(clause: str) -> Iterator[Word]:
    """“The second most active”, “came third”, “(10th)”: a place that is typed."""
    for found in _PLACE.finditer(clause):
        said = next(value for value in found.groupdict().values() if value)
        place = int(said) if said.isdecimal() else _ORDINALS[said.casefold()]
        yield Word(found[0], *found.span(), place)


def then(clause: str) -> bool:
    return _THEN.search(clause) is not None


_BREAK = re.compile(rf"[,;:]\s|{_THEN.pattern}", re.I)


def whose(word: Word, clause: str, readings: Readings, *, before: bool = False) -> Reading | None:
    """The single row that a word of claim is about: in its own part of the clause if one is there.

    The first behind the word, else the last before it; with ``before`` the other way about.
    """
    named = [
        (found.start(), readings[found[1]])
        for found in PLACEHOLDER.finditer(clause)
        if found[1] in readings and readings[found[1]].chosen is not None
    ]
    start = max((one.end() for one in _BREAK.finditer(clause, 0, word.start)), default=0)
    end = next((one.start() for one in _BREAK.finditer(clause, word.end)), len(clause))
    own = [(at, one) for at, one in named if start <= at < end]
    return _near(word, own or named, before=before)


def _near(word: Word, named: Iterable[tuple[int, Reading]], *, before: bool) -> Reading | None:
    behind = [one for at, one in named if at >= word.end]
    ahead = [one for at, one in named if at < word.start]
    if before:
        return ahead[-1] if ahead else next(iter(behind), None)
    return behind[0] if behind else next(iter(ahead[-1:]), None)
