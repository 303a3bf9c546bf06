"""The report's charts, in its order."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.charts.drawing import Drawing, Text
from dashboards.measures import Measures


@dataclass(frozen=True)
class Chart:
    """A numbered chart of the report: what it shows, of whom, and how it is computed."""

    number: int
    platform: str
    title: Text
    subject: Text
    draw: Callable[[Measures], Drawing]

    @property
    def caption(self) -> str:
        """The caption as the report prints it."""
        return _("Chart %(number)s: %(title)s | %(subject)s") % {
            "number": self.number,
            "title": self.title,
            "subject": self.subject,
        }


CHARTS: dict[int, Chart] = {}


def chart(
    *, number: int, platform: str, title: Text, subject: Text
) -> Callable[[Callable[[Measures], Drawing]], Callable[[Measures], Drawing]]:
    """Enter a function that draws into the list of charts."""

    def register(draw: Callable[[Measures], Drawing]) -> Callable[[Measures], Drawing]:
        CHARTS[number] = Chart(number, platform, title, subject, draw)
        return draw

    return register
