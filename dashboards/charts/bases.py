"""The questions charts share, and the tables their answers become."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboards.charts import figures
from dashboards.charts.drawing import Cell, Column, Drawing, Head, Text, behind_rows
from dashboards.measures import Measures
from dashboards.measures.vocabulary import MEASURES
from dashboards.numbers import count, crowdtangle, in_language, percent

FACEBOOK_PAGES = {"platform": "facebook", "kind": "page"}
FACEBOOK_GROUPS = {"platform": "facebook", "kind": "group"}
INSTAGRAM = {"platform": "instagram"}
FACEBOOK_PARTS = ("reactions", "comments", "shares")
INSTAGRAM_PARTS = ("likes", "comments")

NAME = Column("name", _("Name"), is_number=False)
TOTAL = Column("total", _("Total"))
SHARE = Column("share_percent", "%")


def word(text: str) -> Cell:
    return Cell(text, text, is_number=False)


def number(value: int) -> Cell:
    return Cell(value, count(value))


def share(value: int, total: int) -> Cell:
    part = 100 * value / total if total else None
    return Cell(part, percent(part))


def short(label: Text, value: float | None) -> Head:
    """A head figure as CrowdTangle prints it, with the exact number where that is another."""
    shown, exact = crowdtangle(value), count(value)
    return Head(label, shown, "" if shown == exact else exact)


def label_of(row: dict[str, Any]) -> str:
    """An account as its platform shows it: by name on Facebook, by handle on Instagram."""
    return str(
        row["handle"] if row["platform"] == "instagram" and row["handle"] else row["account"]
    )


def posts_of_accounts(
    measures: Measures, where: dict[str, str], *, period: str = "entire", heads: bool = False
) -> Drawing:
    """Posts per account with each one's share; the silent ones are rows too."""
    result = measures.ask("posts", by=["account"], where=where, period=period)
    labels = [label_of(row) for row in result.rows]
    values = [row["value"] for row in result.rows]
    totals = list(map(number, values))
    return Drawing(
        columns=[NAME, TOTAL, SHARE],
        rows=[
            [word(label), total, share(total.value, result.total)]
            for label, total in zip(labels, totals, strict=True)
        ],
        figure=_ranked(labels, totals, where["category"]),
        base=result.base,
        behind=behind_rows(result),
        heads=_activity_heads(measures, where, period, result.total) if heads else [],
    )


def interactions_of_accounts(
    measures: Measures,
    where: dict[str, str],
    *,
    parts: Sequence[str] = (),
    scope: str = "all",
    heads: bool = False,
) -> Drawing:
    """Interactions per account, with the parts they are made of."""
    result = measures.table(["interactions", *parts], by=["account"], where=where, scope=scope)
    labels = [label_of(row) for row in result.rows]
    totals = [number(row["interactions"]) for row in result.rows]
    drawn = sum(total.value for total in totals)
    return Drawing(
        columns=[NAME, TOTAL, *(Column(part, MEASURES[part]) for part in parts)],
        rows=[
            [word(label), total, *(number(row[part]) for part in parts)]
            for label, total, row in zip(labels, totals, result.rows, strict=True)
        ],
        figure=_ranked(labels, totals, where["category"]),
        base=result.base,
        behind=behind_rows(result),
        heads=_engagement_heads(measures, where, drawn) if heads else [],
    )


def _ranked(labels: list[str], totals: list[Cell], category: str) -> dict[str, Any]:
    return figures.ranked_bars(
        labels,
        [total.value for total in totals],
        role=f"category-{category}",
        texts=[total.shown for total in totals],
    )


def _activity_heads(
    measures: Measures, where: dict[str, str], period: str, posts: int
) -> list[Head]:
    weekly = measures.ask("avg_weekly_posts", where=where, period=period).value
    return [
        short(_("Total posts"), posts),
        Head(_("Average weekly posts per account"), _decimal(weekly)),
    ]


def _engagement_heads(measures: Measures, where: dict[str, str], interactions: int) -> list[Head]:
    daily = measures.ask("avg_daily_interactions", where=where).value
    rate = measures.ask("daily_interaction_rate", where=where).value
    return [
        short(_("Total interactions"), interactions),
        short(_("Average daily interactions per account"), daily),
        Head(_("Daily interaction rate"), percent(None if rate is None else 100 * rate)),
    ]


def _decimal(value: float | None) -> str:
    return "–" if value is None else in_language(f"{value:.1f}")
