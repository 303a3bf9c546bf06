"""Dealing the posts: fair, blind, and the same every time."""

import random
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.allocation import Share, Unit, allocate

strata = st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=14)
coder_lists = st.lists(st.integers(min_value=1, max_value=99), min_size=1, max_size=7, unique=True)
overlaps = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 1.0])
seeds = st.integers(min_value=0, max_value=9999)


def units_of(sizes: list[int]) -> list[Unit]:
    """Posts numbered through, in strata of these sizes."""
    return [
        Unit(1000 * stratum + number, ("facebook", stratum))
        for stratum, size in enumerate(sizes)
        for number in range(size)
    ]


def coders_of(shares: list[Share]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for share in shares:
        found[share.post].append(share.coder)
    return found


@given(strata, coder_lists, overlaps, seeds)
def test_every_post_is_dealt_once_or_to_two_different_coders(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    units = units_of(sizes)
    shares = allocate(units, coders=coders, overlap=overlap, seed=seed)
    assert coders_of(shares).keys() == {unit.post for unit in units}
    doubles = {share.post for share in shares if share.is_overlap}
    for post, given_to in coders_of(shares).items():
        assert len(set(given_to)) == len(given_to) == (2 if post in doubles else 1)


@given(strata, coder_lists, overlaps, seeds)
def test_from_each_stratum_the_same_fraction_goes_to_two(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    shares = allocate(units_of(sizes), coders=coders, overlap=overlap, seed=seed)
    doubles = Counter(post // 1000 for post in {s.post for s in shares if s.is_overlap})
    for stratum, size in enumerate(sizes):
        assert doubles[stratum] == (round(overlap * size) if len(coders) > 1 else 0)


@given(strata, coder_lists, overlaps, seeds)
def test_nobody_gets_two_posts_more_than_another(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    shares = allocate(units_of(sizes), coders=coders, overlap=overlap, seed=seed)
    loads = Counter(share.coder for share in shares)
    assert max(loads[coder] for coder in coders) - min(loads[coder] for coder in coders) <= 1


@given(strata, coder_lists, overlaps, seeds)
def test_the_same_seed_deals_the_same_way_in_whatever_order_the_posts_come(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    units = units_of(sizes)
    shuffled = random.Random(seed).sample(units, len(units))
    first = allocate(units, coders=coders, overlap=overlap, seed=seed)
    assert allocate(shuffled, coders=coders, overlap=overlap, seed=seed) == first


def test_another_seed_deals_another_way() -> None:
    units = units_of([50])
    deals = [allocate(units, coders=[1, 2], overlap=0.2, seed=seed) for seed in (1, 2)]
    assert deals[0] != deals[1]


def test_each_coder_meets_each_other_one_in_the_overlap() -> None:
    shares = allocate(units_of([200]), coders=[1, 2, 3, 4], overlap=0.25, seed=2021)
    pairs = {tuple(sorted(pair)) for pair in coders_of(shares).values() if len(pair) == 2}
    assert len(pairs) == 6


def test_a_queue_mixes_the_strata_from_its_beginning_to_its_end() -> None:
    shares = allocate(units_of([40, 40, 40]), coders=[1, 2], overlap=0.2, seed=2021)
    queue = [share for share in shares if share.coder == 1]
    assert all(earlier.position < later.position for earlier, later in pairwise(queue))
    for start in range(0, len(queue), 24):
        assert {share.post // 1000 for share in queue[start : start + 24]} == {0, 1, 2}


@given(strata, seeds)
def test_with_one_coder_there_is_no_overlap(sizes: list[int], seed: int) -> None:
    shares = allocate(units_of(sizes), coders=[7], overlap=1, seed=seed)
    assert len(shares) == sum(sizes)
    assert not any(share.is_overlap for share in shares)


def test_without_coders_nothing_is_dealt() -> None:
    assert allocate(units_of([5]), coders=[], overlap=0.2, seed=1) == []


@pytest.mark.parametrize("overlap", [-0.1, 1.1, 20])
def test_an_overlap_that_is_no_fraction_is_refused(overlap: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        allocate(units_of([5]), coders=[1, 2], overlap=overlap, seed=1)
