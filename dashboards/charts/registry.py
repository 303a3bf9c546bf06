"""The charts there are: the report's by number, in its order, and others by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.charts.drawing import Drawing, Text
from dashboards.measures import Measures


class Section(StrEnum):
    """What a chart is about; the dashboard lists the charts by it."""

    REPORT = "report"
    ACTIVITY = "activity"
    AUDIENCE = "audience"
    CONTENT = "content"
    ADS = "ads"
    OWN = "own"


SECTION_LABELS = {
    Section.OWN: gettext_lazy("Charts of this project"),
    Section.ACTIVITY: gettext_lazy("Activity"),
    Section.AUDIENCE: gettext_lazy("Audience"),
    Section.CONTENT: gettext_lazy("What was said"),
    Section.ADS: gettext_lazy("Advertising"),
    Section.REPORT: gettext_lazy("Charts of the report"),
}


@dataclass(frozen=True)
class Chart:
    """What a chart shows, of whom, and how it is computed; outside the report its number is 0."""

    number: int
    platform: str
    title: Text
    subject: Text
    draw: Callable[[Measures], Drawing]
    key: str = ""
    section: Section = Section.REPORT
    # Made of what posts were coded as.
    is_coded: bool = False

    @property
    def caption(self) -> str:
        """The caption as the report prints it."""
        words = {"number": self.number, "title": self.title, "subject": self.subject}
        if self.number:
            return _("Chart %(number)s: %(title)s | %(subject)s") % words
        return f"{self.title} | {self.subject}" if self.subject else str(self.title)


CHARTS: dict[int, Chart] = {}
MORE: dict[str, Chart] = {}
Draw = Callable[[Measures], Drawing]


def chart(
    *, number: int, platform: str, title: Text, subject: Text, is_coded: bool = False
) -> Callable[[Draw], Draw]:
    """Enter a function that draws into the report's charts."""

    def register(draw: Draw) -> Draw:
        CHARTS[number] = Chart(
            number, platform, title, subject, draw, key=str(number), is_coded=is_coded
        )
        return draw

    return register


def more(
    *, key: str, section: Section, title: Text, subject: Text = "", is_coded: bool = False
) -> Callable[[Draw], Draw]:
    """Enter a function that draws into the other charts."""

    def register(draw: Draw) -> Draw:
        MORE[key] = Chart(0, "", title, subject, draw, key=key, section=section, is_coded=is_coded)
        return draw

    return register
