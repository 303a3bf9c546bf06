"""In what two people disagree."""

import pytest

from coding.answers import Answers, FlagAnswer
from coding.disagreements import disputed

BASE = Answers(topics=("media",), mentions=((11, "positive"),))


@pytest.mark.parametrize(
    ("other", "variables", "actors"),
    [
        (BASE, set(), set()),
        (Answers(topics=("media", "health"), mentions=BASE.mentions), {"topics"}, set()),
        (Answers(topics=("media",), mentions=((11, "neutral"),)), {"tone"}, {11}),
        (Answers(topics=("media",)), {"mentions"}, {11}),
        (
            Answers(topics=("media",), mentions=((11, "neutral"), (12, "neutral"))),
            {"tone", "mentions"},
            {11, 12},
        ),
        (
            Answers(BASE.topics, BASE.mentions, flags=(FlagAnswer("hate"),)),
            {"flag:hate"},
            set(),
        ),
        (Answers(BASE.topics, BASE.mentions, extra=(("paid", "yes"),)), {"extra:paid"}, set()),
    ],
)
def test_a_disagreement_names_its_variables_and_actors(
    other: Answers, variables: set[str], actors: set[int]
) -> None:
    assert disputed([BASE.essence, other.essence]) == (variables, actors)


def test_two_who_agree_and_a_third_who_does_not_disagree() -> None:
    third = Answers(topics=("health",), mentions=BASE.mentions)
    assert disputed([BASE.essence, BASE.essence, third.essence])[0] == {"topics"}
