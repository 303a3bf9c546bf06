"""Shares of one whole must add up to it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from dashboards.findings.numbers import Print
from dashboards.findings.reading import Reading
from dashboards.findings.remarks import Remark
from dashboards.findings.sections import Sentence
from dashboards.findings.wording import PLACEHOLDER, names_in

_HUNDRED = Decimal(100)
# Shares rounded to one place each may miss the whole by so much in all.
_HAIR = Decimal("0.05")
# Below it, shares do not claim to be all there is.
_NEARLY_ALL = Decimal(95)
_TYPED = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|per\s?cent|процент|пайыз)")


def remarks(sentence: Sentence) -> Iterable[Remark]:
    """Of shares of the same number in one sentence."""
    groups: dict[Any, list[Reading]] = defaultdict(list)
    for name in dict.fromkeys(names_in(sentence.finding.text)):
        reading = sentence.readings.get(name)
        if reading and reading.number.prints == Print.SHARE and reading.number.of:
            groups[reading.number.of.key].append(reading)
    for group in groups.values():
        beside = [one for one in group if not any(_is_within(one, other) for other in group)]
        if len(beside) > 1:
            yield from _of_one_whole(
                [_exact(one) for one in beside], [_rounded(one) for one in beside]
            )
        elif len(group) > 1 and (total := sum(map(_exact, group), Decimal())) > _HUNDRED + _HAIR:
            # “80 percent political, 60 percent candidates” may be meant: worth a look.
            yield _overlap(total, is_wrong=False)


def _is_within(one: Reading, other: Reading) -> bool:
    """Whether what one counts is among what another counts: such shares are not added."""
    own, wider = one.number.question, other.number.question
    if one is other or (own.measure, own.period) != (wider.measure, wider.period):
        return False
    if one.chosen is not None or other.chosen is not None:
        return other.chosen is None and wider.where.items() <= own.where.items()
    return wider.where != own.where and wider.where.items() <= own.where.items()


def typed(text: str, readings: Mapping[str, Reading]) -> Iterable[Remark]:
    """Of percentages typed by hand, beside bound ones or not, that nearly make a whole."""
    written = PLACEHOLDER.sub(lambda found: _share_in(readings.get(found[1])), text)
    if not _TYPED.search(PLACEHOLDER.sub("", text)):
        return
    parts = [Decimal(found.replace(",", ".")) for found in _TYPED.findall(written)]
    total = sum(parts, Decimal())
    if len(parts) > 1 and _HAIR < abs(total - _HUNDRED) <= 3:
        yield Remark(f"typed-shares:{total}", _sum_in_words(parts, total))


def _share_in(reading: Reading | None) -> str:
    is_share = reading is not None and reading.number.prints == Print.SHARE
    return str(_rounded(reading)) if reading is not None and is_share else " "


def _of_one_whole(exact: list[Decimal], rounded: list[Decimal]) -> Iterable[Remark]:
    total, printed = sum(exact, Decimal()), sum(rounded, Decimal())
    if total > _HUNDRED + _HAIR:
        yield _overlap(total, is_wrong=True)
    elif _NEARLY_ALL <= total < _HUNDRED - _HAIR:
        yield Remark(
            f"shares-lack:{total:.1f}",
            _("These shares make %(total)s percent: say what the rest is.")
            % {"total": f"{total:.1f}"},
        )
    elif abs(total - _HUNDRED) <= _HAIR and abs(printed - _HUNDRED) > _HAIR:
        yield Remark(f"shares-rounded:{printed}", _sum_in_words(rounded, printed))


def _overlap(total: Decimal, *, is_wrong: bool) -> Remark:
    return Remark(
        f"shares-overlap:{total:.1f}",
        _("These shares are of one number and make %(total)s percent of it: they overlap.")
        % {"total": f"{total:.1f}"},
        is_wrong=is_wrong,
    )


def _sum_in_words(parts: list[Decimal], total: Decimal) -> str:
    return _("As printed, %(sum)s = %(total)s, not 100: say that they are rounded.") % {
        "sum": " + ".join(map(str, parts)),
        "total": total,
    }


def _exact(reading: Reading) -> Decimal:
    return Decimal(reading.value)


def _rounded(reading: Reading) -> Decimal:
    step = Decimal(str(reading.number.step or 0.1))
    return (_exact(reading) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
