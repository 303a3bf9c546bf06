"""How much was published on each day, and how the tone toward each candidate moved."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboards.charts.bases import number, word
from dashboards.charts.drawing import Behind, Cell, Column, Drawing, Words, question_of
from dashboards.charts.facets import Facet, bars, facets, mean_line
from dashboards.charts.figures import TONE_PATTERNS
from dashboards.charts.registry import Section, more
from dashboards.measures import Measures, Result
from dashboards.measures.background import start_of
from dashboards.measures.vocabulary import TONES
from monitoring.models import Period

SHOWN = 8
DAY = Column("day", _("Day"), is_number=False)


def days_of(period: Period) -> list[datetime.date]:
    return [period.start + datetime.timedelta(days=place) for place in range(period.days)]


def _over_days(
    measures: Measures, result: Result, who: str, series: Sequence[tuple[str, str, str]]
) -> Drawing:
    """Daily bars and their 7-day mean per series (value of ``who``, name, role of its colour)."""
    period = measures.background.period(result.period)
    days = days_of(period)
    values: dict[str, dict[str, int]] = defaultdict(dict)
    for row in result.rows:
        values[row[who]][row["day"]] = row["value"]
    daily = {key: [values[key].get(day.isoformat(), 0) for day in days] for key, _n, _r in series}
    measure = capfirst(str(result.base.counted))
    parts = [
        Facet(
            name,
            [
                bars(days, daily[key], name=measure, role=role),
                mean_line(days, daily[key], name=str(_("Mean of 7 days"))),
            ],
        )
        for key, name, role in series
    ]
    marks: list[list[Words | None]] = []
    for key, _name, _role in series:
        of_day: list[Words | None] = [{who: key, "day": day.isoformat()} for day in days]
        marks += [of_day, of_day]
    return Drawing(
        columns=[DAY, *(Column(key, name) for key, name, _role in series)],
        rows=[
            [word(day.isoformat()), *(number(daily[key][place]) for key, _n, _r in series)]
            for place, day in enumerate(days)
        ],
        figure=facets(parts, period=period, campaign=campaign_of(measures, period)),
        base=result.base,
        behind=Behind(
            question_of(result),
            [{"day": day.isoformat(), who: [key for key, _n, _r in series]} for day in days],
            marks,
        ),
    )


def campaign_of(measures: Measures, period: Period) -> Period | None:
    """The campaign, where it is a part of the period."""
    campaign = measures.background.periods.get("campaign")
    is_part = campaign is not None and period.start < campaign.start <= period.end
    return campaign if is_part else None


@more(
    key="activity-by-category",
    section=Section.ACTIVITY,
    title=_("Posts per day"),
    subject=_("Categories"),
)
def activity_of_categories(measures: Measures) -> Drawing:
    result = measures.ask("posts", by=["category", "day"])
    labels = measures.background.category_labels
    series = [(key, label, f"category-{key}") for key, label in labels.items()]
    return _over_days(measures, result, "category", series)


@more(
    key="activity-by-candidate",
    section=Section.ACTIVITY,
    title=_("Posts per day"),
    subject=_("The most active candidates"),
)
def activity_of_candidates(measures: Measures) -> Drawing:
    where = {"category": "candidate"}
    ranked = measures.ask("posts", by=["actor"], where=where).rows[:SHOWN]
    names = [row["actor"] for row in ranked]
    result = measures.ask("posts", by=["actor", "day"], where={**where, "actor": names})
    directory = measures.background.directory
    series = [(row["actor"], row["actor"], directory.role_of(row["actor_id"])) for row in ranked]
    return _over_days(measures, result, "actor", series)


@more(
    key="tone-over-time",
    section=Section.CONTENT,
    title=_("Tone toward each candidate, by week"),
    subject=_("Media posts about candidates"),
    is_coded=True,
)
def tone_over_time(measures: Measures) -> Drawing:
    where = {"category": "media", "about_category": "candidate"}
    covered = [row["about"] for row in measures.ask("mentions", by=["about"], where=where).rows]
    shown = covered[:SHOWN]
    result = measures.ask("mentions", by=["about", "week", "tone"], where=where)
    period = measures.background.period(result.period)
    weeks = sorted({start_of("week", day) for day in days_of(period)})
    counted: dict[tuple[Any, ...], int] = {
        (row["about"], row["week"], row["tone"]): row["value"] for row in result.rows
    }

    def values(about: str, tone: str) -> list[int]:
        return [counted.get((about, week.isoformat(), tone), 0) for week in weeks]

    parts = [
        Facet(
            about,
            [
                bars(
                    weeks,
                    values(about, tone),
                    name=str(label),
                    role=f"tone-{tone}",
                    width=7,
                    pattern=TONE_PATTERNS.get(f"tone-{tone}", ""),
                )
                for tone, label in TONES.items()
            ],
        )
        for about in shown
    ]
    rows = [(about, week) for about in covered for week in weeks]
    return Drawing(
        columns=[
            Column("candidate", _("Candidate"), is_number=False),
            Column("week", _("Week from"), is_number=False),
            *(Column(tone, label) for tone, label in TONES.items()),
        ],
        rows=[
            [word(about), word(week.isoformat()), *_tones(counted, about, week)]
            for about, week in rows
        ],
        figure=facets(parts, period=period, campaign=campaign_of(measures, period)),
        base=result.base,
        behind=Behind(
            question_of(result),
            [{"about": about, "week": week.isoformat()} for about, week in rows],
            [
                [{"about": about, "week": week.isoformat(), "tone": tone} for week in weeks]
                for about in shown
                for tone in TONES
            ],
        ),
    )


def _tones(counted: dict[tuple[Any, ...], int], about: str, week: datetime.date) -> list[Cell]:
    return [number(counted.get((about, week.isoformat(), tone), 0)) for tone in TONES]
