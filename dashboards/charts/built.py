"""Charts that leads built: any question, in one of a few forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from dashboards.charts import figures
from dashboards.charts.bases import label_of, word
from dashboards.charts.content import type_label
from dashboards.charts.drawing import BY_ID, Cell, Column, Drawing, behind_rows
from dashboards.charts.facets import Facet, bars, facets, mean_line
from dashboards.charts.over_time import campaign_of, days_of
from dashboards.charts.registry import Chart, Section
from dashboards.measures import Measures, NotInProject, Result, UnknownWord
from dashboards.measures.background import start_of
from dashboards.measures.base import days_in_words
from dashboards.measures.vocabulary import (
    AD_MEASURES,
    DIMENSION_LABELS,
    LANGUAGES,
    MOMENTS,
    TONES,
    is_about_codings,
)
from dashboards.models import BuiltChart, Form
from dashboards.numbers import count, in_language, interval, percent
from monitoring.interactions import PLATFORMS

# Values that are called the same in every project.
_WORDS: dict[str, Mapping[str, Any]] = {"tone": TONES, "language": LANGUAGES}
MOST_FACETS = 10
MOST_BARS = 40


def chart_of(built: BuiltChart) -> Chart:
    """A built chart, as one of the charts there are."""
    return Chart(
        number=0,
        platform="",
        title=built.label,
        subject="",
        draw=partial(_drawn_or_absent, built),
        key=built.key,
        section=Section.OWN,
        is_coded=is_about_codings(measure=built.measure, by=built.by, where=built.where),
    )


def _drawn_or_absent(built: BuiltChart, measures: Measures) -> Drawing:
    """A question that was right once and whose words are gone is as one the project lacks."""
    try:
        return draw(built, measures)
    except UnknownWord as problem:
        raise NotInProject(str(problem)) from problem


def draw(built: BuiltChart, measures: Measures) -> Drawing:
    """Raises UnknownWord for a question or a form that does not fit it."""
    result = measures.ask(
        built.measure, by=built.by, where=built.where, period=built.period, scope=built.scope
    )
    say = _speaker(measures)
    cells = [_value(result, row) for row in result.rows]
    behind = behind_rows(result)
    figure, marks = _FIGURES[Form(built.form)](measures, result, say, cells)
    return Drawing(
        columns=[
            *(Column(name, DIMENSION_LABELS[name], is_number=False) for name in result.by),
            Column("value", result.base.counted),
        ],
        rows=[
            [*(word(say(name, row)) for name in result.by), cell]
            for row, cell in zip(result.rows, cells, strict=True)
        ],
        figure=figure,
        base=result.base,
        days=days_in_words(result.base.start, result.base.end)
        if built.measure in AD_MEASURES
        else "",
        behind=replace(behind, marks=marks),
    )


def _speaker(measures: Measures) -> Callable[[str, dict[str, Any]], str]:
    """How the value of a dimension is called in a row."""
    background = measures.background

    def say(name: str, row: dict[str, Any]) -> str:
        value = row[name]
        if name == "account":
            return f"{label_of(row)} · {PLATFORMS[row['platform']].name}"
        if name == "category":
            return str(background.category_labels.get(value, value))
        if name == "platform":
            return PLATFORMS[value].name
        if name == "period":
            return str(background.periods[value].label)
        if name in _WORDS:
            return str(_WORDS[name].get(value, value))
        says = {"topic": background.topic_label, "flag": background.flag_label, "type": type_label}
        return says.get(name, str)(value)

    return say


def _value(result: Result, row: dict[str, Any]) -> Cell:
    if result.measure == "spend":
        return Cell(row["low"], interval(row["low"], row["high"]))
    value = row["value"]
    if result.measure == "share":
        return Cell(value, percent(value))
    if result.measure == "daily_interaction_rate":
        return Cell(value, percent(None if value is None else 100 * value))
    if isinstance(value, float):
        return Cell(value, in_language(f"{value:,.1f}"))
    return Cell(value, count(value))


Say = Callable[[str, dict[str, Any]], str]
Marks = list[list[Any]]


def _as_bars(
    measures: Measures, result: Result, say: Say, cells: list[Cell]
) -> tuple[dict[str, Any], Marks]:
    rows, shown = result.rows[:MOST_BARS], cells[:MOST_BARS]
    figure = figures.ranked_bars(
        [" · ".join(say(name, row) for name in result.by) for row in rows],
        [cell.value or 0 for cell in shown],
        role="accent",
        texts=[cell.shown for cell in shown],
    )
    if roles := [_role(measures, result, row) for row in rows]:
        figure["data"][0]["marker"]["color"] = [f"role:{role}" for role in roles]
    return figure, [behind_rows(result).rows[:MOST_BARS]]


def _as_stacked(
    measures: Measures, result: Result, say: Say, cells: list[Cell]
) -> tuple[dict[str, Any], Marks]:
    down, across, values = _crossed(result)
    names = _names(result, say)
    parts = [
        (
            names[result.by[1], part],
            f"tone-{part}" if part in TONES else f"series-{place % 12 + 1}",
            [values.get((line, part), 0) for line in down],
            None,
        )
        for place, part in enumerate(across)
    ]
    labels = [names[result.by[0], line] for line in down]
    figure = figures.stacked_bars(labels, parts, patterns=figures.TONE_PATTERNS)
    marks = [[dict(zip(result.by, (line, part), strict=True)) for line in down] for part in across]
    return figure, marks


def _as_heat_map(
    measures: Measures, result: Result, say: Say, cells: list[Cell]
) -> tuple[dict[str, Any], Marks]:
    down, across, values = _crossed(result)
    names = _names(result, say)
    figure = figures.heat_map(
        [names[result.by[0], line] for line in down],
        [names[result.by[1], part] for part in across],
        [[values.get((line, part), 0) for part in across] for line in down],
    )
    marks = [[dict(zip(result.by, (line, part), strict=True)) for part in across] for line in down]
    return figure, marks


def _as_days(
    measures: Measures, result: Result, say: Say, cells: list[Cell]
) -> tuple[dict[str, Any], Marks]:
    moment = next((name for name in result.by if name in MOMENTS), None)
    if moment is None or result.measure == "share":
        raise UnknownWord(_("Over time: choose day, week or month, and a number that adds up."))
    who = next((name for name in result.by if name != moment), None)
    period = measures.background.period(result.period)
    days = sorted({start_of(moment, day) for day in days_of(period)})
    names = _names(result, say)
    series: dict[Any, dict[str, int]] = {}
    for row in result.rows:
        series.setdefault(_key(row, who) if who else "", {})[row[moment]] = row["value"]
    measure = capfirst(str(result.base.counted))
    parts, marks = [], []
    for key in list(series)[:MOST_FACETS]:
        values = [series[key].get(day.isoformat(), 0) for day in days]
        added = [{moment: day.isoformat()} | ({who: key} if who else {}) for day in days]
        width = {"day": 1, "week": 7, "month": 28}[moment]
        traces = [bars(days, values, name=measure, role="accent", width=width)]
        marks.append(added)
        if moment == "day":
            traces.append(mean_line(days, values, name=_("Mean of 7 days")))
            marks.append(added)
        parts.append(Facet(names[who, key] if who else measure, traces))
    return facets(parts, period=period, campaign=campaign_of(measures, period)), marks


def _as_table(
    measures: Measures, result: Result, say: Say, cells: list[Cell]
) -> tuple[dict[str, Any], Marks]:
    return {}, []


_FIGURES = {
    Form.BARS: _as_bars,
    Form.STACKED: _as_stacked,
    Form.HEAT: _as_heat_map,
    Form.DAYS: _as_days,
    Form.TABLE: _as_table,
}


def _key(row: dict[str, Any], name: str) -> Any:
    """The value by which a row is filtered."""
    return row[f"{name}_id"] if name in BY_ID else row[name]


def _names(result: Result, say: Say) -> dict[tuple[str, Any], str]:
    return {(name, _key(row, name)): say(name, row) for row in result.rows for name in result.by}


def _crossed(result: Result) -> tuple[list[Any], list[Any], dict[tuple[Any, Any], int]]:
    """Lines and parts in the order in which they first come, and the values where they cross."""
    if len(result.by) != 2 or result.measure in ("spend", "share"):
        raise UnknownWord(_("This form needs two dimensions, and a number that adds up."))
    first, second = result.by
    values = {(_key(row, first), _key(row, second)): row["value"] or 0 for row in result.rows}
    lines = list(dict.fromkeys(line for line, _part in values))[:MOST_BARS]
    parts = list(dict.fromkeys(part for _line, part in values))[: MOST_FACETS + 2]
    return lines, parts, values


def _role(measures: Measures, result: Result, row: dict[str, Any]) -> str:
    """The fixed colour of who or what a bar is about; the accent where it has none."""
    if "actor_id" in row and "actor" in result.by:
        return measures.background.directory.role_of(row["actor_id"])
    if "about" in result.by:
        return measures.background.directory.role_of(row["about_id"])
    for name in ("tone", "category", "platform"):
        if name in result.by:
            return f"{name}-{row[name]}"
    return "accent"
