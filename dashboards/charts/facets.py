"""Small figures under each other over the same days, each with its own scale."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.figures import DATE_FORMAT, LONGEST_LABEL, cut
from monitoring.models import Period

FACET_HEIGHT = 96
_TOP, _BOTTOM = 56, 32
DAY = 24 * 60 * 60 * 1000  # as Plotly counts: milliseconds


@dataclass(frozen=True)
class Facet:
    """A name and what is drawn under it: traces of bars or lines whose ``y`` are numbers."""

    name: str
    traces: list[dict[str, Any]]


def bars(
    days: Sequence[datetime.date],
    values: Sequence[int],
    *,
    name: str,
    role: str,
    width: int = 1,
    pattern: str = "",
) -> dict[str, Any]:
    """A bar per day, or per span of ``width`` days that begins with it.

    Each stands in the middle of its span: Plotly tells of the bar whose place is nearest, and one
    that began at midnight would be told of in the afternoon before.
    """
    half = datetime.timedelta(days=width) / 2
    middles = [datetime.datetime.combine(day, datetime.time()) + half for day in days]
    trace: dict[str, Any] = {
        "type": "bar",
        "name": name,
        "x": [middle.isoformat(timespec="minutes") for middle in middles],
        "y": list(values),
        "width": 0.86 * width * DAY,
        "customdata": [[day.isoformat(), day.strftime(DATE_FORMAT)] for day in days],
        "marker": {"color": f"role:{role}", "opacity": 0.85},
        "hovertemplate": f"%{{customdata[1]}}<br>{name}: %{{y:,}}<extra></extra>",
    }
    if pattern:
        hatching = {"shape": pattern, "fillmode": "replace", "size": 5, "solidity": 0.35}
        trace["marker"]["pattern"] = hatching
    return trace


def mean_line(days: Sequence[datetime.date], values: Sequence[int], *, name: str) -> dict[str, Any]:
    """The mean of each day and the six before it; of fewer where the first days are."""
    means = []
    for place in range(len(values)):
        window = values[max(0, place - 6) : place + 1]
        means.append(round(sum(window) / len(window), 2))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        # Noon: in the middle of the day's bar.
        "x": [f"{day.isoformat()}T12:00" for day in days],
        "y": means,
        "line": {"color": "role:text", "width": 1.5},
        "hovertemplate": f"{name}: %{{y:,.1f}}<extra></extra>",
    }


def facets(parts: Sequence[Facet], *, period: Period, campaign: Period | None) -> dict[str, Any]:
    """The figure of all facets; the campaign is shaded and its first day marked."""
    height = _TOP + _BOTTOM + FACET_HEIGHT * max(len(parts), 1)
    step = 1 / max(len(parts), 1)
    end = period.end + datetime.timedelta(days=1)
    layout: dict[str, Any] = {
        "height": height,
        "margin": {"l": 44, "r": 12, "t": _TOP, "b": _BOTTOM},
        "barmode": "stack",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "yref": "paper"},
        "hovermode": "x",
        "xaxis": {
            "type": "date",
            "range": [period.start.isoformat(), end.isoformat()],
            "tickformat": DATE_FORMAT,
            "fixedrange": True,
            "showgrid": False,
            "anchor": "y" if len(parts) < 2 else f"y{len(parts)}",
        },
        "annotations": [],
        "shapes": _shades(campaign),
    }
    traces = []
    named: set[str] = set()
    for place, part in enumerate(parts):
        axis = "y" if place == 0 else f"y{place + 1}"
        top = 1 - place * step
        layout[axis.replace("y", "yaxis")] = {
            "domain": [top - 0.74 * step, top - 0.2 * step],
            "rangemode": "tozero",
            **_ticks(part),
            "fixedrange": True,
            "gridcolor": "role:border",
            "zeroline": False,
        }
        layout["annotations"].append(_title(part.name, y=top - 0.19 * step))
        for trace in part.traces:
            is_first = trace["name"] not in named
            named.add(trace["name"])
            # One entry of the legend per name: the facets repeat them.
            group = {"legendgroup": trace["name"], "showlegend": is_first}
            traces.append({**trace, "xaxis": "x", "yaxis": axis, **group})
    if campaign:
        layout["annotations"].append(_campaign_label(campaign))
    return {"data": traces, "layout": layout}


def _ticks(part: Facet) -> dict[str, Any]:
    """Whole numbers only: there is no half post."""
    highest = max((value for trace in part.traces for value in trace["y"]), default=0)
    return {"nticks": 3, "tickformat": ",d"} if highest > 3 else {"dtick": 1, "tickformat": "d"}


def _title(text: str, *, y: float) -> dict[str, Any]:
    return {
        "text": cut(text, LONGEST_LABEL),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        # Not as <b>: Plotly would write a style attribute, which our policy forbids.
        "font": {"size": 12, "weight": 700},
    }


def _shades(campaign: Period | None) -> list[dict[str, Any]]:
    if campaign is None:
        return []
    end = campaign.end + datetime.timedelta(days=1)
    place = {"xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    start = campaign.start.isoformat()
    return [
        {
            **place,
            "type": "rect",
            "x0": start,
            "x1": end.isoformat(),
            "fillcolor": "role:accent-soft",
            "opacity": 0.45,
            "line": {"width": 0},
        },
        {
            **place,
            "type": "line",
            "x0": start,
            "x1": start,
            "line": {"color": "role:accent", "width": 1, "dash": "dash"},
        },
    ]


def _campaign_label(campaign: Period) -> dict[str, Any]:
    return {
        "text": f"{campaign.label} ▸",
        "xref": "x",
        "yref": "paper",
        "x": campaign.start.isoformat(),
        "y": 1,
        "xanchor": "right",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 11, "color": "role:text-muted"},
    }
