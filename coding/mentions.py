"""Which actors a text names: offered to the monitor, who confirms or ignores them.

Names are found in any script and case, in either order of given name and surname, with the endings
that Russian and Kyrgyz put to them (Жапаровдун, Жапарову). A surname alone is enough where only one
actor bears it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\w+")
_LAST_VOWEL = re.compile(r"[аеиоуыэюяёйьөүaeiouy]$", re.IGNORECASE)
_SURNAME = re.compile(
    r"(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ий|ая|ко|ov|ev|in|yn|ova|eva|ina|yna|ko)$",
    re.IGNORECASE,
)
# Shorter words are too often something else.
_LEAST_INFLECTED = 5
_LEAST_SURNAME = 6
_LONGEST_ENDING = 6


@dataclass(frozen=True)
class Span:
    """Where a text names an actor, as positions in the text."""

    start: int
    end: int
    actor_id: int


def find_mentions(text: str, names: Mapping[int, Sequence[str]]) -> list[Span]:
    """The places where a text names actors, in order and without overlaps; the longest wins.

    ``names`` maps the id of each actor to their names.
    """
    found = _finder(tuple((actor, tuple(known)) for actor, known in names.items()))
    if found is None:
        return []
    pattern, actors = found
    return [
        Span(match.start(), match.end(), actors[int(match.lastgroup.removeprefix("n"))])
        for match in pattern.finditer(text)
        if match.lastgroup
    ]


@lru_cache(maxsize=64)
def _finder(
    names: tuple[tuple[int, tuple[str, ...]], ...],
) -> tuple[re.Pattern[str], list[int]] | None:
    bearers = Counter(
        stem for _actor, known in names for stem in {s for name in known for s in _stems(name)}
    )
    forms = [
        (form, actor) for actor, known in names for form in dict.fromkeys(_forms_of(known, bearers))
    ]
    if not forms:
        return None
    forms.sort(key=lambda pair: -len(pair[0]))
    parts = [f"(?P<n{place}>{form})" for place, (form, _actor) in enumerate(forms)]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return pattern, [actor for _form, actor in forms]


def _stems(name: str) -> list[str]:
    """A man's and a woman's surname differ in an ending that cases have too: they are one."""
    return [_stem(word.casefold()) for word in _WORD.findall(name)]


def _stem(word: str) -> str:
    return _LAST_VOWEL.sub("", word) if _is_inflected(word) else word


def _forms_of(names: Iterable[str], bearers: Counter[str]) -> Iterator[str]:
    for name in names:
        words = _WORD.findall(name)
        if not words:
            continue
        yield r"\W{1,3}".join(map(_inflected, words))
        if len(words) == 2:
            yield r"\W{1,3}".join(map(_inflected, reversed(words)))
        for word in words:
            is_surname = len(word) >= _LEAST_SURNAME and _SURNAME.search(word)
            if is_surname and bearers[_stem(word.casefold())] == 1:
                yield _inflected(word)


def _is_inflected(word: str) -> bool:
    return len(word) >= _LEAST_INFLECTED and word.isalpha()


def _inflected(word: str) -> str:
    ending = rf"\w{{0,{_LONGEST_ENDING}}}" if _is_inflected(word) else ""
    return re.escape(_stem(word)) + ending
