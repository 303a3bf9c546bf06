"""“Only”, “none”, “the most”, “followed by”: words that claim something about all the others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from dashboards.findings import claim_words
from dashboards.findings.numbers import Print
from dashboards.findings.reading import Reading, amount, name_of, passes
from dashboards.findings.remarks import Remark
from dashboards.findings.wording import PLACEHOLDER, names_in
from dashboards.numbers import count

_CLAUSE = re.compile(r"(?<=[.!?;])\s+")
Readings = Mapping[str, Reading]


def bound(readings: Readings) -> Iterable[Remark]:
    """Claims that are bound: a number that must be zero, must be some, must be all."""
    for name, reading in readings.items():
        value, must = reading.value, reading.number.must
        holds = {
            "zero": not value,
            "some": bool(value),
            "all": value == len(reading.rows),
        }.get(must, True)
        if not holds:
            wanted = {"zero": "0", "some": _("more than 0"), "all": str(len(reading.rows))}[must]
            yield Remark(
                f"claim:{name}:{value}",
                _("%(number)s must be %(wanted)s for the sentence to hold, and is %(value)s.")
                % {"number": f"{{{name}}}", "wanted": wanted, "value": value},
                is_wrong=True,
            )


def worded(
    text: str, readings: Readings, spoken: Mapping[str, Iterable[str]] | None = None
) -> Iterable[Remark]:
    """Claims made by the words of a text about the rows that its placeholders name.

    ``spoken`` is what else an actor is called, by the name that the project writes.
    """
    in_text = {name: readings[name] for name in names_in(text) if name in readings}
    claims_zero = any(reading.number.must for reading in readings.values())
    written = _Written(text, spoken or {})
    for clause in _CLAUSE.split(text):
        named = [in_text[name] for name in names_in(clause) if name in in_text]
        groups = _by_question(named)
        if found := claim_words.only(clause, readings):
            alone = groups or _counted_in(named, in_text)
            yield from (remark for group in alone for remark in _only(group, named, written))
            if not readings:
                yield _loose("only", found.text, _("“%(word)s” rests on nobody who is picked."))
        if (found := claim_words.none(clause)) and not claims_zero:
            yield _loose(
                "none", found.text, _("“%(word)s” rests on no number: add one that must be zero.")
            )
        yield from _ranked(clause, in_text, groups)


def _ranked(clause: str, readings: Readings, groups: list[list[Reading]]) -> Iterable[Remark]:
    for word in claim_words.most(clause):
        yield from _first(claim_words.whose(word, clause, readings), word.text)
    for word in claim_words.places(clause):
        yield from _at_place(claim_words.whose(word, clause, readings, before=True), word)
    in_order = claim_words.then(clause)
    for group in groups:
        if in_order:
            yield from _in_order(group)
        yield from _tied(group)


def _loose(kind: str, word: str, text: str) -> Remark:
    return Remark(f"{kind}:{word.casefold()}", text % {"word": word})


class _Written:
    """Which names a text holds that were typed by hand, in whatever case."""

    def __init__(self, text: str, spoken: Mapping[str, Iterable[str]]) -> None:
        self.words = re.findall(r"\w+", PLACEHOLDER.sub(" ", text).casefold())
        self.spoken = spoken

    def __contains__(self, name: str) -> bool:
        return any(
            all(
                any(own.startswith(word[: max(3, len(word) - 2)]) for own in self.words)
                for word in words
            )
            for spoken in [name, *self.spoken.get(name, ())]
            if (words := re.findall(r"\w+", spoken.casefold()))
        )


def _by_question(named: list[Reading]) -> list[list[Reading]]:
    """The readings of single rows, those of one question together, in the order of the text."""
    groups: dict[Any, list[Reading]] = defaultdict(list)
    for reading in named:
        if reading.chosen is not None and reading.number.prints in (Print.NAME, Print.VALUE):
            groups[reading.number.question.key].append(reading)
    return list(groups.values())


def _counted_in(named: list[Reading], readings: Readings) -> list[list[Reading]]:
    """Those that a text names and this clause counts: “A and B; only 2 had over 100”."""
    counted = {one.number.question.key for one in named if one.number.prints == Print.ROWS}
    groups = _by_question(list(readings.values()))
    return [group for group in groups if group[0].number.question.key in counted]


def _only(group: list[Reading], named: list[Reading], written: _Written) -> Iterable[Remark]:
    """Those named must be all that have any, or all that reach the number the clause gives."""
    bar = next(
        (
            one.number
            for one in named
            if one.number.prints == Print.ROWS
            and one.number.question.key == group[0].number.question.key
        ),
        None,
    )
    by = group[0].number.question.by[0]
    rows = group[0].rows
    reaching = [row for row in rows if amount(row) and (bar is None or passes(row, bar))]
    mentioned = {reading.name for reading in group}
    mentioned |= {name for row in rows if (name := name_of(row, by)) in written}
    others = [row for row in reaching if name_of(row, by) not in mentioned]
    if not others:
        return
    own = [row for row in rows if name_of(row, by) in mentioned]
    total = sum(amount(row) or 0 for row in rows)
    yield Remark(
        f"only:{','.join(sorted(name_of(row, by) for row in others))}",
        _("Not only these: %(others)s as well. %(sum)s = %(own)s, all together have %(total)s.")
        % {
            "others": ", ".join(f"{name_of(row, by)} ({count(amount(row))})" for row in others),
            "sum": " + ".join(count(amount(row)) for row in own),
            "own": count(sum(amount(row) or 0 for row in own)),
            "total": count(total),
        },
        is_wrong=True,
    )


def _first(reading: Reading | None, word: str) -> Iterable[Remark]:
    if reading is None or reading.number.place is not None or reading.rank == 1:
        return
    by = reading.number.question.by[0]
    leader = reading.rows[0]
    yield Remark(
        f"most:{reading.name}:{reading.rank}",
        _("“%(word)s”: %(name)s comes at place %(rank)s; the first is %(leader)s (%(value)s).")
        % {
            "word": word,
            "name": reading.name,
            "rank": reading.rank,
            "leader": name_of(leader, by),
            "value": count(amount(leader)),
        },
        is_wrong=True,
    )


def _at_place(reading: Reading | None, word: claim_words.Word) -> Iterable[Remark]:
    """A place that is written out must be the one the data gives; equal ones share the better."""
    if reading is None or reading.rank == word.place:
        return
    yield Remark(
        f"place:{reading.name}:{word.place}:{reading.rank}",
        _("“%(word)s”: %(name)s comes at place %(rank)s (%(value)s).")
        % {
            "word": word.text,
            "name": reading.name,
            "rank": reading.rank,
            "value": count(amount(reading.row or {"value": 0})),
        },
        is_wrong=True,
    )


def _in_order(group: list[Reading]) -> Iterable[Remark]:
    """Who follows must not have more than who comes before."""
    places = list(dict.fromkeys(reading.chosen for reading in group))
    rows, by = group[0].rows, group[0].number.question.by[0]
    for earlier, later in pairwise(places):
        first, second = rows[earlier or 0], rows[later or 0]
        if (amount(second) or 0) > (amount(first) or 0):
            yield Remark(
                f"order:{name_of(first, by)}:{name_of(second, by)}",
                _("%(second)s (%(more)s) comes before %(first)s (%(less)s).")
                % {
                    "first": name_of(first, by),
                    "second": name_of(second, by),
                    "less": count(amount(first)),
                    "more": count(amount(second)),
                },
                is_wrong=True,
            )


def _tied(group: list[Reading]) -> Iterable[Remark]:
    """Somebody not named has the same number as one that is named by its place."""
    by = group[0].number.question.by[0]
    mentioned = {reading.name for reading in group}
    for reading in group:
        if reading.number.place is None or not reading.row or not amount(reading.row):
            continue
        same = [
            name_of(row, by)
            for row in reading.rows
            if amount(row) == amount(reading.row) and name_of(row, by) not in mentioned
        ]
        if same:
            yield Remark(
                f"tied:{reading.name}:{','.join(same)}",
                _("%(others)s: the same number as %(name)s (%(value)s).")
                % {
                    "others": ", ".join(same),
                    "name": reading.name,
                    "value": count(amount(reading.row)),
                },
            )
