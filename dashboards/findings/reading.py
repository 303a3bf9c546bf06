"""What a placeholder stands for at this moment."""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from dashboards.findings.numbers import Number, Print, Question
from dashboards.measures import Measures, Result, UnknownWord
from dashboards.measures.rows import Row

Value = Any


class NoAnswer(UnknownWord):
    """The data has nothing for a placeholder, such as a third of two; the message says what."""


@dataclass(frozen=True)
class Reading:
    """A placeholder's value: a number, a name, several names, a day, or an interval of money.

    ``rows`` are those of its question, the largest first; ``chosen`` is the place among them of the
    one it is about, from 0.
    """

    number: Number
    value: Value
    result: Result | None
    chosen: int | None = None

    @property
    def rows(self) -> list[Row]:
        return self.result.rows if self.result else []

    @property
    def row(self) -> Row | None:
        return None if self.chosen is None else self.rows[self.chosen]

    @cached_property
    def name(self) -> str:
        """The name of the row it is about, as the project writes it."""
        return name_of(self.row, self.number.question.by[0]) if self.row else ""

    @property
    def is_text(self) -> bool:
        return self.number.prints in (Print.NAME, Print.NAMES)

    @property
    def rank(self) -> int:
        """The place of its row: equal ones share the better place."""
        own = amount(self.rows[self.chosen or 0]) or 0
        return 1 + sum((amount(row) or 0) > own for row in self.rows)


class Answers:
    """The answers of a project, each question asked once, however many placeholders share it."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self._known: dict[tuple[Any, ...], Result] = {}

    def ask(self, question: Question) -> Result:
        """Raises UnknownWord, NotInProject."""
        if question.key not in self._known:
            self._known[question.key] = self.measures.ask(
                question.measure,
                by=question.by,
                where=question.where,
                period=question.period,
                scope=question.scope,
            )
        return self._known[question.key]

    def read(self, number: Number) -> Reading:
        """What a placeholder stands for.

        Raises UnknownWord (NotInProject, NoAnswer) where the project has no such period, actor or
        row.
        """
        question = number.question
        if number.who:
            who = self.measures.background.directory.name_of(number.who)
            number = replace(number, who=who)
        if number.is_date:
            period = self.measures.background.period(question.period)
            return Reading(
                number, period.start if number.prints == Print.START else period.end, None
            )
        result = self.ask(question)
        chosen = _chosen(number, result) if number.chooses else None
        value = _VALUES[number.prints](number, self, result, chosen)
        return Reading(number, value, result, chosen)


def amount(row: Row) -> Any:
    """A row's number; of an interval of money its lower bound."""
    return row.get("low") if row["value"] is None else row["value"]


def name_of(row: Row, dimension: str) -> str:
    return str(row[dimension])


def passes(row: Row, number: Number) -> bool:
    """Whether a row reaches what is asked of it; without a bound: is there at all."""
    value = amount(row) or 0
    if number.over is not None:
        return bool(value > number.over)
    return number.least is None or bool(value >= number.least)


def _chosen(number: Number, result: Result) -> int:
    """The place of a number's row. Raises NoAnswer where there is none."""
    if number.who:
        by = number.question.by[0]
        for place, row in enumerate(result.rows):
            if name_of(row, by) == number.who:
                return place
        raise NoAnswer(
            _("“%(name)s” is not among those this number is about.") % {"name": number.who}
        )
    place = number.place or 1
    if place > len(result.rows) or not amount(result.rows[place - 1]):
        raise NoAnswer(
            _("There is no number %(place)s: %(count)s have any.")
            % {
                "place": place,
                "count": sum(bool(amount(row)) for row in result.rows),
            }
        )
    return place - 1


def _own(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    """The number of the chosen row, or of the whole question."""
    if chosen is not None:
        return _money_or_number(result.rows[chosen])
    if number.question.by:
        return sum(amount(row) or 0 for row in result.rows)
    return _money_or_number(result.rows[0])


def _money_or_number(row: Row) -> Value:
    if "low" in row and row["low"] != row["high"]:
        return row["low"], row["high"]
    return amount(row)


def _rank(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    return Reading(number, None, result, chosen).rank


def _name(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    return name_of(result.rows[chosen or 0], number.question.by[0])


def _names(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    by = number.question.by[0]
    return [name_of(row, by) for row in result.rows if passes(row, number)]


def _rows(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    return sum(passes(row, number) for row in result.rows)


def _top(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    return sum(amount(row) or 0 for row in result.rows[: (chosen or 0) + 1])


def _rest(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    rows = [row for place, row in enumerate(result.rows) if place != chosen]
    return sum(amount(row) or 0 for row in rows)


def _share(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    return 100 * _times(number, answers, result, chosen)


def _times(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    whole = amount(answers.ask(number.of or number.question).rows[0])
    if not whole:
        raise NoAnswer(_("The number it is a share of is 0."))
    own = amount(result.rows[chosen]) if chosen is not None else result.total
    return Decimal(str(own or 0)) / Decimal(str(whole))


def _led(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    """In how many of the first dimension ``who`` alone has the most in the second."""
    first, second = number.question.by
    groups: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    for row in result.rows:
        groups[name_of(row, first)].append((amount(row) or 0, name_of(row, second)))
    return sum(
        max(found)[0] > 0
        and [name for value, name in found if value == max(found)[0]] == [number.who]
        for found in groups.values()
    )


def _everywhere(number: Number, answers: Answers, result: Result, chosen: int | None) -> Value:
    """How many rows there are on every one of the platforms asked for."""
    question = number.question
    on_each = [
        answers.ask(replace(question, where={**question.where, "platform": (platform,)})).rows
        for platform in question.where.get("platform", ())
    ]
    found = [{name_of(row, question.by[0]) for row in rows} for rows in on_each]
    return len(set.intersection(*found)) if found else 0


_VALUES = {
    Print.TOTAL: _own,
    Print.VALUE: _own,
    Print.NAME: _name,
    Print.NAMES: _names,
    Print.RANK: _rank,
    Print.ROWS: _rows,
    Print.TOP: _top,
    Print.REST: _rest,
    Print.SHARE: _share,
    Print.TIMES: _times,
    Print.LED: _led,
    Print.EVERYWHERE: _everywhere,
}
