"""The queue of disagreements: how it is filtered, and what comes next in it."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from coding.disagreements import Disagreement
from coding.reliability import Breakdown
from coding.services.agreement_tables import key_of
from coding.services.words import Words, words_of
from monitoring.models import Project
from monitoring.numbers import count

FILTERS = ("variable", "actor", "pair", "state")
RETURNED = "returned"


@dataclass(frozen=True)
class Filter:
    """One choice over the queue; ``options`` are value and words with the number of posts."""

    name: str
    label: str
    chosen: str
    options: list[tuple[str, str]]


class ReviewQueue:
    """The posts that wait, the oldest disagreement first, under the filters of an address.

    A post that was given back waits for its monitor, and is left out unless ``state=returned``.
    """

    def __init__(self, waiting: Sequence[Disagreement], given: Mapping[str, Any]) -> None:
        self.all = waiting
        self.chosen = {name: str(given.get(name, ""))[:100] for name in FILTERS}
        following = str(given.get("next", ""))
        self._next = int(following) if following.isdecimal() else None

    @cached_property
    def posts(self) -> list[int]:
        return [one.post for one in self.all if self._fits(one)]

    @property
    def count(self) -> int:
        return len(self.posts)

    @property
    def returned(self) -> int:
        return sum(one.is_returned for one in self.all)

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen.values())

    @property
    def first(self) -> int | None:
        """The post that ``?next=`` names while it waits, else the oldest."""
        if self._next in self.posts:
            return self._next
        return self.posts[0] if self.posts else None

    def after(self, post: int) -> int | None:
        """The post that comes behind another one."""
        if post not in self.posts:
            return self.first
        place = self.posts.index(post) + 1
        return self.posts[place] if place < len(self.posts) else None

    def query(self, **place: Any) -> str:
        """The filters and a place in the queue, for an address."""
        return urlencode({name: value for name, value in (self.chosen | place).items() if value})

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The filters for a form to send along."""
        return [(name, value) for name, value in self.chosen.items() if value]

    def filters(self, project: Project) -> list[Filter]:
        """What the queue can be narrowed to, each with how many posts of the whole queue it has."""
        if not self.all:
            return []
        words = words_of(project=project)
        return [
            self._filter("variable", _("Variable"), words, (one.variables for one in self.all)),
            self._filter("actor", _("Actor"), words, (one.actors for one in self.all)),
            self._filter("pair", _("Monitors"), words, (_pairs(one) for one in self.all)),
        ]

    def _filter(
        self, name: str, label: str, words: Words, values: Iterable[Iterable[Hashable]]
    ) -> Filter:
        counts = Counter(value for of_post in values for value in of_post)
        named = [(key_of(value), _word(words, value), number) for value, number in counts.items()]
        options = [(key, f"{word} ({count(number)})") for key, word, number in named]
        options.sort(key=lambda option: option[1])
        return Filter(name, label, self.chosen[name], options)

    def _fits(self, one: Disagreement) -> bool:
        chosen = self.chosen
        return (
            one.is_returned == (chosen["state"] == RETURNED)
            and (not chosen["variable"] or chosen["variable"] in one.variables)
            and (not chosen["actor"] or chosen["actor"] in map(str, one.actors))
            and (not chosen["pair"] or chosen["pair"] in map(key_of, _pairs(one)))
        )


def _pairs(one: Disagreement) -> list[tuple[int, int]]:
    return list(combinations(sorted(one.coders), 2))


def _word(words: Words, value: Hashable) -> str:
    if isinstance(value, str):
        variable = words.variable(value)
        return words.name_of(variable) if variable else value
    return words.part(Breakdown.ACTOR, value)
