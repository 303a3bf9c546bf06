"""Which answers are blind, and what of them is compared."""

import datetime
from typing import Any

import pytest

from coding.agreement import Reason, Scale
from coding.reliability import (
    NOTHING,
    BlindCoding,
    Breakdown,
    Row,
    Variable,
    agreement,
    blind,
    coded_posts,
    coders_of,
    confusions,
    parted,
    units_of,
)

AIDA, BAKYT, CHOLPON, LEAD = 1, 2, 3, 9
ACTOR, OTHER = 11, 12
MONDAY = datetime.date(2021, 1, 4)


def row(id: int, coder: int, kind: str = "coding", *, is_returned: bool = False) -> Row:
    return Row(id, 1, coder, kind, is_returned)


def blind_ids(*rows: Row) -> list[int]:
    return [each.id for each in blind(rows)]


def test_the_last_answer_before_any_decision_is_blind() -> None:
    assert blind_ids(row(1, AIDA), row(2, BAKYT), row(3, AIDA)) == [3, 2]


def test_a_decision_is_no_coding() -> None:
    assert blind_ids(row(1, AIDA), row(2, LEAD, "settlement")) == [1]


def test_what_is_changed_after_a_decision_was_seen_does_not_count() -> None:
    assert blind_ids(
        row(1, AIDA), row(2, BAKYT), row(3, LEAD, "settlement"), row(4, AIDA), row(5, AIDA)
    ) == [1, 2]


def test_taking_an_answer_back_after_the_decision_does_not_hide_the_disagreement() -> None:
    rows = [row(1, AIDA), row(2, LEAD, "settlement"), row(3, AIDA, "withdrawal")]
    assert blind_ids(*rows) == [1]


def test_a_first_answer_after_a_decision_is_blind_since_nobody_showed_it() -> None:
    assert blind_ids(row(1, AIDA), row(2, LEAD, "settlement"), row(3, BAKYT)) == [1, 3]


def test_what_follows_a_return_is_not_blind() -> None:
    assert blind_ids(row(1, AIDA, is_returned=True), row(2, BAKYT), row(3, AIDA)) == [1, 2]


@pytest.mark.parametrize("kind", ["skip", "withdrawal"])
def test_who_skipped_or_took_back_has_no_answer(kind: str) -> None:
    assert blind_ids(row(1, AIDA), row(2, AIDA, kind)) == []


def coding(post: int, coder: int, **said: Any) -> BlindCoding:
    return BlindCoding(
        **{"id": 0, "post": post, "publisher": 5, "coder": coder, "week": MONDAY} | said
    )


def test_tone_is_compared_per_actor_and_a_silent_monitor_is_missing_there() -> None:
    codings = [
        coding(1, AIDA, tones={ACTOR: 1, OTHER: 0}),
        coding(1, BAKYT, tones={ACTOR: -1}),
    ]
    units = units_of(coded_posts(codings), Variable("tone"))
    assert [(unit.actor, dict(unit.answers)) for unit in units] == [
        (ACTOR, {AIDA: 1, BAKYT: -1}),
        (OTHER, {AIDA: 0}),
    ]
    found = agreement(units, Variable("tone"), grades=[-1, 0, 1])
    assert (found.units, found.pairs) == (1, 1)


def test_whom_a_post_is_about_is_yes_or_no_per_actor() -> None:
    codings = [coding(1, AIDA, tones={ACTOR: 1}), coding(1, BAKYT)]
    (unit,) = units_of(coded_posts(codings), Variable("mention", str(ACTOR)))
    assert (unit.actor, unit.answers) == (ACTOR, {AIDA: True, BAKYT: False})


def test_no_topic_is_an_answer() -> None:
    codings = [coding(1, AIDA, topics=frozenset(["media"])), coding(1, BAKYT)]
    (unit,) = units_of(coded_posts(codings), Variable("topics"))
    assert unit.answers == {AIDA: frozenset(["media"]), BAKYT: frozenset()}


@pytest.mark.parametrize(
    ("variable", "scale"),
    [
        (Variable("tone"), Scale.ORDINAL),
        (Variable("topics"), Scale.MASI),
        (Variable("flag", "hate"), Scale.NOMINAL),
        (Variable("extra", "kind"), Scale.NOMINAL),
        (Variable("extra", "people", is_number=True), Scale.INTERVAL),
    ],
)
def test_each_variable_has_its_scale(variable: Variable, scale: Scale) -> None:
    assert variable.scale == scale


def test_the_order_of_the_grades_comes_from_the_codebook() -> None:
    said = [(-1, -1), (0, 0), (1, 1), (1, 0), (-2, -1), (2, 1)] * 5
    codings = [
        coding(post, coder, tones={ACTOR: tone})
        for post, pair in enumerate(said)
        for coder, tone in zip((AIDA, BAKYT), pair, strict=True)
    ]
    units = units_of(coded_posts(codings), Variable("tone"))
    ordered = agreement(units, Variable("tone"), grades=[-2, -1, 0, 1, 2])
    mixed = agreement(units, Variable("tone"), grades=[0, -2, 2, -1, 1])
    assert ordered.alpha is not None
    assert mixed.alpha is not None
    assert ordered.alpha > mixed.alpha + 0.05


def test_a_flag_that_nobody_raised_is_undefined() -> None:
    codings = [coding(post, coder) for post in range(9) for coder in (AIDA, BAKYT)]
    variable = Variable("flag", "hate")
    found = agreement(units_of(coded_posts(codings), variable), variable)
    assert (found.alpha, found.reason) == (None, Reason.ONE_VALUE)


def test_a_pair_is_compared_by_its_own_answers_alone() -> None:
    codings = [
        coding(1, CHOLPON, topics=frozenset("a")),
        coding(1, AIDA, topics=frozenset("a")),
        coding(1, BAKYT, topics=frozenset("b")),
        coding(2, AIDA, topics=frozenset("a")),
    ]
    parts = parted(units_of(coded_posts(codings), Variable("topics")), Breakdown.PAIR)
    assert list(parts) == [(AIDA, BAKYT), (AIDA, CHOLPON), (BAKYT, CHOLPON)]
    (unit,) = parts[AIDA, CHOLPON]
    assert unit.answers == {AIDA: frozenset("a"), CHOLPON: frozenset("a")}


def test_a_week_is_that_in_which_the_last_monitor_answered() -> None:
    later = MONDAY + datetime.timedelta(days=7)
    codings = [coding(1, AIDA), coding(1, BAKYT, week=later)]
    assert list(parted(units_of(coded_posts(codings), Variable("topics")), Breakdown.WEEK)) == [
        later
    ]


def test_monitors_whose_answers_meet_nobody_s_are_not_counted() -> None:
    codings = [coding(1, AIDA), coding(1, BAKYT), coding(2, CHOLPON)]
    assert coders_of(units_of(coded_posts(codings), Variable("topics"))) == {AIDA, BAKYT}


def test_confusions_count_each_pair_once_and_in_no_order_of_persons() -> None:
    codings = [
        coding(1, AIDA, tones={ACTOR: 1}),
        coding(1, BAKYT, tones={ACTOR: 0}),
        coding(2, AIDA, tones={ACTOR: 0}),
        coding(2, BAKYT, tones={ACTOR: 1}),
        coding(3, AIDA, tones={ACTOR: 1}),
        coding(3, BAKYT, tones={ACTOR: 1}),
    ]
    assert confusions(units_of(coded_posts(codings), Variable("tone"))) == {(0, 1): 2, (1, 1): 1}


def test_of_two_sets_the_parts_that_differ_meet_one_another() -> None:
    codings = [
        coding(1, AIDA, topics=frozenset(["a", "b"])),
        coding(1, BAKYT, topics=frozenset(["a", "c"])),
        coding(2, AIDA, topics=frozenset(["a"])),
        coding(2, BAKYT),
    ]
    assert confusions(units_of(coded_posts(codings), Variable("topics"))) == {
        ("a", "a"): 1,
        ("b", "c"): 1,
        ("a", NOTHING): 1,
    }


def test_units_stand_in_one_order_however_the_answers_came() -> None:
    one, other = (
        units_of(coded_posts([coding(1, AIDA, tones=tones)]), Variable("tone"))
        for tones in ({ACTOR: 1, OTHER: 0}, {OTHER: 0, ACTOR: 1})
    )
    assert one == other
