"""How things are drawn: one style for all charts, as Plotly figures.

Colours are roles (``role:category-media``), which the page resolves from the custom properties of
``tokens.css``: a figure is the same in light and dark. Rows come largest first and are drawn from
top to bottom. Tones are ordered positive, neutral, negative, and hatched, so that they can be told
apart in greyscale.
"""

from collections.abc import Sequence
from typing import Any

from dashboards.numbers import count, in_language

ROW_HEIGHT = 30
# Of one figure of a value, in CSS pixels.
DIGIT_WIDTH = 8
LONGEST_LABEL = 30
# CrowdTangle's own cut, for phones.
SHORT_LABEL = 16
# Of a legend, in CSS pixels.
LEGEND_LINE = 20
MOST_IN_A_LINE = 4
# As the days of one year are told apart on an axis, in any language.
DATE_FORMAT = "%d.%m"
# Hatching by role, so that tones differ in greyscale too.
TONE_PATTERNS = {"tone-neutral": ".", "tone-negative": "/"}


def cut(label: str, length: int = LONGEST_LABEL) -> str:
    return label if len(label) <= length else f"{label[: length - 1].rstrip()}…"


def _ended(label: str, ending: str, length: int) -> str:
    return cut(label, length - len(ending)) + ending


def ranked_bars(
    labels: Sequence[str], values: Sequence[int], *, role: str, texts: Sequence[str] | None = None
) -> dict[str, Any]:
    """Horizontal bars, a row each, with their values at the end."""
    shown = list(texts or map(count, values))
    trace = _bars(labels, values, name="", role=role)
    trace |= {"text": shown, "textposition": "outside", "cliponaxis": False}
    return {"data": [trace], "layout": _with_room_for(shown, _layout(labels, values))}


def stacked_bars(
    labels: Sequence[str],
    parts: Sequence[tuple[str, str, Sequence[int], Sequence[str] | None]],
    *,
    patterns: dict[str, str] | None = None,
    endings: Sequence[str] = (),
    as_shares: bool = False,
) -> dict[str, Any]:
    """Horizontal stacked bars; a part is (name, role, values, hover texts). Totals at the end.

    ``endings`` follow the labels and are never cut: a number that is cut is another number. With
    ``as_shares`` all bars are as long as one another, and show what each is made of.
    """
    totals = [sum(values) for values in zip(*(part[2] for part in parts), strict=True)]
    traces = []
    for name, role, values, hovers in parts:
        trace = _bars(labels, values, name=name, role=role, hovers=hovers)
        if patterns and patterns.get(role):
            trace["marker"]["pattern"] = {
                "shape": patterns[role],
                "fillmode": "replace",
                "size": 6,
                "solidity": 0.35,
            }
        traces.append(trace)
    layout = _layout(labels, totals, endings)
    layout |= {
        "barmode": "stack",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "annotations": [
            {
                "x": (100 if total else 0) if as_shares else total,
                "y": place,
                "text": count(total),
                "showarrow": False,
                "xanchor": "left",
                "xshift": 4,
            }
            for place, total in enumerate(totals)
            # A row with an ending is a heading and has no bar; a silent row has its 0.
            if not (endings and endings[place])
        ],
    }
    if as_shares:
        layout |= {"barnorm": "percent", "xaxis": {**layout["xaxis"], "range": [0, 100]}}
        for trace, (_name, _role, values, _hovers) in zip(traces, parts, strict=True):
            trace["customdata"] = [
                [label, count(value)] for label, value in zip(labels, values, strict=True)
            ]
            trace["hovertemplate"] = "%{customdata[0]}<br>%{fullData.name}: %{customdata[1]}"
            trace["hovertemplate"] += " (%{x:.1f}%)<extra></extra>"
    legend = 36
    if len(parts) > MOST_IN_A_LINE:
        # Two in a line; on a phone each has its own.
        legend = LEGEND_LINE * -(-len(parts) // 2)
        layout["meta"]["legend"] = LEGEND_LINE * len(parts) - legend
    layout["margin"] = {**layout["margin"], "t": legend}
    layout["height"] += legend
    return {"data": traces, "layout": layout}


def donut(labels: Sequence[str], values: Sequence[int], *, roles: Sequence[str]) -> dict[str, Any]:
    """A donut, for at most five parts; more are drawn as bars."""
    return {
        "data": [
            {
                "type": "pie",
                "hole": 0.58,
                "labels": list(labels),
                "values": list(values),
                "sort": False,
                "direction": "clockwise",
                "marker": {
                    "colors": [f"role:{role}" for role in roles],
                    "line": {"color": "role:surface-raised", "width": 2},
                },
                "textinfo": "percent",
                "textposition": "outside",
                "texttemplate": "%{percent:.1%}",
                "hovertemplate": "%{label}: %{value:,} (%{percent:.2%})<extra></extra>",
            }
        ],
        "layout": {
            "height": 320,
            "margin": {"l": 24, "r": 24, "t": 24, "b": 24},
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0.5, "xanchor": "center", "y": -0.08},
            "annotations": [
                {
                    "text": count(sum(values)),
                    "showarrow": False,
                    "x": 0.5,
                    "y": 0.5,
                    "font": {"size": 20, "weight": 700},
                }
            ],
        },
    }


def grouped_bars(
    labels: Sequence[str], parts: Sequence[tuple[str, str, Sequence[float]]]
) -> dict[str, Any]:
    """Bars beside each other: a part is (name, role, values)."""
    values = [value for _name, _role, numbers in parts for value in numbers]
    traces = []
    for name, role, numbers in parts:
        trace = _bars(labels, numbers, name=name, role=role)
        trace |= {
            "text": [in_language(f"{value:,.2f}") for value in numbers],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{customdata[0]}}<br>{name}: %{{x:,.2f}}<extra></extra>",
        }
        traces.append(trace)
    layout = _layout(labels, values)
    layout |= {
        "barmode": "group",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "height": layout["height"] + 16 * len(labels) + 36,
        "margin": {**layout["margin"], "t": 36, "r": 24 + layout["margin"]["r"]},
    }
    return {"data": traces, "layout": layout}


def interval_bars(
    labels: Sequence[str],
    bounds: Sequence[tuple[int, int | None]],
    *,
    role: str,
    texts: Sequence[str],
) -> dict[str, Any]:
    """A bar from the lower to the upper bound; an exact amount is a bar of hardly any width."""
    highest = [high if high is not None else low for low, high in bounds]
    sliver = max([*highest, 1]) / 120
    trace = _bars(labels, [0] * len(labels), name="", role=role, hovers=texts)
    trace |= {
        "base": [low for low, _high in bounds],
        "x": [max(high - low, sliver) for (low, _), high in zip(bounds, highest, strict=True)],
        "text": list(texts),
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
    }
    layout = _layout(labels, [value + 2 * sliver for value in highest])
    return {"data": [trace], "layout": _with_room_for(texts, layout)}


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]]
) -> dict[str, Any]:
    """How often each row meets each column; the number stands in its field."""
    layout = _layout(rows, [0])
    layout["height"] += 120
    layout["margin"] |= {"t": 120, "r": 8}
    layout["xaxis"] = {
        "side": "top",
        "tickangle": -45,
        "tickvals": list(range(len(columns))),
        "ticktext": [cut(column, 22) for column in columns],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }
    trace = {
        "type": "heatmap",
        "x": list(range(len(columns))),
        "y": list(range(len(rows))),
        "z": [list(line) for line in values],
        "customdata": [[[row, column] for column in columns] for row in rows],
        "text": [[count(value) if value else "" for value in line] for line in values],
        "texttemplate": "%{text}",
        "hovertemplate": "%{customdata[0]} · %{customdata[1]}: %{z:,}<extra></extra>",
        "colorscale": [[0, "role:surface-raised"], [1, "role:heat"]],
        "zmin": 0,
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
    }
    return {"data": [trace], "layout": layout}


def treemap(
    groups: Sequence[tuple[str, str]], parts: Sequence[tuple[str, int, int]]
) -> dict[str, Any]:
    """Areas in areas: groups are (name, role), parts (name, place of the group, value).

    The marks are the groups, then the parts.
    """
    sums = [0] * len(groups)
    for _name, group, value in parts:
        sums[group] += value
    return {
        "data": [
            {
                "type": "treemap",
                "branchvalues": "total",
                "ids": [f"g{place}" for place in range(len(groups))]
                + [f"p{place}" for place in range(len(parts))],
                "labels": [name for name, _role in groups] + [name for name, _g, _v in parts],
                "parents": [""] * len(groups) + [f"g{group}" for _n, group, _v in parts],
                "values": [*sums, *(value for _n, _g, value in parts)],
                "marker": {
                    "colors": [f"role:{role}" for _name, role in groups]
                    + [f"role:{groups[group][1]}" for _n, group, _v in parts],
                    "line": {"color": "role:surface-raised", "width": 1},
                },
                "textfont": {"color": "role:accent-text"},
                "texttemplate": "%{label}<br>%{value:,}",
                "hovertemplate": "%{label}: %{value:,} (%{percentRoot:.1%})<extra></extra>",
                "pathbar": {"visible": False},
                "tiling": {"pad": 2},
            }
        ],
        "layout": {
            "height": 480,
            "margin": {"l": 0, "r": 0, "t": 8, "b": 8},
            # A name too small to be read is told on hover, and in the table.
            "uniformtext": {"minsize": 9, "mode": "hide"},
        },
    }


def _with_room_for(texts: Sequence[str], layout: dict[str, Any]) -> dict[str, Any]:
    """Texts stand outside of their bars: the margin holds the longest."""
    layout["margin"]["r"] = 12 + DIGIT_WIDTH * max([len(text) for text in texts] or [0])
    return layout


def _bars(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    name: str,
    role: str,
    hovers: Sequence[str] | None = None,
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": list(values),
        # Places, not names: two pages of one person have the same name.
        "y": list(range(len(labels))),
        "customdata": [
            [label, hover] for label, hover in zip(labels, hovers or labels, strict=True)
        ],
        "hovertemplate": "%{customdata[0]}"
        + (f"<br>{name}" if name else "")
        + ": %{x:,}"
        + ("<br>%{customdata[1]}" if hovers else "")
        + "<extra></extra>",
        "marker": {"color": f"role:{role}"},
    }


def _layout(
    labels: Sequence[str], values: Sequence[float], endings: Sequence[str] = ()
) -> dict[str, Any]:
    most = max([*values, 1])
    ends = list(endings) or [""] * len(labels)
    longest_value = max(len(count(end)) for end in (min([*values, 0]), most))
    return {
        "height": max(120, ROW_HEIGHT * len(labels) + 24),
        # The values stand in the margin: as wide on a phone as on a desk.
        "margin": {"l": 8, "r": 12 + DIGIT_WIDTH * longest_value, "t": 8, "b": 8},
        "bargap": 0.32,
        "showlegend": False,
        "xaxis": {"visible": False, "range": [0, most], "fixedrange": True},
        "yaxis": {
            "range": [len(labels) - 0.5, -0.5],
            "tickvals": list(range(len(labels))),
            "ticktext": [
                _ended(label, end, LONGEST_LABEL) for label, end in zip(labels, ends, strict=True)
            ],
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
        "meta": {
            "short": [
                _ended(label, end, SHORT_LABEL) for label, end in zip(labels, ends, strict=True)
            ]
        },
    }
