"""The rules by which posts are chosen."""

import pytest

from coding.sampling import Rule, default_rule


def test_all_posts_of_political_subjects_are_coded() -> None:
    assert default_rule(is_political=True) == Rule(None)


def test_of_all_others_the_200_posts_with_most_interactions() -> None:
    assert default_rule(is_political=False) == Rule(200)


@pytest.mark.parametrize(
    ("rule", "rank", "is_taken"),
    [(Rule(200), 200, True), (Rule(200), 201, False), (Rule(None), 1_000_000, True)],
)
def test_a_rule_takes_ranks_up_to_its_size(rule: Rule, rank: int, *, is_taken: bool) -> None:
    assert rule.takes(rank) is is_taken
