"""How media spoke of the candidates: charts 6 and 18.

The unit is the pair (post, candidate it is about): a post about two candidates counts twice.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.bases import FACEBOOK_PAGES, INSTAGRAM, number, word
from dashboards.charts.drawing import Behind, Column, Drawing, question_of
from dashboards.charts.registry import chart
from dashboards.measures import Measures
from dashboards.measures.vocabulary import TONES
from dashboards.numbers import count, percent

# Of fewer pairs a percentage says more than is known.
LEAST_FOR_PERCENT = 10
Pair = tuple[str, str]


def _tone_of_media(measures: Measures, where: dict[str, str]) -> Drawing:
    result = measures.ask(
        "mentions",
        by=["actor", "about", "tone"],
        where={**where, "category": "media", "about_category": "candidate"},
    )
    pairs: dict[Pair, dict[str, int]] = defaultdict(lambda: dict.fromkeys(TONES, 0))
    outlets: dict[str, int] = defaultdict(int)
    for row in result.rows:
        pairs[row["actor"], row["about"]][row["tone"]] += row["value"]
        outlets[row["actor"]] += row["value"]
    # The outlets with most coverage first, within each the candidates most covered.
    ranked = sorted(
        pairs, key=lambda pair: (-outlets[pair[0]], pair[0], -sum(pairs[pair].values()), pair[1])
    )
    bars = list(_bars(ranked))
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
        figure=_bars_by_outlet(bars, pairs, outlets),
        base=result.base,
        behind=Behind(
            question_of(result),
            [_words(pair) for pair in ranked],
            [
                [(pair[1] and {**_words(pair), "tone": tone}) or None for pair in bars]
                for tone in TONES
            ],
        ),
    )


def _words(pair: Pair) -> dict[str, str]:
    return {"actor": pair[0], "about": pair[1]}


def _bars(ranked: list[Pair]) -> Iterator[Pair]:
    """The lines of the figure: a heading, without candidate, per outlet, and under it its bars."""
    for outlet, pairs in groupby(ranked, key=lambda pair: pair[0]):
        yield outlet, ""
        yield from pairs


def _bars_by_outlet(
    bars: list[Pair], pairs: dict[Pair, dict[str, int]], outlets: dict[str, int]
) -> dict[str, Any]:
    """A heading with its n for each outlet, and under it a bar per candidate."""
    nothing = dict.fromkeys(TONES, 0)
    rows = [pairs[pair] if pair[1] else nothing for pair in bars]
    return figures.stacked_bars(
        [candidate or outlet.upper() for outlet, candidate in bars],
        [
            (str(label), f"tone-{tone}", [row[tone] for row in rows], _parts(rows, tone))
            for tone, label in TONES.items()
        ],
        patterns=figures.TONE_PATTERNS,
        endings=["" if candidate else f" · {count(outlets[outlet])}" for outlet, candidate in bars],
    )


def _parts(rows: list[dict[str, int]], tone: str) -> list[str]:
    """What each part is of its bar, in words for whoever points at it."""
    parts, too_few = [], str(_("too few for a percentage"))
    for row in rows:
        n = sum(row.values())
        share = percent(100 * row[tone] / n, 1) if n >= LEAST_FOR_PERCENT else too_few
        parts.append(f"n = {count(n)}, {share}")
    return parts


@chart(
    number=6,
    platform="facebook",
    title=_("Number of posts"),
    subject=_("Media about candidates (tone)"),
    is_coded=True,
)
def facebook_tone_of_media(measures: Measures) -> Drawing:
    return _tone_of_media(measures, FACEBOOK_PAGES)


@chart(
    number=18,
    platform="instagram",
    title=_("Number of posts"),
    subject=_("Media about candidates (tone)"),
    is_coded=True,
)
def instagram_tone_of_media(measures: Measures) -> Drawing:
    return _tone_of_media(measures, INSTAGRAM)
