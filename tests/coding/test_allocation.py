"""Dealing the posts: fair, blind, and the same every time."""

import random
from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coding.allocation import Coder, Share, Unit, allocate, mixed

strata = st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=14)
coder_lists = st.lists(st.integers(min_value=1, max_value=99), min_size=1, max_size=7, unique=True)
overlaps = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 1.0])
seeds = st.integers(min_value=0, max_value=9999)


def units_of(sizes: list[int], *, double: float = 0) -> list[Unit]:
    """Posts numbered through, in strata of these sizes; of each a fraction is wanted twice."""
    return [
        Unit(1000 * stratum + number, ("facebook", stratum), wanted=1 + (number < double * size))
        for stratum, size in enumerate(sizes)
        for number in range(size)
    ]


def everyone(ids: list[int]) -> list[Coder]:
    return [Coder(each) for each in ids]


def coders_of(shares: list[Share]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for share in shares:
        found[share.post].append(share.coder)
    return found


@given(strata, coder_lists, overlaps, seeds)
def test_every_post_is_dealt_to_as_many_different_coders_as_are_asked_for_it(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    units = units_of(sizes, double=overlap)
    given_to = coders_of(allocate(units, coders=everyone(coders), seed=seed))
    for unit in units:
        people = given_to[unit.post]
        assert len(set(people)) == len(people) == min(unit.wanted, len(coders))


@given(strata, coder_lists, overlaps, seeds)
def test_nobody_gets_two_posts_more_than_another(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    shares = allocate(units_of(sizes, double=overlap), coders=everyone(coders), seed=seed)
    loads = Counter(share.coder for share in shares)
    assert max(loads[coder] for coder in coders) - min(loads[coder] for coder in coders) <= 1


@given(strata, coder_lists, overlaps, seeds)
def test_the_same_seed_deals_the_same_way_in_whatever_order_the_posts_come(
    sizes: list[int], coders: list[int], overlap: float, seed: int
) -> None:
    units = units_of(sizes, double=overlap)
    shuffled = random.Random(seed).sample(units, len(units))
    first = allocate(units, coders=everyone(coders), seed=seed)
    assert allocate(shuffled, coders=everyone(coders), seed=seed) == first


def test_another_seed_deals_another_way() -> None:
    units = units_of([50])
    deals = [allocate(units, coders=everyone([1, 2]), seed=seed) for seed in (1, 2)]
    assert deals[0] != deals[1]


def test_each_coder_meets_each_other_one_in_the_overlap() -> None:
    units = units_of([200], double=0.25)
    shares = allocate(units, coders=everyone([1, 2, 3, 4]), seed=2021)
    pairs = {tuple(sorted(pair)) for pair in coders_of(shares).values() if len(pair) == 2}
    assert len(pairs) == 6


def test_a_queue_mixes_the_strata_from_its_beginning_to_its_end() -> None:
    shares = allocate(units_of([40, 40, 40], double=0.2), coders=everyone([1, 2]), seed=2021)
    queue = [share for share in shares if share.coder == 1]
    assert all(earlier.position < later.position for earlier, later in pairwise(queue))
    for start in range(0, len(queue), 24):
        assert {share.post // 1000 for share in queue[start : start + 24]} == {0, 1, 2}


def test_without_coders_nothing_is_dealt() -> None:
    assert allocate(units_of([5]), coders=[], seed=1) == []


def test_shares_divide_the_posts() -> None:
    coders = [Coder(1, share=3), Coder(2, share=1), Coder(3, share=0)]
    loads = Counter(share.coder for share in allocate(units_of([400]), coders=coders, seed=1))
    assert loads == {1: 300, 2: 100}


def test_a_post_goes_to_those_who_read_its_language_and_take_its_category() -> None:
    units = [
        Unit(1, "a", language="ky", category="media"),
        Unit(2, "a", language="ru", category="media"),
        Unit(3, "a", language="ky", category="party"),
        Unit(4, "a", language="en", category="media"),
    ]
    coders = [
        Coder(1, languages=frozenset({"ky"}), categories=frozenset({"media"})),
        Coder(2, languages=frozenset({"ru"})),
    ]
    assert coders_of(allocate(units, coders=coders, seed=1)) == {1: [1], 2: [2]}


def test_a_post_without_words_is_read_by_anybody() -> None:
    coder = Coder(1, languages=frozenset({"ky"}))
    assert coders_of(allocate([Unit(7, "a")], coders=[coder], seed=1)) == {7: [1]}


def test_who_has_a_post_does_not_get_it_again_and_only_the_missing_are_dealt() -> None:
    units = [Unit(1, "a", wanted=2, has={5}), Unit(2, "a", wanted=2, has={5, 6})]
    assert coders_of(allocate(units, coders=everyone([5, 6]), seed=1)) == {1: [6]}


@given(strata, seeds)
def test_mixing_keeps_every_post_and_spreads_each_stratum(sizes: list[int], seed: int) -> None:
    posts = {unit.post: unit.stratum for unit in units_of(sizes)}
    order = mixed(posts, seed=seed)
    assert sorted(order) == sorted(posts)
    half = order[: len(order) // 2]
    for stratum, size in enumerate(sizes):
        assert abs(sum(post // 1000 == stratum for post in half) - size / 2) <= 2
