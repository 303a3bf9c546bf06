"""One person, two spellings: names typed into sentences, beside one another and those monitored."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from dashboards.findings.remarks import Remark
from dashboards.findings.wording import PLACEHOLDER
from monitoring.likely_actors import folded

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# The point after them ends no sentence.
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|г|г-н|г-жа)\.?\s*$")
_SHORTEST = 5
_ALIKE = 80
_ALL_BUT_THE_SAME = 82
# A case ending is no other spelling.
_LONGEST_ENDING = 4


def compared(
    texts: Mapping[int, Sequence[str]], *, printed: Iterable[str], known: Iterable[str]
) -> dict[int, list[Remark]]:
    """Remarks by the key of a text: a name near to one printed, known, or typed elsewhere.

    ``printed`` are the names as placeholders write them: another spelling of one is remarked even
    where it is an alias of theirs.
    """
    standing = {word.casefold(): word for name in printed for word in _WORD.findall(name)}
    others = {word.casefold(): word for name in known for word in _WORD.findall(name)}
    remarks: dict[int, list[Remark]] = defaultdict(list)
    met: dict[str, str] = {}
    for place, found in texts.items():
        for word, begins in dict(pair for text in found for pair in _names(text)).items():
            own = word.casefold()
            if own in standing:
                continue
            if begins:
                # Any word may begin a sentence: only what is all but a monitored name is one.
                other = _like(word, standing, alike=_ALL_BUT_THE_SAME)
            else:
                other = _like(word, standing) or (
                    "" if own in others or own in met else _like(word, others) or _like(word, met)
                )
            if other:
                remarks[place].append(
                    Remark(
                        f"spelling:{word}:{other}",
                        _("“%(word)s” here, “%(other)s” elsewhere: is it the same name?")
                        % {"word": word, "other": other},
                    )
                )
            if not begins:
                met.setdefault(own, word)
    return remarks


def _names(text: str) -> Iterable[tuple[str, bool]]:
    """Capitalised words, each with whether it merely begins a sentence."""
    bare = PLACEHOLDER.sub("{}", text)
    for found in _WORD.finditer(bare):
        word = re.sub(r"[’']s$", "", found[0])
        before = _TITLE.sub("", bare[: found.start()]).rstrip(" («“\"'")
        begins = not before or before[-1] in ".!?:;—-"
        if len(word) >= _SHORTEST and word[0].isupper() and not word.isupper():
            yield word, begins


def _like(word: str, known: Mapping[str, str], *, alike: int = _ALIKE) -> str:
    """A known word that is written nearly like it; empty where there is none."""
    own = word.casefold()
    for key, other in known.items():
        if len(key) < _SHORTEST or key[0] != own[0] or _is_ending(own, key):
            continue
        if _script(own) == _script(key) and fuzz.ratio(folded(own), folded(key)) >= alike:
            return other
    return ""


def _is_ending(one: str, other: str) -> bool:
    """Whether the two differ by an ending only (Сегизбаев, Сегизбаева; party, parties)."""
    shorter, longer = sorted((one, other), key=len)
    stem = shorter[:-1]
    return longer.startswith(stem) and len(longer) - len(stem) <= _LONGEST_ENDING


def _script(word: str) -> bool:
    return word.isascii()
