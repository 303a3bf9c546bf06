"""What a placeholder of a sentence stands for: a question, and what to print of its answer."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.measures import UnknownWord
from dashboards.measures.vocabulary import check_question


class Print(StrEnum):
    """What of an answer is printed."""

    TOTAL = "total"
    VALUE = "value"
    NAME = "name"
    NAMES = "names"
    RANK = "rank"
    ROWS = "rows"
    TOP = "top"
    REST = "rest"
    SHARE = "share"
    TIMES = "times"
    LED = "led"
    EVERYWHERE = "everywhere"
    START = "start"
    END = "end"


PRINT_LABELS = {
    Print.TOTAL: gettext_lazy("the number itself"),
    Print.VALUE: gettext_lazy("the number of one (by place, or by name)"),
    Print.NAME: gettext_lazy("the name of one (by place)"),
    Print.NAMES: gettext_lazy("the names of all that reach a number"),
    Print.RANK: gettext_lazy("the place of one (by name)"),
    Print.ROWS: gettext_lazy("how many reach a number"),
    Print.TOP: gettext_lazy("the first ones together"),
    Print.REST: gettext_lazy("all others together"),
    Print.SHARE: gettext_lazy("a share of another number, percent"),
    Print.TIMES: gettext_lazy("how many times another number"),
    Print.LED: gettext_lazy("in how many one comes first"),
    Print.EVERYWHERE: gettext_lazy("how many are on all these platforms"),
    Print.START: gettext_lazy("the first day of the period"),
    Print.END: gettext_lazy("the last day of the period"),
}
# These choose one row, or go through the rows: they need a dimension.
_NEED_ROWS = {
    Print.VALUE,
    Print.NAME,
    Print.NAMES,
    Print.RANK,
    Print.ROWS,
    Print.TOP,
    Print.REST,
    Print.LED,
    Print.EVERYWHERE,
}
_NEED_ANOTHER = {Print.SHARE, Print.TIMES}
_NEED_A_PLACE = {Print.VALUE, Print.NAME, Print.REST, Print.TOP}
_DATES = {Print.START, Print.END}


@dataclass(frozen=True)
class Question:
    """The words of a question to the measures."""

    measure: str = "posts"
    by: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    period: str = "entire"
    scope: str = "all"

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> "Question":
        return cls(
            measure=words.get("measure", "posts"),
            by=_words(words.get("by", ())),
            where={key: _words(value) for key, value in words.get("where", {}).items()},
            period=words.get("period", "entire"),
            scope=words.get("scope", "all"),
        )

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal for equal questions."""
        return self.measure, self.by, tuple(sorted(self.where.items())), self.period, self.scope


@dataclass(frozen=True)
class Number:
    """A placeholder's meaning.

    ``place`` (from 1) or ``who`` chooses a row; ``least`` is what a row must reach, ``over`` what
    it must pass. ``of`` is the other question of a share or a multiple. ``step`` is what the value
    is rounded to (100: 66,685 is 66,700) and ``unit`` what it is counted in (1000000: 17.23).
    ``must`` makes it a claim: ``zero``, ``some``, or ``all`` (of the rows there are).
    """

    question: Question
    prints: Print = Print.TOTAL
    place: int | None = None
    who: str = ""
    least: int | None = None
    over: int | None = None
    of: Question | None = None
    step: float | None = None
    unit: int = 1
    must: str = ""

    @classmethod
    def of_words(cls, words: Mapping[str, Any]) -> "Number":
        """From the form in which it is kept. Raises UnknownWord where it makes no sense."""
        try:
            prints = Print(words.get("prints", "total"))
        except ValueError as problem:
            raise UnknownWord(
                _("“%(word)s” is nothing to print; there are: %(allowed)s.")
                % {"word": words.get("prints"), "allowed": ", ".join(Print)}
            ) from problem
        other = words.get("of")
        number = cls(
            question=Question.of(words),
            prints=prints,
            place=words.get("place"),
            who=words.get("who", ""),
            least=words.get("least"),
            over=words.get("over"),
            of=Question.of({**words, **other, "by": ()}) if other is not None else None,
            step=words.get("step"),
            unit=words.get("unit", 1),
            must=words.get("must", ""),
        )
        number.check()
        return number

    def check(self) -> None:
        """Raise UnknownWord for a question that cannot be asked, or lacks what is to be printed."""
        for question in filter(None, [self.question, self.of]):
            check_question(
                measure=question.measure,
                by=question.by,
                where=question.where,
                scope=question.scope,
            )
        if self.prints in _NEED_ROWS and not self.question.by:
            raise UnknownWord(_("This needs a “by”: whose numbers are compared?"))
        if self.prints == Print.LED and len(self.question.by) != 2:
            raise UnknownWord(_("“Comes first” needs two: in whose posts, and who is counted."))
        if self.prints in _NEED_A_PLACE and self.place is None and not self.who:
            raise UnknownWord(_("Say which one: a place (1 is the first) or a name."))
        if self.prints in (Print.RANK, Print.LED) and not self.who:
            raise UnknownWord(_("Say whose."))
        if self.prints in _NEED_ANOTHER and self.of is None:
            raise UnknownWord(_("Say of which other number."))

    @property
    def words(self) -> dict[str, Any]:
        """The form in which it is kept: without what is as usual."""
        usual = Number(Question())
        kept = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != getattr(usual, one.name) or one.name == "question"
        }
        question, other = asdict(kept.pop("question")), kept.pop("of", None)
        if other is not None:
            kept["of"] = {key: value for key, value in asdict(other).items() if key != "by"}
        return {**question, **kept}

    @property
    def is_date(self) -> bool:
        return self.prints in _DATES

    @property
    def chooses(self) -> bool:
        """Whether it is about one row of its question."""
        has_one = self.place is not None or bool(self.who)
        return has_one and bool(self.question.by) and self.prints != Print.LED


def _words(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value))
