"""The published worked examples of agreement, and the edges that other programs get wrong."""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coding.agreement import (
    Agreement,
    Reason,
    Scale,
    Verdict,
    agreement_in,
    agreement_of,
    alpha_and_interval,
    alpha_of,
    parts_of,
    patterns_of,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "agreement_vectors.json").read_text())[
    "vectors"
]
SCALES = {
    "alpha_nominal": Scale.NOMINAL,
    "alpha_ordinal": Scale.ORDINAL,
    "alpha_interval": Scale.INTERVAL,
    "alpha_ratio": Scale.RATIO,
    "alpha_masi_2006": Scale.MASI,
    "alpha_jaccard": Scale.JACCARD,
    "alpha_set_nominal": Scale.NOMINAL,
}
# Coefficients that Daana does not show: they assume that the same two people code every post, or
# follow the other convention of MASI.
NOT_SHOWN = {
    "cohen_kappa",
    "conger_kappa",
    "brennan_prediger",
    "gwet_ac2_quadratic",
    "fleiss_kappa_generalised",
    "fleiss_pe",
    "alpha_masi_jaccard_times_monotonicity",
}


def units_of(vector: dict[str, Any]) -> list[list[Any]]:
    if vector.get("value_type") != "set":
        return vector["units"]
    return [[None if one is None else frozenset(one) for one in unit] for unit in vector["units"]]


def computed(vector: dict[str, Any], stat: str) -> Any:
    units = units_of(vector)
    if "[" in stat:
        stat, label = stat.rstrip("]").split("[")
        units = [[label in one for one in unit] for unit in units]
        stat = {"alpha_binary": "alpha_nominal", "gwet_ac1_binary": "gwet_ac1"}[stat]
    if stat in ("fleiss_kappa", "scott_pi"):
        # Alpha is Fleiss' kappa (Scott's pi, of two people) with a correction for small samples.
        answers = sum(len(unit) for unit in units)
        alpha = agreement_of(units, scale=Scale.NOMINAL, seed=1, replicates=1).alpha
        assert alpha is not None
        return 1 - (1 - alpha) * answers / (answers - 1)
    if stat == "alpha_nominal_ci95_unit_bootstrap":
        patterns = patterns_of(units).pairable()
        return alpha_and_interval(patterns, Scale.NOMINAL, seed=2021, replicates=10_000)[1]
    found = agreement_of(units, scale=SCALES.get(stat, Scale.NOMINAL), seed=1, replicates=1)
    if stat in SCALES:
        return found.alpha
    return {
        "percent_agreement": found.percent,
        "fleiss_po": found.percent,
        "percent_agreement_pooled_pairs": found.percent_of_pairs,
        "gwet_ac1": found.ac1,
    }[stat]


EXPECTED = [
    pytest.param(vector, expected, id=f"{vector['id']} {expected['stat']}")
    for vector in VECTORS
    for expected in vector.get("expect", [])
    if expected["stat"] not in NOT_SHOWN
]


@pytest.mark.parametrize(("vector", "expected"), EXPECTED)
def test_a_published_example_comes_out_as_printed(
    vector: dict[str, Any], expected: dict[str, Any]
) -> None:
    tolerance = expected.get("tol", 0.5 * 10 ** -expected["decimals"] + 1e-9)
    found = computed(vector, expected["stat"])
    if expected["value"] is None:
        assert found is None
    else:
        assert found == pytest.approx(expected["value"], abs=tolerance)


def test_every_group_of_examples_is_compared() -> None:
    compared = {each.values[0]["id"] for each in EXPECTED} | {"masi_pairs"}
    assert compared == {vector["id"] for vector in VECTORS}


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    next(vector["pairs"] for vector in VECTORS if vector["id"] == "masi_pairs"),
)
def test_masi_of_two_sets(one: list, other: list, distance: float) -> None:
    # Of two units, one of them equal sets far off: 1 - alpha is what the other's distance makes.
    far = frozenset(["far"])
    units = [[frozenset(one), frozenset(other)], [far, far]]
    found = alpha_of(patterns_of(units), Scale.MASI)
    expected = (2 * distance + 8) / (4 * 3)
    assert found == pytest.approx(1 - (2 * distance / 4) / expected)


def test_sets_of_one_answer_agree_as_plain_answers_do() -> None:
    plain = [["a", "a"], ["a", "b"], ["b", "c"], ["c", "c"], ["a", "a"]]
    sets = [[frozenset([one]) for one in unit] for unit in plain]
    assert alpha_of(patterns_of(sets), Scale.MASI) == pytest.approx(
        alpha_of(patterns_of(plain), Scale.NOMINAL)
    )


@pytest.mark.parametrize(
    ("scale", "values"),
    [(Scale.NOMINAL, [1, 2, 3]), (Scale.ORDINAL, [1, 2, 3]), (Scale.INTERVAL, None)],
    ids=str,
)
def test_a_unit_of_weight_2_counts_as_the_same_unit_twice(
    scale: Scale, values: list[int] | None
) -> None:
    units = [[1, 1, None], [1, 2, 2], [2, 2, 3], [3, 1], [3, 3], [2, None]]
    weights = [1, 2, 1, 3, 1, 2]
    twice = [unit for unit, weight in zip(units, weights, strict=True) for _ in range(weight)]
    weighted = agreement_of(units, scale=scale, values=values, weights=weights, seed=1)
    repeated = agreement_of(twice, scale=scale, values=values, seed=1)
    for name in ("alpha", "percent", "percent_of_pairs", "ac1"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name)), name
    assert weighted.shares == pytest.approx(repeated.shares)
    assert (weighted.units, repeated.units) == (5, 8)
    assert weighted.is_weighted
    assert not repeated.is_weighted


def test_weights_of_sets_count_too() -> None:
    a, b = frozenset("a"), frozenset("ab")
    weighted = patterns_of([[a, b], [a, a], [b, b]], weights=[2, 1, 1])
    assert alpha_of(weighted, Scale.MASI) == pytest.approx(
        alpha_of(patterns_of([[a, b], [a, b], [a, a], [b, b]]), Scale.MASI)
    )


def test_each_label_of_a_set_is_a_question_of_yes_and_no_with_the_same_numbers() -> None:
    dice = np.random.default_rng(3)
    sets = [frozenset(row) for row in dice.integers(0, 4, size=(80, 2)).tolist()]
    units = [list(pair) for pair in zip(sets[::2], sets[1::2], strict=True)] + [[sets[0]]]
    for label, patterns in parts_of(patterns_of(units)).items():
        asked = [[label in said for said in unit] for unit in units]
        assert agreement_in(patterns, scale=Scale.NOMINAL, seed=1) == agreement_of(
            asked, scale=Scale.NOMINAL, values=(False, True), seed=1
        )


def test_without_a_second_value_there_is_no_alpha_and_the_reason_is_said() -> None:
    found = agreement_of([["no", "no"]] * 300, scale=Scale.NOMINAL, values=["no", "yes"], seed=1)
    assert (found.alpha, found.low, found.reason) == (None, None, Reason.ONE_VALUE)
    assert (found.percent, found.ac1, found.verdict) == (1.0, 1.0, Verdict.UNDEFINED)


def test_without_a_post_coded_twice_nothing_is_defined() -> None:
    found = agreement_of([["a", None], [None, "b"]], scale=Scale.NOMINAL, seed=1)
    assert found == Agreement(0, 0, reason=Reason.NO_OVERLAP)


@pytest.mark.parametrize(("units", "verdict"), [(199, Verdict.NEED_MORE), (201, Verdict.RELIABLE)])
def test_a_flag_has_no_interval_below_the_posts_it_needs(units: int, verdict: Verdict) -> None:
    given = [[place % 3 == 0] * 2 for place in range(units)]
    found = agreement_of(given, scale=Scale.NOMINAL, seed=1, fewest=200)
    assert (found.low is None, found.verdict) == (verdict == Verdict.NEED_MORE, verdict)


@pytest.mark.parametrize(
    ("alpha", "low", "high", "verdict"),
    [
        (0.80, 0.70, 0.90, Verdict.RELIABLE),
        (0.79, 0.70, 0.85, Verdict.TENTATIVE),
        (0.66, 0.60, 0.72, Verdict.NOT_RELIABLE),
        (0.85, 0.66, 0.95, Verdict.NEED_MORE),
        (0.85, None, None, Verdict.NEED_MORE),
        (None, None, None, Verdict.UNDEFINED),
    ],
)
def test_a_verdict_in_one_word(
    alpha: float | None, low: float | None, high: float | None, verdict: Verdict
) -> None:
    assert Agreement(100, 100, alpha=alpha, low=low, high=high).verdict == verdict


def test_the_same_seed_draws_the_same_interval() -> None:
    units = [["a", "a"], ["a", "b"], ["b", "b"], ["b", "c"], ["c", "c"]] * 20
    patterns = patterns_of(units)
    one, other, another = (
        alpha_and_interval(patterns, Scale.NOMINAL, seed=seed, replicates=500)[1]
        for seed in (1, 1, 2)
    )
    assert one == other != another


def test_the_interval_holds_the_true_alpha_about_as_often_as_it_says() -> None:
    # Two people guess anew on 30 % of the posts: alpha is .7 squared of three equal grades.
    dice, held = np.random.default_rng(7), 0
    for project in range(200):
        true = dice.integers(0, 3, size=(200, 1))
        guess = dice.integers(0, 3, size=(200, 2))
        said = np.where(dice.random((200, 2)) < 0.3, guess, true)
        patterns = patterns_of(said.tolist(), range(3))
        interval = alpha_and_interval(patterns, Scale.NOMINAL, seed=project, replicates=200)[1]
        assert interval is not None
        held += interval[0] <= 0.49 <= interval[1]
    assert 180 <= held <= 198


def test_six_variables_of_two_thousand_posts_take_less_than_a_second() -> None:
    dice = np.random.default_rng(1)
    topics = [frozenset(row) for row in dice.integers(0, 27, size=(4000, 2)).tolist()]
    variables: list[tuple[Scale, list[list[Any]], list[Any] | None]] = [
        (Scale.ORDINAL, dice.integers(-2, 3, size=(2000, 2)).tolist(), list(range(-2, 3))),
        (Scale.MASI, [list(pair) for pair in zip(topics[::2], topics[1::2], strict=True)], None),
        *[(Scale.NOMINAL, (dice.random((2000, 2)) < 0.03).tolist(), [False, True])] * 4,
    ]
    started = time.process_time()
    for scale, units, values in variables:
        assert agreement_of(units, scale=scale, values=values, seed=1).low is not None
    assert time.process_time() - started < 1
