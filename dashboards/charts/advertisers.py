"""Who advertised: several pages of one actor together, and what was not disclosed or taken down."""

from collections import defaultdict
from dataclasses import dataclass, field

from dashboards.measures import Measures
from dashboards.measures.rows import Row
from dashboards.numbers import count, interval

# The id the Ad Library prints for a page that is no longer there.
REMOVED_PAGE = "0"


@dataclass
class Advertiser:
    """An actor with all their pages, or a page of nobody who is monitored."""

    name: str
    category: str = ""
    lines: list[Row] = field(default_factory=list)

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
        """Ads of pages that are no longer there."""
        return sum(int(line["ads"]) for line in self.lines if line["page_id"] == REMOVED_PAGE)

    @property
    def pages(self) -> list[str]:
        return sorted({line["advertiser"] for line in self.lines})


def advertisers_of(measures: Measures, period: str) -> list[Advertiser]:
    """All advertisers of the period's report, who spent most first."""
    background = measures.background
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for line in measures.ad_lines(period):
        if line["kind"] == "advertiser":
            is_known = line["actor_id"] in background.directory.actors
            key = ("actor", line["actor_id"]) if is_known else ("page", line["advertiser_id"])
            groups[key].append(line)
    found = []
    for (kind, number), lines in groups.items():
        if kind == "actor":
            actor = background.directory.actors[number]
            category = background.category_labels[actor.category]
            found.append(Advertiser(actor.name, str(category), lines))
        else:
            found.append(Advertiser(lines[0]["advertiser"], "", lines))
    return sorted(found, key=lambda one: (-one.low, one.name.casefold()))
