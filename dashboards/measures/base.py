"""What a number rests on: printed under every chart, table and export."""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dashboards.numbers import count


@dataclass(frozen=True)
class Base:
    """The base of a result.

    ``n`` is the number of posts (or pairs, flags, ads) counted; ``provisional`` posts are younger
    than the stabilisation days at their last reading; ``unsettled`` posts were coded differently by
    two monitors and count nowhere until a lead decides.
    """

    counted: str
    where: str
    scope: str
    sample_rule: str
    start: datetime.date
    end: datetime.date
    n: int
    as_of: datetime.datetime | None
    provisional: int = 0
    unsettled: int = 0
    # Accounts with days that no export covers: their zeros are no findings.
    uncovered: int = 0
    # The days the numbers are compared with, where they are.
    against: tuple[datetime.date, datetime.date] | None = None

    def __str__(self) -> str:
        parts = [
            self.counted,
            self.where,
            self.sample_rule or (_("all posts") if self.scope == "all" else ""),
            days_in_words(self.start, self.end),
            _("against %(days)s") % {"days": days_in_words(*self.against)} if self.against else "",
            f"n = {count(self.n)}",
        ]
        if self.provisional:
            parts.append(
                ngettext(
                    "%(count)s post is provisional",
                    "%(count)s posts are provisional",
                    self.provisional,
                )
                % {"count": count(self.provisional)}
            )
        if self.unsettled:
            parts.append(
                ngettext(
                    "%(count)s post waits for a decision and is not counted",
                    "%(count)s posts wait for a decision and are not counted",
                    self.unsettled,
                )
                % {"count": count(self.unsettled)}
            )
        if self.uncovered:
            parts.append(
                ngettext(
                    "%(count)s account has days that no export covers",
                    "%(count)s accounts have days that no export covers",
                    self.uncovered,
                )
                % {"count": count(self.uncovered)}
            )
        return " · ".join(part for part in parts if part)

    @property
    def moment(self) -> str:
        """As of when, in the project's zone; apart, because it moves when no number does."""
        return moment_in_words(self.as_of)

    @property
    def printed(self) -> str:
        """All of it, for what leaves the page: tables and pictures."""
        return " · ".join(filter(None, [str(self), self.moment]))


def moment_in_words(moment: datetime.datetime | None) -> str:
    """A moment that is in the project's zone already; empty before the first data."""
    if moment is None:
        return ""
    return _("as of %(moment)s") % {"moment": date_format(moment, "j E Y, H:i")}


def days_in_words(start: datetime.date, end: datetime.date) -> str:
    """A range of days in the active language, both ends inclusive."""
    return _range_in(get_language(), start, end)


@lru_cache(maxsize=1024)
def _range_in(language: str | None, start: datetime.date, end: datetime.date) -> str:
    """The days in words of the active language: a page prints the same few under all it shows."""
    return f"{date_format(start, 'j E Y')} – {date_format(end, 'j E Y')}"
