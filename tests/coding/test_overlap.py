"""How many posts two have to code, which, and what each stands for."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.overlap import RELIABLE, TENTATIVE, drawn, units_needed, weights

sizes = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=9)


def strata_of(sizes: list[int]) -> dict[int, str]:
    return {
        1000 * stratum + post: f"stratum {stratum}"
        for stratum, size in enumerate(sizes)
        for post in range(size)
    }


@pytest.mark.parametrize(
    ("rarest", "tentative", "reliable"),
    [(0.25, 81, 139), (0.33, 68, 117), (0.05, 330, 560), (0.02, 803, 1363)],
)
def test_the_published_table_of_units(rarest: float, tentative: int, reliable: int) -> None:
    assert units_needed(rarest=rarest, alpha=TENTATIVE) == tentative
    assert units_needed(rarest=rarest, alpha=RELIABLE) == reliable


@pytest.mark.parametrize(("rarest", "alpha"), [(0, 0.8), (1, 0.8), (0.1, 0), (0.1, 1), (-1, 0.8)])
def test_shares_that_are_none_are_refused(rarest: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        units_needed(rarest=rarest, alpha=alpha)


@given(sizes, st.integers(0, 99), st.floats(0, 1))
def test_each_stratum_has_its_share(sizes: list[int], seed: int, part: float) -> None:
    strata = strata_of(sizes)
    chosen = drawn(strata, size=round(part * len(strata)), seed=seed)
    found = Counter(strata[post] for post in chosen)
    for stratum, size in Counter(strata.values()).items():
        # Half a post by its own rounding, and its share of the half posts of all the others.
        error = 0.5 + 0.5 * len(sizes) * size / len(strata)
        assert abs(found[stratum] - len(chosen) / len(strata) * size) <= error


@given(sizes, st.integers(0, 99), st.integers(0, 60), st.integers(0, 60))
def test_a_larger_overlap_contains_the_smaller(
    sizes: list[int], seed: int, small: int, more: int
) -> None:
    strata = strata_of(sizes)
    first = drawn(strata, size=small, seed=seed)
    added = drawn(strata, size=small + more, seed=seed, already=first)
    assert [*first, *added] == drawn(strata, size=small + more, seed=seed)


@given(sizes, st.integers(0, 99))
def test_the_weights_add_up_to_what_they_stand_for(sizes: list[int], seed: int) -> None:
    strata = strata_of(sizes)
    # At least one of each stratum.
    chosen = {1000 * stratum for stratum in range(len(sizes))}
    chosen |= set(drawn(strata, size=len(strata) // 3, seed=seed))
    assert sum(weights(strata, chosen).values()) == pytest.approx(len(strata))


def test_a_post_drawn_more_often_than_others_weighs_less() -> None:
    strata = dict.fromkeys(range(90), "rest") | dict.fromkeys(range(90, 100), "flagged")
    found = weights(strata, {0, 1, 2, 90, 91, 92, 93, 94})
    assert (found[0], found[90]) == (30, 2)
