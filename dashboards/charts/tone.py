"""How media spoke of the candidates: charts 6 and 18.

The unit is the pair (post, candidate it is about): a post about two candidates counts twice.
"""

from collections import defaultdict
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.bases import FACEBOOK_PAGES, INSTAGRAM, number, word
from dashboards.charts.drawing import Column, Drawing
from dashboards.charts.registry import chart
from dashboards.measures import Measures
from dashboards.numbers import count

TONES = {"positive": _("Positive"), "neutral": _("Neutral"), "negative": _("Negative")}


def _tone_of_media(measures: Measures, where: dict[str, str]) -> Drawing:
    result = measures.ask(
        "mentions",
        by=["actor", "about", "tone"],
        where={**where, "category": "media", "about_category": "candidate"},
    )
    pairs: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(TONES, 0))
    outlets: dict[str, int] = defaultdict(int)
    for row in result.rows:
        pairs[row["actor"], row["about"]][row["tone"]] += row["value"]
        outlets[row["actor"]] += row["value"]
    # The outlets with most coverage first, within each the candidates most covered.
    ranked = sorted(
        pairs, key=lambda pair: (-outlets[pair[0]], pair[0], -sum(pairs[pair].values()), pair[1])
    )
    return Drawing(
        columns=[
            Column("outlet", _("Outlet"), is_number=False),
            Column("candidate", _("Candidate"), is_number=False),
            *(Column(tone, label) for tone, label in TONES.items()),
            Column("n", "n"),
        ],
        rows=[
            [
                word(outlet),
                word(candidate),
                *(number(pairs[outlet, candidate][tone]) for tone in TONES),
                number(sum(pairs[outlet, candidate].values())),
            ]
            for outlet, candidate in ranked
        ],
        figure=_bars_by_outlet(ranked, pairs, outlets),
        base=result.base,
    )


def _bars_by_outlet(
    ranked: list[tuple[str, str]],
    pairs: dict[tuple[str, str], dict[str, int]],
    outlets: dict[str, int],
) -> dict[str, Any]:
    """A heading with its n for each outlet, and under it a bar per candidate."""
    nothing = dict.fromkeys(TONES, 0)
    labels: list[str] = []
    endings: list[str] = []
    rows: list[dict[str, int]] = []
    for outlet, candidates in groupby(ranked, key=lambda pair: pair[0]):
        labels.append(outlet.upper())
        endings.append(f" · {count(outlets[outlet])}")
        rows.append(nothing)
        for pair in candidates:
            labels.append(pair[1])
            endings.append("")
            rows.append(pairs[pair])
    return figures.stacked_bars(
        labels,
        [
            (str(label), f"tone-{tone}", [row[tone] for row in rows], None)
            for tone, label in TONES.items()
        ],
        patterns=figures.TONE_PATTERNS,
        endings=endings,
    )


@chart(
    number=6,
    platform="facebook",
    title=_("Number of posts"),
    subject=_("Media about candidates (tone)"),
)
def facebook_tone_of_media(measures: Measures) -> Drawing:
    return _tone_of_media(measures, FACEBOOK_PAGES)


@chart(
    number=18,
    platform="instagram",
    title=_("Number of posts"),
    subject=_("Media about candidates (tone)"),
)
def instagram_tone_of_media(measures: Measures) -> Drawing:
    return _tone_of_media(measures, INSTAGRAM)
