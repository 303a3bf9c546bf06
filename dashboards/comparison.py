"""The same chart of two projects, per actor and day: missions differ in both."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import figures
from dashboards.charts.bases import number, word
from dashboards.charts.drawing import Cell, Column
from dashboards.measures import Measures
from dashboards.measures.vocabulary import MEASURES
from dashboards.numbers import in_language
from monitoring.models import Project

COMPARED = ("posts", "interactions", "reactions", "comments", "shares", "views")


@dataclass(frozen=True)
class Side:
    """What one project's categories add up to."""

    name: str
    days: int
    labels: dict[str, str]
    totals: dict[str, int]
    actors: dict[str, int]
    base: str

    def rate(self, category: str) -> float | None:
        """Per actor and day; None where nobody of the category is monitored."""
        actors = self.actors.get(category, 0)
        return self.totals.get(category, 0) / actors / self.days if actors else None


def side_of(project: Project, *, measure: str, platform: str, period: str = "entire") -> Side:
    """A project's period. Actors count who have an account where it is looked at.

    Raises NotInProject where the project has no such period.
    """
    measures = Measures(project)
    where = {"platform": platform} if platform else {}
    result = measures.ask(measure, by=["category"], where=where, period=period)
    accounts = measures.background.directory.accounts_where(where)
    actors = {account.actor for account in accounts}
    labels = {key: str(label) for key, label in measures.background.category_labels.items()}
    return Side(
        name=project.name,
        days=_days_with_data(measures, period),
        labels=labels,
        totals={row["category"]: row["value"] for row in result.rows},
        actors={key: sum(actor.category == key for actor in actors) for key in labels},
        base=result.base.printed,
    )


def _days_with_data(measures: Measures, period: str) -> int:
    """The days of a period; while it lasts, those up to the last of which there are posts.

    A mission that began a week ago would seem silent beside one that is over, were its posts spread
    over the weeks to come.
    """
    days = measures.background.period(period)
    as_of = measures.background.changed_at
    if as_of is None or days.end < as_of.date():
        return days.days
    rows = measures.ask("posts", by=["day"], period=period).rows
    last = max((row["day"] for row in rows if row["value"]), default=days.end.isoformat())
    return (datetime.date.fromisoformat(last) - days.start).days + 1


def periods_of_both(one: Project, other: Project) -> list[tuple[str, str]]:
    """The periods that two projects have by one key, in the words of the first."""
    known = Measures(other).background.periods
    own = Measures(one).background.periods
    return [(key, str(period.label)) for key, period in own.items() if key in known]


def compared(left: Side, right: Side, *, measure: str) -> dict[str, Any]:
    """The chart and the table of two sides: categories that either has, by their key."""
    keys = list({**left.labels, **right.labels})
    labels = [left.labels.get(key) or right.labels[key] for key in keys]
    per, counted = _("per actor and day"), _("actors")
    columns = [Column("category", _("Category"), is_number=False)]
    for side in (left, right):
        columns += [
            Column("total", f"{side.name}: {MEASURES[measure]}"),
            Column("actors", f"{side.name}: {counted}"),
            Column("rate", f"{side.name}: {per}"),
        ]
    columns.append(Column("ratio", _("Ratio")))
    return {
        "columns": columns,
        "rows": [
            [word(label), *_cells(left, key), *_cells(right, key), _ratio(left, right, key)]
            for key, label in zip(keys, labels, strict=True)
        ],
        "figure": figures.grouped_bars(
            labels,
            [
                (side.name, role, [side.rate(key) or 0 for key in keys])
                for side, role in ((left, "series-1"), (right, "series-2"))
            ],
        ),
        "bases": [f"{side.name}: {side.base} · {_days(side)}" for side in (left, right)],
    }


def _days(side: Side) -> str:
    return ngettext("%(count)s day", "%(count)s days", side.days) % {"count": side.days}


def _cells(side: Side, key: str) -> list[Cell]:
    return [
        number(side.totals.get(key, 0)),
        number(side.actors.get(key, 0)),
        _decimal(side.rate(key)),
    ]


def _ratio(left: Side, right: Side, key: str) -> Cell:
    one, other = left.rate(key), right.rate(key)
    return _decimal(one / other if one is not None and other else None)


def _decimal(value: float | None) -> Cell:
    return Cell(value, "–" if value is None else in_language(f"{value:,.2f}"))
