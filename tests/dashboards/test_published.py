"""When a computed value agrees with a printed one."""

from decimal import Decimal

import pytest

from dashboards.report.published import Figure


def figure(value: str, precision: str) -> Figure:
    names = [name for name in Figure.__dataclass_fields__ if name not in ("value", "precision")]
    return Figure(**dict.fromkeys(names, ""), value=value, precision=precision)


@pytest.mark.parametrize(
    ("value", "precision", "computed", "agrees"),
    [
        ("1269", "exact", "1269", True),
        ("1269", "exact", "1270", False),
        ("5400", "nearest:100", "5432", True),
        ("5400", "nearest:100", "5451", False),
        ("18.97", "nearest:0.01", "18.967136", True),
        ("18.97", "nearest:0.01", "18.98", False),
        ("75", "some:1", "74.43", True),
        ("75", "some:1", "73.9", False),
        ("100", "at_least", "108", True),
        ("100", "at_least", "99", False),
        ("2000", "less_than", "1990", True),
        ("2000", "less_than", "2000", False),
        ("820", "between:820:930", "930", True),
        ("820", "between:820:930", "931", False),
    ],
)
def test_a_computed_value_agrees_when_it_rounds_to_the_printed_one(
    value: str, precision: str, computed: str, agrees: bool
) -> None:
    assert figure(value, precision).agrees_with(Decimal(computed)) is agrees


def test_a_word_agrees_with_the_same_word_only() -> None:
    assert figure("positive", "exact").agrees_with("positive")
    assert not figure("positive", "exact").agrees_with("negative")


def test_a_precision_nobody_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="roughly"):
        figure("1", "roughly").agrees_with(Decimal(1))
