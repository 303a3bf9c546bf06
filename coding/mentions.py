"""Which actors a text names: offered to the monitor, who confirms or ignores them.

Names are found in any script and case, in either order of given name and surname, written together
in a hashtag, with the endings that Russian and Kyrgyz put to them (Жапаровдун, Жапарову). A surname
alone is enough; where several actors bear it, all of them are offered.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[\w\u0300-\u036f]+")
_LAST_VOWEL = re.compile(r"(?:ая|яя|[ыио]й|[оеыи]е|[аеиоуыэюяйьaeiouy])$")
_SURNAME = re.compile(
    r"(?:[оеи]в|[иы]н|[ое]ва|[иы]на|ск(?:ий|ая)|цк(?:ий|ая)|ко"
    r"|[oe]v|[iy]n|[oe]va|[iy]na|skiy|skaya)$"
)
# The endings of both languages, after ``folded``. Kyrgyz: plural, possessive, case, particle.
_ENDING = re.compile(
    r"(?:ого|его|ому|ему|[оеыи]м|[ыи]ми|[ыи]х|[оеу]й|[оеу]ю|[аяуюеыи]|ая|ое|[ыи][ей]"
    r"|[ая](?:м|ми|х)|s)"
    r"|(?:[лдт][аео]р)?(?:с?[ыиу])?"
    r"(?:[ндт]?[ыиу]н|[гкн]?[аео]|[ндт][ыиу]|[ндт][аео]н|[дт][аео]|н)?"
    r"(?:[бп][ыиу]|[дт][аео]й|ч[аео]|[дт][ыиу]к[ыиу])?"
)
_FOLDED = str.maketrans("ёңөү", "еноу")
# Shorter words are too often something else.
_LEAST_INFLECTED = 5
_LEAST_SURNAME = 5
_LONGEST_ENDING = 9
# Between two words of a name: a space, a dash, a quotation mark with its space.
_WIDEST_GAP = 3
# More bearers of a surname than one could offer at a glance.
_MOST_BEARERS = 3


@dataclass(frozen=True)
class Span:
    """Where a text names an actor, or one of several, as positions in the text."""

    start: int
    end: int
    actor_ids: tuple[int, ...]


class _Token(NamedTuple):
    start: int
    end: int
    folded: str


@dataclass(frozen=True)
class _NameWord:
    """A word of a name; without its last vowel it is what all its forms begin with."""

    folded: str
    stem: str
    is_inflected: bool

    def is_in(self, token: _Token) -> bool:
        if not self.is_inflected:
            return token.folded == self.folded
        return any(
            token.folded.startswith(whole) and _ENDING.fullmatch(token.folded, len(whole))
            for whole in {self.folded, self.stem}
        )


def find_mentions(text: str, names: Mapping[int, Sequence[str]]) -> list[Span]:
    """The places where a text names actors, in order and without overlaps; the longest wins.

    ``names`` maps the id of each actor to their names.
    """
    tokens = list(_tokens(text))
    if not tokens:
        return []
    forms = _forms(tuple((actor, tuple(known)) for actor, known in names.items()))
    found: list[Span] = []
    place = 0
    while place < len(tokens):
        length, actors = _longest_at(tokens, place, forms)
        if length:
            last = tokens[place + length - 1]
            found.append(Span(tokens[place].start, last.end, actors))
        place += max(length, 1)
    return found


_Forms = Mapping[str, Sequence[tuple[tuple[_NameWord, ...], int]]]


def _longest_at(tokens: Sequence[_Token], place: int, forms: _Forms) -> tuple[int, tuple[int, ...]]:
    """How many words from a place on name somebody, and whom; 0 where they name nobody."""
    word = tokens[place].folded
    length, actors = 0, dict[int, None]()
    for cut in range(len(word), max(len(word) - _LONGEST_ENDING, 1) - 1, -1):
        for name, actor in forms.get(word[:cut], ()):
            if len(name) >= max(length, 1) and _stands_at(tokens, place, name):
                if len(name) > length:
                    length, actors = len(name), {}
                actors[actor] = None
    if len(actors) > _MOST_BEARERS:
        return 0, ()
    return length, tuple(actors)


def _stands_at(tokens: Sequence[_Token], place: int, name: Sequence[_NameWord]) -> bool:
    there = tokens[place : place + len(name)]
    return (
        len(there) == len(name)
        and all(after.start - before.end <= _WIDEST_GAP for before, after in pairwise(there))
        and all(word.is_in(token) for word, token in zip(name, there, strict=True))
    )


@lru_cache(maxsize=64)
def _forms(names: tuple[tuple[int, tuple[str, ...]], ...]) -> _Forms:
    """Everything that names somebody, by the stem of its first word."""
    forms: dict[str, list[tuple[tuple[_NameWord, ...], int]]] = defaultdict(list)
    for actor, known in names:
        for words in dict.fromkeys(form for name in known for form in _forms_of(name)):
            forms[words[0].stem].append((words, actor))
    return forms


def _forms_of(name: str) -> Iterator[tuple[_NameWord, ...]]:
    written = _WORD.findall(name)
    # In a name of several words a shorter one is inflected too: the other ones tell it apart.
    least = _LEAST_INFLECTED - (len(written) > 1)
    words = tuple(_name_word(word, least) for word in written)
    if not words:
        return
    yield words
    if len(words) == 2:
        yield words[::-1]
        for one, other in (words, words[::-1]):
            yield (_name_word(one.folded + other.folded, _LEAST_INFLECTED),)
    # Organisations are "Central Election Commission", or write their later words small.
    if 2 <= len(words) <= 3 and all(word[:1].isupper() for word in written):
        for word in words:
            if len(word.folded) >= _LEAST_SURNAME and _SURNAME.search(word.folded):
                yield (word,)


def _name_word(written: str, least: int) -> _NameWord:
    text = folded(written)
    if not text.isalpha():
        return _NameWord(text, text, is_inflected=False)
    if len(text) >= least:
        return _NameWord(text, _LAST_VOWEL.sub("", text), is_inflected=True)
    # ЦИКа, БШКнын.
    return _NameWord(text, text, is_inflected=written.isupper() and len(text) > 2)


def _tokens(text: str) -> Iterable[_Token]:
    for match in _WORD.finditer(text):
        yield _Token(match.start(), match.end(), folded(match[0]))


def folded(word: str) -> str:
    """Small letters, without what people leave out on a Russian keyboard: ё, ң, ө, ү."""
    return unicodedata.normalize("NFC", word).lower().translate(_FOLDED)
