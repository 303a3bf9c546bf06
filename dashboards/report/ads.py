"""Who advertised, and for how much (the report's chapter V).

Two lists, as the report prints them: pages by what they spent, and candidates, all pages of one
together, by how many ads they ran; with what has to be said of single ones as footnotes.
"""

from dataclasses import dataclass, field, replace

from dashboards.charts.advertisers import Advertiser, advertisers_of, by_number
from dashboards.measures import Base, Measures
from dashboards.measures.base import days_in_words
from dashboards.numbers import count, interval
from dashboards.report.single_ads import counts_by_status

SHOWN = 12
# Meta prints advertisers who spent up to this much as "≤100".
SMALLEST_PRINTED = 100


@dataclass(frozen=True)
class Footnote:
    """What is said below a list of one or several in it."""

    number: int
    text: str


@dataclass(frozen=True)
class Line:
    """An advertiser in a list, with the numbers of their footnotes."""

    advertiser: Advertiser
    marks: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Advertising:
    """The totals, the largest advertisers, and candidates by their number of ads.

    ``days`` is the Ad Library report's own window, in words. ``silent`` are the candidates who ran
    no ad. ``statuses`` counts single ads by what became of them, if any were imported.
    """

    base: Base
    days: str
    ads: str
    spend: str
    currency: str
    advertisers: int
    largest: list[Line]
    others: int
    small: int
    candidates: list[Line]
    silent: list[str]
    footnotes: list[Footnote]
    statuses: dict[str, int]


def advertising(measures: Measures) -> Advertising | None:
    """None where neither an Ad Library report nor single ads were imported."""
    period = measures.ad_period
    if period is None:
        return None
    total = measures.ask("spend", period=period)
    pages = advertisers_of(measures, period, of_one_together=False)
    actors = advertisers_of(measures, period)
    printed = [one for one in pages if one.low > SMALLEST_PRINTED]
    candidates = {
        actor.id: actor.name
        for actor in measures.background.directory.actors_where({"category": "candidate"})
    }
    advertised = by_number([one for one in actors if one.actor_id in candidates and one.ads])
    silent = candidates.keys() - {one.actor_id for one in advertised}
    notes = _Footnotes()
    return Advertising(
        base=total.base,
        days=days_in_words(total.base.start, total.base.end),
        ads=count(measures.ask("ads", period=period).value),
        spend=interval(total.rows[0]["low"], total.rows[0]["high"]),
        currency=total.rows[0]["currency"],
        advertisers=len(pages),
        largest=[notes.line(one) for one in printed[:SHOWN]],
        others=len(printed[SHOWN:]),
        small=len(pages) - len(printed),
        candidates=[notes.line(replace(one, name=measures.called(one.name))) for one in advertised],
        silent=sorted(measures.called(candidates[actor]) for actor in silent),
        footnotes=notes.found,
        statuses=counts_by_status(measures.background.project),
    )


class _Footnotes:
    """Numbers remarks in the order in which they are met; equal ones share a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def line(self, advertiser: Advertiser) -> Line:
        marks = [
            self._numbers.setdefault(text, len(self._numbers) + 1) for text in advertiser.remarks
        ]
        return Line(advertiser, marks)

    @property
    def found(self) -> list[Footnote]:
        return [Footnote(number, text) for text, number in self._numbers.items()]
