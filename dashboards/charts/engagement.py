"""How audiences responded: charts 3 to 5, 9 to 13, 15, 19, 20, 23 and 24.

Footnotes 14 and 15 of the report: the charts over categories, and that of influencers, count of
sampled categories the analysed posts only; the tables per account count all posts.
"""

from dataclasses import replace

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.areas import areas
from dashboards.charts.bases import (
    FACEBOOK_GROUPS,
    FACEBOOK_PAGES,
    FACEBOOK_PARTS,
    INSTAGRAM,
    INSTAGRAM_PARTS,
    NAME,
    SHARE,
    TOTAL,
    interactions_of_accounts,
    label_of,
    number,
    share,
    word,
)
from dashboards.charts.drawing import Behind, Column, Drawing, behind_rows, question_of
from dashboards.charts.registry import chart
from dashboards.measures import Measures
from dashboards.measures.vocabulary import MEASURES
from dashboards.numbers import count
from monitoring.interactions import FACEBOOK_REACTIONS

MOST_PARTS_OF_A_DONUT = 5
_CANDIDATES = {**FACEBOOK_PAGES, "category": "candidate"}


@chart(
    number=3,
    platform="facebook",
    title=_("Number of interactions (entire period)"),
    subject=_("Candidates"),
)
def facebook_interactions_of_candidates(measures: Measures) -> Drawing:
    return interactions_of_accounts(measures, _CANDIDATES)


@chart(
    number=4, platform="facebook", title=_("Type of interactions"), subject=_("Candidates together")
)
def facebook_interaction_types(measures: Measures) -> Drawing:
    """The whole category's interactions by what they are."""
    result = measures.table(FACEBOOK_PARTS, where=_CANDIDATES)
    values = [result.rows[0][part] for part in FACEBOOK_PARTS]
    parts = [{"measure": part} for part in FACEBOOK_PARTS]
    labels = [capfirst(str(MEASURES[part])) for part in FACEBOOK_PARTS]
    return Drawing(
        columns=[Column("type", _("Type"), is_number=False), TOTAL, SHARE],
        rows=[
            [word(label), number(value), share(value, sum(values))]
            for label, value in zip(labels, values, strict=True)
        ],
        figure=figures.donut(
            labels, values, roles=[f"interaction-{part}" for part in FACEBOOK_PARTS]
        ),
        base=result.base,
        behind=Behind(question_of(result), [*parts], [[*parts]]),
    )


@chart(number=5, platform="facebook", title=_("Type of interactions"), subject=_("Each candidate"))
def facebook_interaction_types_of_candidates(measures: Measures) -> Drawing:
    """Per candidate; the single reactions are told on hover."""
    wanted = ["interactions", *FACEBOOK_PARTS, *FACEBOOK_REACTIONS]
    result = measures.table(wanted, by=["account"], where=_CANDIDATES)
    behind = behind_rows(result)
    labels = [label_of(row) for row in result.rows]
    reactions = [
        ", ".join(f"{MEASURES[name]} {count(row[name])}" for name in FACEBOOK_REACTIONS)
        for row in result.rows
    ]
    return Drawing(
        columns=[NAME, *(Column(part, MEASURES[part]) for part in FACEBOOK_PARTS)],
        rows=[
            [word(label), *(number(row[part]) for part in FACEBOOK_PARTS)]
            for label, row in zip(labels, result.rows, strict=True)
        ],
        figure=figures.stacked_bars(
            labels,
            [
                (
                    capfirst(str(MEASURES[part])),
                    f"interaction-{part}",
                    [row[part] for row in result.rows],
                    reactions if part == "reactions" else None,
                )
                for part in FACEBOOK_PARTS
            ],
        ),
        base=result.base,
        behind=replace(
            behind,
            marks=[
                [{**row, "measure": part} for row in behind.rows if row] for part in FACEBOOK_PARTS
            ],
        ),
    )


def _interactions_of_categories(measures: Measures, where: dict[str, str]) -> Drawing:
    """A donut of at most five categories; of more, areas that show whose interactions they are."""
    result = measures.ask("interactions", by=["category"], where=where, scope="analysed")
    named = measures.background.category_labels
    labels = [str(named.get(row["category"], row["category"])) for row in result.rows]
    values = [row["value"] for row in result.rows]
    roles = [f"category-{row['category']}" for row in result.rows]
    behind = behind_rows(result)
    if len(values) <= MOST_PARTS_OF_A_DONUT:
        figure = figures.donut(labels, values, roles=roles)
    elif any(values):
        of_actors = measures.ask("interactions", by=["actor"], where=where, scope="analysed")
        figure, marks = areas(measures, of_actors)
        behind = replace(behind, marks=[marks])
    else:
        # Nothing has an area; that all are zero is a finding.
        figure = figures.ranked_bars(labels, values, role="accent")
    return Drawing(
        columns=[Column("category", _("Category"), is_number=False), TOTAL, SHARE],
        rows=[
            [word(label), number(value), share(value, result.total)]
            for label, value in zip(labels, values, strict=True)
        ],
        figure=figure,
        base=result.base,
        behind=behind,
    )


@chart(
    number=9,
    platform="facebook",
    title=_("Number of interactions"),
    subject=_("All monitored subjects (with groups)"),
)
def facebook_interactions_with_groups(measures: Measures) -> Drawing:
    return _interactions_of_categories(measures, {"platform": "facebook"})


@chart(
    number=10,
    platform="facebook",
    title=_("Number of interactions"),
    subject=_("All monitored subjects (without groups)"),
)
def facebook_interactions_without_groups(measures: Measures) -> Drawing:
    where = {"platform": "facebook", "individual": "true"}
    return _interactions_of_categories(measures, where)


@chart(number=11, platform="facebook", title=_("Number of interactions"), subject=_("Parties"))
def facebook_interactions_of_parties(measures: Measures) -> Drawing:
    where = {**FACEBOOK_PAGES, "category": "party"}
    return interactions_of_accounts(measures, where, parts=FACEBOOK_PARTS)


@chart(number=12, platform="facebook", title=_("Number of interactions"), subject=_("Politicians"))
def facebook_interactions_of_politicians(measures: Measures) -> Drawing:
    where = {**FACEBOOK_PAGES, "category": "politician"}
    return interactions_of_accounts(measures, where, parts=FACEBOOK_PARTS)


@chart(number=13, platform="facebook", title=_("Number of interactions"), subject=_("Media"))
def facebook_interactions_of_media(measures: Measures) -> Drawing:
    where = {**FACEBOOK_PAGES, "category": "media"}
    return interactions_of_accounts(measures, where, parts=FACEBOOK_PARTS, heads=True)


@chart(
    number=15, platform="facebook", title=_("Number of interactions"), subject=_("Public groups")
)
def facebook_interactions_of_groups(measures: Measures) -> Drawing:
    where = {**FACEBOOK_GROUPS, "category": "public_group"}
    return interactions_of_accounts(measures, where, parts=FACEBOOK_PARTS, heads=True)


@chart(number=19, platform="instagram", title=_("Number of interactions"), subject=_("Candidates"))
def instagram_interactions_of_candidates(measures: Measures) -> Drawing:
    return interactions_of_accounts(measures, {**INSTAGRAM, "category": "candidate"})


@chart(number=20, platform="instagram", title=_("Number of interactions"), subject=_("Politicians"))
def instagram_interactions_of_politicians(measures: Measures) -> Drawing:
    where = {**INSTAGRAM, "category": "politician"}
    return interactions_of_accounts(measures, where, parts=INSTAGRAM_PARTS)


@chart(number=23, platform="instagram", title=_("Number of interactions"), subject=_("Influencers"))
def instagram_interactions_of_influencers(measures: Measures) -> Drawing:
    where = {**INSTAGRAM, "category": "influencer"}
    return interactions_of_accounts(measures, where, parts=INSTAGRAM_PARTS, scope="analysed")


@chart(number=24, platform="instagram", title=_("Number of interactions"), subject=_("Media"))
def instagram_interactions_of_media(measures: Measures) -> Drawing:
    where = {**INSTAGRAM, "category": "media"}
    return interactions_of_accounts(measures, where, parts=INSTAGRAM_PARTS, heads=True)
