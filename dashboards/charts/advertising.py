"""Who paid, as intervals: small amounts are printed as bounds and stay bounds."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.bases import number, word
from dashboards.charts.drawing import Cell, Column, Drawing, behind_rows
from dashboards.charts.registry import Section, more
from dashboards.measures import Measures, NotInProject
from dashboards.measures.base import days_in_words
from dashboards.numbers import count, interval

SHOWN = 20


@more(
    key="ads-by-advertiser",
    section=Section.ADS,
    title=_("Spending on ads"),
    subject=_("The largest advertisers"),
)
def ads_by_advertiser(measures: Measures) -> Drawing:
    return _spending(measures, "advertiser", {}, _("Advertiser"))


@more(
    key="ads-by-candidate",
    section=Section.ADS,
    title=_("Spending on ads"),
    subject=_("Candidates, all pages of one together"),
)
def ads_by_candidate(measures: Measures) -> Drawing:
    return _spending(measures, "actor", {"category": "candidate"}, _("Candidate"))


@more(
    key="ads-by-number",
    section=Section.ADS,
    title=_("Number of ads"),
    subject=_("Candidates, all pages of one together"),
)
def ads_by_number(measures: Measures) -> Drawing:
    result = measures.ask(
        "ads", by=["actor"], where={"category": "candidate"}, period=_period(measures)
    )
    values = [row["value"] for row in result.rows]
    return Drawing(
        columns=[Column("actor", _("Candidate"), is_number=False), Column("ads", _("Ads"))],
        rows=[[word(row["actor"]), number(row["value"])] for row in result.rows],
        # Points, so that they are not taken for amounts.
        figure=figures.interval_bars(
            [row["actor"] for row in result.rows],
            [(value, value) for value in values],
            role="category-candidate",
            texts=[count(value) for value in values],
        ),
        base=result.base,
        behind=behind_rows(result),
        days=days_in_words(result.base.start, result.base.end),
    )


def _period(measures: Measures) -> str:
    period = measures.ad_period
    if period is None:
        raise NotInProject(_("No ads were imported."))
    return period


def _spending(measures: Measures, who: str, where: dict[str, str], label: Any) -> Drawing:
    period = _period(measures)
    result = measures.ask("spend", by=[who], where=where, period=period)
    ads = {
        row[f"{who}_id"]: row["value"]
        for row in measures.ask("ads", by=[who], where=where, period=period).rows
    }
    shown, behind = result.rows[:SHOWN], behind_rows(result)
    texts = [interval(row["low"], row["high"]) for row in shown]
    return Drawing(
        columns=[
            Column(who, label, is_number=False),
            Column("spend_low", _("Spent, at least")),
            Column("spend_high", _("Spent, at most")),
            Column("ads", _("Ads")),
        ],
        rows=[
            [
                word(row[who]),
                number(row["low"]),
                Cell(row["high"], count(row["high"])),
                number(ads[row[f"{who}_id"]]),
            ]
            for row in result.rows
        ],
        figure=figures.interval_bars(
            [row[who] for row in shown],
            [(row["low"], row["high"]) for row in shown],
            role="category-candidate" if who == "actor" else "accent",
            texts=texts,
        ),
        base=result.base,
        behind=replace(behind, marks=[behind.rows[:SHOWN]]),
        days=days_in_words(result.base.start, result.base.end),
    )
