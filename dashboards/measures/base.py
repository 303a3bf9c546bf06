"""What a number rests on: printed under every chart, table and export."""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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

    def __str__(self) -> str:
        parts = [
            self.counted,
            self.where,
            self.sample_rule or (_("all posts") if self.scope == "all" else ""),
            f"{date_format(self.start, 'j E Y')} – {date_format(self.end, 'j E Y')}",
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
        return " · ".join(part for part in parts if part)
