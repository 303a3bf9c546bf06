"""Who advertised, and for how much (the report's chapter V)."""

from dataclasses import dataclass
from typing import Any

from dashboards.measures import Base, Measures
from dashboards.numbers import count, interval

SHOWN = 12
# Meta prints advertisers who spent up to this much as "≤100".
SMALLEST_PRINTED = 100


@dataclass(frozen=True)
class Advertising:
    """The country's totals, the largest advertisers, and candidates by their number of ads."""

    base: Base
    ads: str
    spend: str
    currency: str
    advertisers: int
    largest: list[dict[str, Any]]
    others: int
    small: int
    candidates: list[dict[str, Any]]


def advertising(measures: Measures) -> Advertising | None:
    """None where no Ad Library report was imported for a period of the project."""
    period = _period_with_ads(measures)
    if period is None:
        return None
    total = measures.ask("spend", period=period)
    by_advertiser = measures.ask("spend", by=["advertiser"], period=period).rows
    ads_of = {
        row["advertiser_id"]: row["value"]
        for row in measures.ask("ads", by=["advertiser"], period=period).rows
    }
    printed = [row for row in by_advertiser if row["low"] > SMALLEST_PRINTED]
    candidates = measures.ask(
        "ads", by=["actor"], where={"category": "candidate"}, period=period
    ).rows
    spent = {
        row["actor_id"]: row
        for row in measures.ask(
            "spend", by=["actor"], where={"category": "candidate"}, period=period
        ).rows
    }
    return Advertising(
        base=total.base,
        ads=count(measures.ask("ads", period=period).value),
        spend=interval(total.rows[0]["low"], total.rows[0]["high"]),
        currency=total.rows[0]["currency"],
        advertisers=len(by_advertiser),
        largest=[
            {
                "name": row["advertiser"],
                "spend": interval(row["low"], row["high"]),
                "ads": count(ads_of[row["advertiser_id"]]),
            }
            for row in printed[:SHOWN]
        ],
        others=len(printed[SHOWN:]),
        small=len(by_advertiser) - len(printed),
        candidates=[
            {
                "name": row["actor"],
                "ads": count(row["value"]),
                "spend": interval(spent[row["actor_id"]]["low"], spent[row["actor_id"]]["high"]),
            }
            for row in candidates
        ],
    )


def _period_with_ads(measures: Measures) -> str | None:
    """The longest period in whose days an Ad Library report lies."""
    periods = sorted(measures.background.periods.values(), key=lambda one: -one.days)
    for period in periods:
        if measures.ask("ads", by=["advertiser"], period=period.key).rows:
            return str(period.key)
    return None
