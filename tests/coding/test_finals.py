"""Which answers count, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.finals import Final, Given, State, final_of

CASES = [
    # title, what people say (coding, answers, by a lead), what counts
    ("nobody answered", [], None),
    ("one person answered", [(1, "a", False)], (State.SINGLE, 1)),
    ("two agree", [(1, "a", False), (2, "a", False)], (State.AGREED, 1)),
    ("two disagree", [(1, "a", False), (2, "b", False)], (State.UNSETTLED, None)),
    ("two of three agree", [(1, "a", False), (2, "a", False), (3, "b", False)], (State.UNSETTLED,)),
    ("a lead decided", [(1, "a", False), (2, "b", False), (3, "b", True)], (State.SETTLED, 3)),
    ("a lead decided something else", [(1, "a", False), (2, "c", True)], (State.SETTLED, 2)),
    ("a lead decided before", [(1, "a", True), (2, "b", False)], (State.SETTLED, 1)),
    ("the later of two leads", [(1, "a", True), (2, "b", True)], (State.SETTLED, 2)),
    ("a lead alone", [(1, "a", True)], (State.SETTLED, 1)),
]


@pytest.mark.parametrize(
    ("said", "counts"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_what_counts_when(
    said: list[tuple[int, str, bool]], counts: tuple[State, int | None] | None
) -> None:
    expected = counts and Final(counts[0], counts[1] if len(counts) > 1 else None)
    assert final_of([Given(*one) for one in said]) == expected


@given(st.lists(st.sampled_from("ab"), min_size=2))
def test_without_a_lead_only_the_same_answers_of_all_count(answers: list[str]) -> None:
    final = final_of([Given(place, answer) for place, answer in enumerate(answers)])
    assert final is not None
    assert (final.state == State.AGREED) == (len(set(answers)) == 1)
    assert (final.coding is None) == (final.state == State.UNSETTLED)
