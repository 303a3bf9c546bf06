"""Which answers extra questions take."""

from decimal import Decimal

import pytest

from coding.extra_questions import ExtraQuestion, InvalidAnswer, checked

CHOICE = ExtraQuestion("target", "choice", options=("woman", "man"))
AGE = ExtraQuestion("age", "number", minimum=Decimal(0), maximum=Decimal(120))
SILENCE = ExtraQuestion("silence", "yes_no")
NOTE = ExtraQuestion("note", "text")


@pytest.mark.parametrize(
    ("question", "given", "stored"),
    [
        (CHOICE, "woman", "woman"),
        (AGE, " 3,50 ", "3.5"),
        (AGE, "100", "100"),
        (AGE, "0.0", "0"),
        (SILENCE, "yes", "yes"),
        (NOTE, " two\x00 words ", "two words"),
    ],
)
def test_an_answer_is_stored_in_one_form(question: ExtraQuestion, given: str, stored: str) -> None:
    assert question.stored(given) == stored


@pytest.mark.parametrize(
    ("question", "given", "problem"),
    [
        (CHOICE, "child", "not_offered"),
        (SILENCE, "maybe", "not_offered"),
        (AGE, "many", "not_a_number"),
        (AGE, "NaN", "not_a_number"),
        (AGE, "1e400", "not_a_number"),
        (AGE, "-1", "too_small"),
        (AGE, "121", "too_large"),
        (NOTE, "x" * 5001, "too_long"),
    ],
)
def test_what_is_no_answer_is_refused(question: ExtraQuestion, given: str, problem: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        question.stored(given)
    assert (refusal.value.question, refusal.value.problem) == (question.key, problem)


def test_an_empty_answer_is_none_unless_one_is_required() -> None:
    assert checked({"age": AGE}, [("age", " ")]) == ()
    required = ExtraQuestion("age", "number", is_required=True)
    with pytest.raises(InvalidAnswer, match="missing"):
        checked({"age": required}, [("age", "")])


def test_a_question_that_is_not_asked_is_refused() -> None:
    with pytest.raises(InvalidAnswer, match="not_offered"):
        checked({"age": AGE}, [("height", "3")])
