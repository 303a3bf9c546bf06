"""Numbers in the form of the active language: 1,065.5 in English, 1 065,5 in Russian and Kyrgyz."""

from decimal import Decimal

from django.utils.translation import get_language

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


def count(value: int | float | Decimal | None) -> str:
    """1,065; a missing value is a dash, never 0."""
    if value is None:
        return "–"
    whole = round(value)
    # Most are, and are written alike in every language.
    is_short = -1000 < whole < 1000
    return str(whole) if is_short else in_language(f"{whole:,}")
