"""Numbers as people read them: exact by default, in CrowdTangle's style where that is wanted.

Source of the style: nine values of the report (METHOD 5): plain under 1,000; one decimal K up to
999,949; two decimals M from 999,950; percentages with two decimals in tables, one in sentences.
Each is in the form of the active language: 1,065.5 in English, 1 065,5 in Russian and Kyrgyz.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

_MILLIONS_FROM = 999_950
# Unicode CLDR: thousands part at a space that does not break, decimals follow a comma.
_LANGUAGES_WITH_COMMA = ("ru", "ky")
_WITH_COMMA = str.maketrans({",": "\u00a0", ".": ","})


def has_decimal_comma(language: str) -> bool:
    """Whether numbers of a language are written 1 065,5 and not 1,065.5."""
    return language.startswith(_LANGUAGES_WITH_COMMA)


def in_language(english: str) -> str:
    """A number in its English form, in the form of the active language."""
    with_comma = has_decimal_comma(get_language() or "")
    return english.translate(_WITH_COMMA) if with_comma else english


def _whole(value: int | float | Decimal) -> str:
    return in_language(f"{round(value):,}")


def _round(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return in_language(f"{rounded:,f}")


def count(value: int | float | Decimal | None) -> str:
    """1,065; a missing value is a dash, never 0."""
    if value is None:
        return "–"
    return _whole(value)


def crowdtangle(value: int | float | Decimal | None) -> str:
    """407; 1.1K; 881.1K; 3.65M."""
    if value is None:
        return "–"
    exact = Decimal(value)
    if exact < 1000:
        return _whole(exact)
    if exact < _MILLIONS_FROM:
        return f"{_round(exact / 1000, 1)}K"
    return f"{_round(exact / 1_000_000, 2)}M"


def percent(value: int | float | Decimal | None, places: int = 2) -> str:
    """18.97%; the value is in percent already."""
    if value is None:
        return "–"
    return f"{_round(Decimal(str(value)), places)}%"


def interval(low: int | None, high: int | None) -> str:
    """870; ≤100; 400–1,200; 101 or more: amounts that are known within bounds only."""
    if low is None:
        return "–"
    if high is None:
        return f"≥{_whole(low)}"
    if low == high:
        return _whole(low)
    if low == 0:
        return f"≤{_whole(high)}"
    return f"{_whole(low)}–{_whole(high)}"
