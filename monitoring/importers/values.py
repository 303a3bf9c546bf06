"""Counts, ids and names as exporters print them. Cells are read, never guessed."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from monitoring.importers.problems import UnreadableRow

# The largest value of a counter's column (PostgreSQL integer), and of views (bigint).
MOST_COUNT = 2**31 - 1
MOST_VIEWS = 2**63 - 1
_MISSING = frozenset({"", "-", "N/A", "n/a", "NA", "null", "None", "nan"})
_PLAIN = re.compile(r"[0-9]+")
# Thousands are set apart in the locale of whoever exported: 61,917 · 407.137 · 1 234 · 1'234.
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,.'’\u00a0\u202f ])[0-9]{3})(?:\1[0-9]{3})*")
# 12.0 is what a table program makes of 12 in a column with gaps.
_DECIMAL_OF_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_NEGATIVE = re.compile(r"[-−][0-9][0-9,.'’\u00a0\u202f ]*")
_NOT_A_DIGIT = re.compile(r"[^0-9]")
_POST_ID = re.compile(r"[\w|:./@+=-]{1,64}")
_DIGITS_KEPT = 15  # by spreadsheets
_ZEROS_BEYOND_CHANCE = 6
_DAMAGED = re.compile(r"([0-9])(?:[.,]([0-9]*))?[Ee]\+?([0-9]{1,2})")


def count(cell: str, column: str, *, most: int = MOST_COUNT) -> str | None:
    """A count as plain digits; None where the export gives none.

    ``407.137`` is four hundred thousand: counts have no decimals. Raises UnreadableRow for
    negative, fractional, too large and other cells.
    """
    cell = cell.strip()
    if cell in _MISSING:
        return None
    if _PLAIN.fullmatch(cell):
        digits = cell
    elif _GROUPED.fullmatch(cell):
        digits = only_digits(cell)
    elif whole := _DECIMAL_OF_WHOLE.fullmatch(cell):
        digits = whole[1]
    else:
        code = "negative_count" if _NEGATIVE.fullmatch(cell) else "bad_count"
        raise UnreadableRow(code, column, value=cell)
    digits = digits.lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > most:
        raise UnreadableRow("count_too_large", column, value=cell)
    return digits


def are_digits(cells: Sequence[str], *, most: int) -> bool:
    """Whether all cells are plain digits, at least one and at most so many."""
    together = "".join(cells)
    is_plain = together.isdigit() and together.isascii()
    return is_plain and "" not in cells and max(map(len, cells)) <= most


def numbers_of(cells: Sequence[str]) -> np.ndarray:
    """The numbers in cells of plain digits, at most 18."""
    return np.fromstring(" ".join(cells), np.int64, sep=" ")


def only_digits(cell: str) -> str:
    return _NOT_A_DIGIT.sub("", cell)


def is_the_total(printed: str, total: int) -> bool:
    """Whether a total printed in somebody's locale is ``total``.

    ``61,917`` and ``407.137`` are; so is ``407.1`` for 407,100, which a spreadsheet took for a
    decimal number and wrote back without its last zeros.
    """
    printed = printed.strip()
    if printed in _MISSING or only_digits(printed) == str(total):
        return True
    whole, point, rest = printed.replace(",", ".").rpartition(".")
    if not point or not rest.isdigit() or len(rest) > 3:
        return False
    return only_digits(whole) + rest.ljust(3, "0") == str(total)


def native_id(cell: str, column: str, *, also_printed: str = "") -> str:
    """A platform's id: digits, kept as text; "" where there is none.

    A spreadsheet turns 703007927897194 into ``7.03E+14``. That is refused, because it would merge
    accounts, unless ``also_printed`` (the id in the row's address) is one that rounds to it. So is
    an id taken from there of which the last digits became zeros.
    """
    cell = cell.strip().lstrip("'")
    if cell.isdecimal() and cell.isascii() and len(cell) <= 64:
        return also_printed if _is_cut(cell, also_printed) else cell
    if cell in _MISSING:
        return ""
    if damaged := _DAMAGED.fullmatch(cell):
        if also_printed and rounds_to(also_printed, damaged):
            return also_printed
        raise UnreadableRow("damaged_id", column, value=cell)
    if whole := _DECIMAL_OF_WHOLE.fullmatch(cell):
        return whole[1]
    raise UnreadableRow("bad_id", column, value=cell)


def _is_cut(digits: str, whole: str) -> bool:
    """Whether a spreadsheet kept 15 digits of ``whole`` and wrote zeros for the others."""
    kept = len(digits) - _DIGITS_KEPT
    is_round = kept > 0 and len(digits) == len(whole) and digits.endswith("0" * kept)
    return is_round and abs(int(digits) - int(whole)) < 10**kept


def are_cut(ids: Iterable[str]) -> bool:
    """Whether a spreadsheet kept 15 digits of each of these ids and wrote zeros for the others.

    One alone may end so by chance. All of them do if the odds against it are a million to one.
    """
    rest = [one[_DIGITS_KEPT:] for one in ids if _PLAIN.fullmatch(one)]
    return sum(map(len, rest)) >= _ZEROS_BEYOND_CHANCE and not "".join(rest).strip("0")


def unrounded(cell: str, before: str) -> str:
    """``before``, the id that a spreadsheet made ``cell`` of by rounding; else ``cell``."""
    if not (before.isdecimal() and before.isascii()):
        return cell
    damaged = _DAMAGED.fullmatch(cell.strip())
    return before if (damaged and rounds_to(before, damaged)) or _is_cut(cell, before) else cell


def post_id(cell: str, column: str) -> str:
    """The id of a post as its platform writes it. Raises UnreadableRow for none, or a rounded one.

    Spreadsheets round ids to 15 digits (``1.78E+18``); taking those would merge different posts.
    """
    cell = cell.strip().lstrip("'")
    if _DAMAGED.fullmatch(cell):
        raise UnreadableRow("damaged_id", column, value=cell)
    if whole := _DECIMAL_OF_WHOLE.fullmatch(cell):
        cell = whole[1]
    if cell in _MISSING:
        raise UnreadableRow("no_post_id", column, value=cell)
    if not _POST_ID.fullmatch(cell):
        raise UnreadableRow("bad_id", column, value=cell)
    return cell


def rounds_to(digits: str, damaged: re.Match[str]) -> bool:
    """Whether the id ``digits`` becomes the damaged form when it is rounded."""
    first, decimals, exponent = damaged[1], damaged[2] or "", int(damaged[3])
    if len(digits) - 1 != exponent or len(decimals) >= len(digits):
        return False
    kept = len(decimals) + 1
    cut = int(digits[:kept])
    return int(first + decimals) in (cut, cut + 1)


def fits(cell: str, column: str, most: int) -> str:
    """``cell``, refused where it is longer than the database keeps."""
    if len(cell) > most:
        raise UnreadableRow("too_long", column, value=cell, most=most)
    return cell
