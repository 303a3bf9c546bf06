"""Numbers as the report and CrowdTangle print them."""

import pytest
from django.utils.translation import override

from dashboards.numbers import count, crowdtangle, interval, percent


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),
        (809, "809"),
        (999, "999"),
        (1000, "1.0K"),
        (1065, "1.1K"),
        (5432, "5.4K"),
        (881_123, "881.1K"),
        (999_949, "999.9K"),
        (999_950, "1.00M"),
        (2_399_149, "2.40M"),
        (3_651_000, "3.65M"),
        (17_230_607, "17.23M"),
        (None, "–"),
    ],
)
def test_crowdtangle_shortens_from_a_thousand_and_from_a_million(
    value: int | None, printed: str
) -> None:
    assert crowdtangle(value) == printed


def test_numbers_are_exact_by_default() -> None:
    assert count(1065) == "1,065"
    assert count(0) == "0"


def test_what_is_unknown_is_not_printed_as_zero() -> None:
    assert count(None) == percent(None) == "–"


@pytest.mark.parametrize(
    ("part", "whole", "printed"), [(202, 1065, "18.97%"), (30, 1065, "2.82%"), (0, 1065, "0.00%")]
)
def test_shares_in_tables_have_two_decimals(part: int, whole: int, printed: str) -> None:
    assert percent(100 * part / whole) == printed


def test_shares_in_sentences_have_one_decimal() -> None:
    assert percent(100 * 1065 / 1269, 1) == "83.9%"


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [(950, 950, "950"), (0, 100, "≤100"), (2070, 2270, "2,070–2,270"), (1001, None, "≥1,001")],
)
def test_amounts_known_within_bounds_keep_their_bounds(
    low: int, high: int | None, printed: str
) -> None:
    assert interval(low, high) == printed


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_numbers_are_written_as_the_language_writes_them(language: str) -> None:
    with override(language):
        assert (count(1065), percent(18.9671)) == ("1\u00a0065", "18,97%")
        assert (crowdtangle(881_123), crowdtangle(1_234_000_000)) == ("881,1K", "1\u00a0234,00M")
        assert interval(2070, 2270) == "2\u00a0070–2\u00a0270"
