"""Whose may an unknown account be? Names compared across Cyrillic and Latin, and with handles.

Plain values in, plain values out. Transliteration is folded so far that the usual ways to write a
Kyrgyz or Russian name in Latin letters (Japarov, Zhaparov, Dzhaparov) fall together; what is left
of the difference is for fuzzy matching (rapidfuzz).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

LEAST = 75.0
# Written without Ё, Й, Ң, Ө, Ү as often as with them.
_LETTERS = dict(
    zip(
        "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюяіїєґў",
        [
            *["a", "b", "v", "g", "d", "e", "e", "j", "z", "i", "i", "k", "l", "m", "n", "n", "o"],
            *["o", "p", "r", "s", "t", "u", "u", "f", "h", "c", "ch", "sh", "sh", "", "i", "", "e"],
            *["u", "a", "i", "i", "e", "g", "u"],
        ],
        strict=True,
    )
)
# Several ways to write one sound in Latin letters, the longest first.
_SOUNDS = [
    ("shch", "sh"),
    ("sch", "sh"),
    ("dzh", "j"),
    ("dj", "j"),
    ("zh", "j"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("ng", "n"),
    ("yo", "e"),
    ("jo", "e"),
    ("ye", "e"),
    ("yu", "u"),
    ("iu", "u"),
    ("ya", "a"),
    ("ia", "a"),
    ("w", "v"),
    ("q", "k"),
    ("x", "h"),
    ("y", "i"),
    ("ph", "f"),
    ("oe", "o"),
    ("ue", "u"),
]
# Words that say nothing of whose a page is.
_FILLERS = {"official", "officialpage", "page", "kg", "kyrgyzstan", "news", "the", "stranica"}


class Known(NamedTuple):
    """An actor: all its names, and the handles of its accounts."""

    id: int
    names: tuple[str, ...]
    handles: tuple[str, ...] = ()


class Likely(NamedTuple):
    """An actor to whom an account may belong; ``score`` from 0 to 100."""

    id: int
    score: float


def folded(text: str) -> str:
    """A name as words of Latin letters in which spellings of one sound are the same."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    latin = "".join(_LETTERS.get(letter, letter) for letter in plain)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", latin)
        if not unicodedata.combining(letter)
    )
    words = re.findall(r"[a-z0-9]+", bare)
    return " ".join(_sounds(word) for word in words)


def likely_actors(
    accounts: Sequence[tuple[str, str]], actors: Iterable[Known], *, most: int = 3
) -> list[list[Likely]]:
    """For each account (name, handle) the actors that come near, the nearest first; ties by id."""
    prepared = list(_prepared(actors))
    answers = []
    for name, handle in accounts:
        account = _Folded(name, handle)
        scored = [Likely(actor.id, account.likeness(actor)) for actor in prepared]
        near = [one for one in scored if one.score >= LEAST]
        answers.append(sorted(near, key=lambda one: (-one.score, one.id))[:most])
    return answers


class _Prepared(NamedTuple):
    id: int
    names: tuple[str, ...]
    joined: tuple[str, ...]
    handles: frozenset[str]


class _Folded:
    """An unknown account, folded once."""

    def __init__(self, name: str, handle: str) -> None:
        self.name = _telling(folded(name))
        self.handle = "".join(_telling(folded(re.sub(r"[._\-]+", " ", handle))).split())

    def likeness(self, actor: _Prepared) -> float:
        if self.handle and self.handle in actor.handles:
            return 100.0
        scores = [fuzz.token_sort_ratio(self.name, name) for name in actor.names]
        # "Adakhan Madumarov - official page of the candidate" holds the name whole.
        scores += [
            95.0
            for name in actor.names
            if " " in name and set(name.split()) <= set(self.name.split())
        ]
        if len(self.handle) > 3:
            scores += [fuzz.ratio(self.handle, joined) for joined in actor.joined]
        return round(max(scores, default=0.0), 1)


def _prepared(actors: Iterable[Known]) -> Iterable[_Prepared]:
    for actor in actors:
        names = tuple({_telling(folded(name)) for name in actor.names} - {""})
        joined = {"".join(order) for name in names for order in _orders(name.split())}
        handles = frozenset(_Folded("", handle).handle for handle in actor.handles)
        yield _Prepared(actor.id, names, tuple(sorted(joined)), handles - {""})


def _orders(words: list[str]) -> list[list[str]]:
    """A name as handles join it: as it is written, and turned round."""
    return [words, words[::-1]] if len(words) > 1 else [words]


def _telling(text: str) -> str:
    words = [word for word in text.split() if word not in _FILLERS]
    return " ".join(words) or text


def _sounds(word: str) -> str:
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", word)
