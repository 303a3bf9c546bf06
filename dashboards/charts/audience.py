"""How audiences answered, beyond the report's charts: rates, shares, who rose and who fell."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.areas import areas
from dashboards.charts.bases import NAME, SHARE, TOTAL, label_of, number, share, word
from dashboards.charts.drawing import (
    Behind,
    Cell,
    Column,
    Drawing,
    behind_rows,
    question_of,
    words_of,
)
from dashboards.charts.registry import Section, more
from dashboards.measures import Measures
from dashboards.numbers import count, percent
from monitoring.interactions import PLATFORMS

LEADERS = 30
_PLATFORM = Column("platform", _("Platform"), is_number=False)


@more(
    key="interaction-rate",
    section=Section.AUDIENCE,
    title=_("Interactions per post and follower"),
    subject=_("Candidates"),
)
def interaction_rate(measures: Measures) -> Drawing:
    """Accounts whose followers are not known have no rate and stand last."""
    where = {"category": "candidate"}
    result = measures.ask("daily_interaction_rate", by=["account"], where=where)
    labels = [f"{label_of(row)} · {PLATFORMS[row['platform']].name}" for row in result.rows]
    percents = [None if row["value"] is None else 100 * row["value"] for row in result.rows]
    figure = figures.ranked_bars(
        labels,
        [round(value or 0, 4) for value in percents],
        role="category-candidate",
        texts=[percent(value) for value in percents],
    )
    figure["data"][0]["hovertemplate"] = "%{customdata[0]}: %{text}<extra></extra>"
    return Drawing(
        columns=[NAME, _PLATFORM, Column("rate_percent", _("Rate, %"))],
        rows=[
            [
                word(label_of(row)),
                word(PLATFORMS[row["platform"]].name),
                Cell(value, percent(value)),
            ]
            for row, value in zip(result.rows, percents, strict=True)
        ],
        figure=figure,
        base=result.base,
        behind=behind_rows(result),
    )


@more(
    key="shares-of-candidates",
    section=Section.AUDIENCE,
    title=_("Share of interactions"),
    subject=_("Candidates on all platforms"),
)
def shares_of_candidates(measures: Measures) -> Drawing:
    """A list's shares, live: who of them draws how much of the attention they all draw."""
    result = measures.ask("interactions", by=["actor"], where={"category": "candidate"})
    values = [row["value"] for row in result.rows]
    total = sum(values)
    figure = figures.ranked_bars(
        [row["actor"] for row in result.rows],
        values,
        role="category-candidate",
        texts=[percent(100 * value / total if total else None) for value in values],
    )
    role_of = measures.background.directory.role_of
    figure["data"][0]["marker"]["color"] = [f"role:{role_of(r['actor_id'])}" for r in result.rows]
    return Drawing(
        columns=[NAME, TOTAL, SHARE],
        rows=[
            [word(row["actor"]), number(row["value"]), share(row["value"], total)]
            for row in result.rows
        ],
        figure=figure,
        base=result.base,
        behind=behind_rows(result),
    )


@more(
    key="interactions-map",
    section=Section.AUDIENCE,
    title=_("Where interactions went"),
    subject=_("Categories and their actors"),
)
def interactions_map(measures: Measures) -> Drawing:
    """Each category an area, and in it each of its actors."""
    result = measures.ask("interactions", by=["actor"])
    labels = measures.background.category_labels
    total = sum(row["value"] for row in result.rows)
    figure, marks = areas(measures, result)
    return Drawing(
        columns=[NAME, Column("category", _("Category"), is_number=False), TOTAL, SHARE],
        rows=[
            [
                word(row["actor"]),
                word(str(labels[row["category"]])),
                number(row["value"]),
                share(row["value"], total),
            ]
            for row in result.rows
        ],
        figure=figure,
        base=result.base,
        behind=Behind(question_of(result), [words_of(result, row) for row in result.rows], [marks]),
    )


@more(
    key="leaderboard",
    section=Section.AUDIENCE,
    title=_("Leaderboard"),
    subject=_("The campaign against as many days before"),
)
def leaderboard(measures: Measures) -> Drawing:
    """Accounts by interactions in the campaign, with what they drew in the days before it."""
    question: dict[str, Any] = {"by": ["account"], "period": "campaign", "against": "previous"}
    result = measures.ask("interactions", **question)
    rows = result.rows[:LEADERS]
    leaders = {"account": [str(row["account_id"]) for row in rows]}
    published = measures.ask("posts", where=leaders, **question)
    posts = {row["account_id"]: row for row in published.rows}
    labels = [f"{label_of(row)} · {PLATFORMS[row['platform']].name}" for row in rows]
    behind = behind_rows(result)
    return Drawing(
        columns=[
            NAME,
            _PLATFORM,
            Column("interactions", _("Interactions")),
            Column("interactions_before", _("Before")),
            Column("change_percent", _("Change, %")),
            Column("posts", _("Posts")),
            Column("posts_before", _("Before")),
        ],
        rows=[
            [
                word(label_of(row)),
                word(PLATFORMS[row["platform"]].name),
                number(row["value"]),
                number(row["before"]),
                Cell(row["change_percent"], _signed(row["change_percent"])),
                number(posts[row["account_id"]]["value"]),
                number(posts[row["account_id"]]["before"]),
            ]
            for row in rows
        ],
        figure=figures.ranked_bars(
            labels,
            [row["value"] for row in rows],
            role="accent",
            texts=[f"{count(row['value'])}  {_signed(row['change_percent'])}" for row in rows],
        ),
        base=result.base,
        behind=Behind(behind.question, behind.rows[:LEADERS], [behind.rows[:LEADERS]]),
    )


def _signed(value: float | None) -> str:
    if value is None:
        return "–"
    return ("+" if round(value) > 0 else "") + percent(round(value), 0)
