"""Which answers an extra question takes, and the one form in which each is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

LONGEST_TEXT = 5000


class InvalidAnswer(Exception):
    """``problem`` is one of: not_offered, not_a_number, too_small, too_large, too_long, missing."""

    def __init__(self, question: str, problem: str) -> None:
        super().__init__(f"{question}: {problem}")
        self.question = question
        self.problem = problem


@dataclass(frozen=True)
class ExtraQuestion:
    """``kind`` is choice, number, yes_no or text; ``options`` are the keys of a choice."""

    key: str
    kind: str
    options: Sequence[str] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    is_required: bool = False

    def stored(self, given: str) -> str:
        """The answer as it is stored: ``3`` for `` 3,0``. Raises InvalidAnswer."""
        answer = given.replace("\x00", "").strip()
        if self.kind == "number":
            return self._number(answer)
        if self.kind == "text":
            if len(answer) > LONGEST_TEXT:
                raise InvalidAnswer(self.key, "too_long")
            return answer
        if answer not in (("yes", "no") if self.kind == "yes_no" else self.options):
            raise InvalidAnswer(self.key, "not_offered")
        return answer

    def _number(self, answer: str) -> str:
        try:
            number = Decimal(answer.replace(",", "."))
        except InvalidOperation:
            raise InvalidAnswer(self.key, "not_a_number") from None
        if not number.is_finite() or number.adjusted() > 12:
            raise InvalidAnswer(self.key, "not_a_number")
        if self.minimum is not None and number < self.minimum:
            raise InvalidAnswer(self.key, "too_small")
        if self.maximum is not None and number > self.maximum:
            raise InvalidAnswer(self.key, "too_large")
        return f"{number.normalize():f}" if number else "0"


def checked(
    questions: dict[str, ExtraQuestion], given: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The answers as they are stored, in order of question; an empty one is no answer.

    Raises InvalidAnswer, also for a question that is not asked or a required one left open.
    """
    answers = {}
    for key, answer in given:
        if key not in questions:
            raise InvalidAnswer(key, "not_offered")
        if answer.strip():
            answers[key] = questions[key].stored(answer)
    for question in questions.values():
        if question.is_required and question.key not in answers:
            raise InvalidAnswer(question.key, "missing")
    return tuple(sorted(answers.items()))
