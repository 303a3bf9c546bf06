"""“Only”, “none”, “the most”, “followed by”: words that claim something about all the others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from dashboards.findings.numbers import Print
from dashboards.findings.reading import Reading, amount, name_of, passes
from dashboards.findings.remarks import Remark
from dashboards.findings.wording import PLACEHOLDER, names_in
from dashboards.numbers import count

_CLAUSE = re.compile(r"(?<=[.!?;])\s+")
_ONLY = re.compile(r"\bonly\b|\bтолько\b|\bлишь\b|\bединственн|\bгана\b|\bжалгыз\b", re.I)
_NONE = re.compile(
    r"\bnone\b|\bno one\b|\bnobody\b|\bnot\b[^.;]{0,60}\bat all\b|\bникто\b|\bни од(?:ин|на|но)\b"
    r"|\bне пользова|\bэч (?:ким|бир)\b|\bтакыр\b",
    re.I,
)
_MOST = re.compile(
    r"\bmost\b|\bhighest\b|\blargest\b|\bбольше всего\b|\bсам(?:ый|ая|ое|ые|ым)\b|\bэң\b", re.I
)
_THEN = re.compile(
    r"\bfollowed by\b|\bthen by\b|\bдалее\b|\bза ним\b|\bзатем\b|\bандан кийин\b", re.I
)

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


def worded(text: str, readings: Readings) -> Iterable[Remark]:
    """Claims made by the words of a text about the rows that its placeholders name."""
    claims_zero = any(reading.number.must for reading in readings.values())
    for clause in _CLAUSE.split(text):
        named = [readings[name] for name in names_in(clause) if name in readings]
        groups = _by_question(named)
        if _ONLY.search(clause):
            yield from (remark for group in groups for remark in _only(group, named))
        if (found := _NONE.search(clause)) and not claims_zero:
            yield Remark(
                f"none:{found[0].casefold()}",
                _("“%(word)s” rests on no number: add one that must be zero.") % {"word": found[0]},
            )
        if found := _MOST.search(clause):
            yield from _first(_nearest(clause, found.end(), readings), found[0])
        if _THEN.search(clause):
            yield from (remark for group in groups for remark in _in_order(group))
        yield from (remark for group in groups for remark in _tied(group))


def _by_question(named: list[Reading]) -> list[list[Reading]]:
    """The readings of single rows, those of one question together, in the order of the text."""
    groups: dict[Any, list[Reading]] = defaultdict(list)
    for reading in named:
        if reading.chosen is not None and reading.number.prints in (Print.NAME, Print.VALUE):
            groups[reading.number.question.key].append(reading)
    return list(groups.values())


def _only(group: list[Reading], named: list[Reading]) -> Iterable[Remark]:
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


def _nearest(clause: str, end: int, readings: Readings) -> Reading | None:
    """The single row named first after a word; else the last one before it."""
    before = None
    for found in PLACEHOLDER.finditer(clause):
        reading = readings.get(found[1])
        if reading is None or reading.chosen is None:
            continue
        if found.start() >= end:
            return reading
        before = reading
    return before


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
