"""Numbers as people read them: exact by default, in CrowdTangle's style where that is wanted.

Source of the style: nine values of the report (METHOD 5): plain under 1,000; one decimal K up to
999,949; two decimals M from 999,950; percentages with two decimals in tables, one in sentences.
Each is in the form of the active language (``monitoring.numbers``).
"""

from decimal import ROUND_HALF_UP, Decimal

from monitoring.numbers import count, in_language

__all__ = ["count", "crowdtangle", "in_language", "interval", "percent"]

_MILLIONS_FROM = 999_950


def _round(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return in_language(f"{rounded:,f}")


def crowdtangle(value: int | float | Decimal | None) -> str:
    """407; 1.1K; 881.1K; 3.65M."""
    if value is None:
        return "–"
    exact = Decimal(value)
    if exact < 1000:
        return count(exact)
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
        return f"≥{count(low)}"
    if low == high:
        return count(low)
    if low == 0:
        return f"≤{count(high)}"
    return f"{count(low)}–{count(high)}"
