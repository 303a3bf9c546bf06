"""Who advertised: several pages of one actor together, and what was not disclosed or taken down."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.measures import Measures
from dashboards.measures.rows import Row
from dashboards.models import TakenDown
from dashboards.numbers import count, interval

# The id the Ad Library prints for a page that is gone, or of whose owner only Instagram knows.
NO_PAGE = "0"


@dataclass
class Advertiser:
    """An actor with all their pages, or a page of nobody who is monitored.

    ``taken_down`` has the reasons that leads noted, by the number of an advertiser's line.
    """

    name: str
    category: str = ""
    lines: list[Row] = field(default_factory=list)
    taken_down: Mapping[int, str] = field(default_factory=dict)

    @property
    def actor_id(self) -> int | None:
        return self.lines[0]["actor_id"] if self.lines else None

    @property
    def ads(self) -> int:
        return sum(int(line["ads"]) for line in self.lines)

    @property
    def ads_in_words(self) -> str:
        """73 (68+5), where several pages advertised."""
        parts = sorted((int(line["ads"]) for line in self.lines), reverse=True)
        of_each = f" ({'+'.join(map(str, parts))})" if len(parts) > 1 else ""
        return f"{count(self.ads)}{of_each}"

    @property
    def low(self) -> int:
        return sum(int(line["low"]) for line in self.lines)

    @property
    def high(self) -> int | None:
        highs = [line["high"] for line in self.lines]
        return None if None in highs else sum(int(high) for high in highs)

    @property
    def spend(self) -> str:
        return interval(self.low, self.high)

    @property
    def undisclosed(self) -> int:
        """Ads that ran without a disclaimer."""
        return sum(int(line["undisclosed"]) for line in self.lines)

    @property
    def removed(self) -> int:
        """Ads of pages that the Ad Library knows no more, or whose ads were taken down."""
        return sum(
            int(line["ads"])
            for line in self.lines
            if line["page_id"] == NO_PAGE or line["advertiser_id"] in self.taken_down
        )

    @property
    def pages(self) -> list[str]:
        return sorted({line["advertiser"] for line in self.lines})

    @property
    def remarks(self) -> list[str]:
        """What has to be said of them in a footnote."""
        return list(self._remarks())

    def _remarks(self) -> Iterator[str]:
        if self.undisclosed and self.undisclosed == self.ads:
            yield _("All ads ran without a disclaimer.")
        elif self.undisclosed:
            yield ngettext(
                "%(undisclosed)s of the ads ran without a disclaimer.",
                "%(undisclosed)s of the ads ran without a disclaimer.",
                self.undisclosed,
            ) % {"undisclosed": count(self.undisclosed)}
        if any(line["page_id"] == NO_PAGE for line in self.lines):
            yield _("The Ad Library knows no such page: it is gone, or was on Instagram only.")
        for line in self.lines:
            if reason := self.taken_down.get(line["advertiser_id"]):
                yield _("The ads were taken down: %(reason)s") % {"reason": reason}


def advertisers_of(
    measures: Measures, period: str, *, of_one_together: bool = True
) -> list[Advertiser]:
    """All advertisers of the period's report, who spent most first.

    ``of_one_together`` puts the pages of an actor together; else each page stands for itself.
    """
    background = measures.background
    noted = TakenDown.objects.of(background.project).filter(ad=None)
    taken_down = dict(noted.values_list("advertiser_id", "reason"))
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for line in measures.ad_lines(period):
        if line["kind"] == "advertiser":
            is_known = of_one_together and line["actor_id"] in background.directory.actors
            key = ("actor", line["actor_id"]) if is_known else ("page", line["advertiser_id"])
            groups[key].append(line)
    found = []
    for lines in groups.values():
        actor = background.directory.actors.get(lines[0]["actor_id"])
        found.append(
            Advertiser(
                name=actor.name if actor and of_one_together else lines[0]["advertiser"],
                category=str(background.category_labels[actor.category]) if actor else "",
                lines=lines,
                taken_down=taken_down,
            )
        )
    return sorted(found, key=lambda one: (-one.low, -(one.high or 0), one.name.casefold()))


def by_number(advertisers: list[Advertiser]) -> list[Advertiser]:
    """Those with most ads first."""
    return sorted(advertisers, key=lambda one: (-one.ads, one.name.casefold()))
