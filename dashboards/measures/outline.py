"""The outline of a project: its revision, who is monitored, its periods, categories and rules.

Every answer needs it, so one statement fetches it. It seldom changes: what was made of it serves
this process for as long as the statement returns the same text.
"""

import datetime
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from coding.sampling import Rule
from dashboards.measures.directory import AccountEntry, ActorEntry, Directory
from dashboards.measures.rows import Row
from monitoring.models import Category, Period, Project

_STATEMENT = """
    SELECT revision.number, revision.beside_codings, revision.changed_at,
        json_build_object(
            'actors', (
                SELECT json_agg(
                    json_build_array(id, name, category_id, merged_into_id) ORDER BY name
                )
                FROM monitoring_actor WHERE project_id = project.id
            ),
            'accounts', (
                SELECT json_agg(
                    json_build_array(id, name, handle, platform, kind, actor_id) ORDER BY name, id
                )
                FROM monitoring_account WHERE project_id = project.id AND state = 'monitored'
            ),
            'categories', (
                SELECT json_agg(category ORDER BY position, key)
                FROM monitoring_category category WHERE project_id = project.id
            ),
            'periods', (
                SELECT json_agg(period ORDER BY start, "end" DESC)
                FROM monitoring_period period WHERE project_id = project.id
            ),
            'rules', (
                SELECT json_agg(json_build_array(category_id, size, per_account, per_period))
                FROM coding_samplerule WHERE project_id = project.id
            ),
            'drawn', (
                SELECT json_agg(
                    json_build_array(category_id, wanted, per_account, per_period)
                    ORDER BY platform
                )
                FROM coding_sample WHERE project_id = project.id
            ),
            'holds_exports', EXISTS (
                SELECT FROM monitoring_import import
                JOIN monitoring_importedaccount seen ON seen.source_import_id = import.id
                WHERE import.project_id = project.id
            )
        )::text
    FROM monitoring_project project
    LEFT JOIN monitoring_revision revision ON revision.project_id = project.id
    WHERE project.id = %(project)s
"""
_MOST_KEPT = 16


class Moment(NamedTuple):
    """As of which changes answers are; ``number`` is None before the first."""

    number: int | None
    beside_codings: int | None
    changed_at: datetime.datetime | None


@dataclass(frozen=True)
class Outline:
    """What one text of the statement says. Shared by all who ask: nobody changes it."""

    directory: Directory
    # The columns of their rows, in the project's order.
    periods: list[Row]
    categories: list[Row]
    # By the category's key: as leads set them, and as samples were drawn last.
    rules: dict[str, Rule]
    drawn: dict[str, Rule]
    # Whether posts came in by imports at all; else nobody can tell what is missing.
    holds_exports: bool
    # Another for every other text.
    shape: str

    @cached_property
    def sampled_categories(self) -> frozenset[str]:
        """The categories of which only what was drawn is analysed."""
        return frozenset(key for key, rule in self.rules.items() if rule.size is not None)

    def periods_of(self, project: Project) -> dict[str, Period]:
        found = {}
        for row in self.periods:
            days = {name: datetime.date.fromisoformat(row[name]) for name in ("start", "end")}
            period = found[row["key"]] = Period(**row | days)
            period.project = project
        return found

    def categories_of(self, project: Project) -> dict[str, Category]:
        found = {row["key"]: Category(**row) for row in self.categories}
        for category in found.values():
            category.project = project
        return found


_kept: OrderedDict[int, tuple[str, Outline]] = OrderedDict()


def outline_of(project: Project) -> tuple[Moment, Outline]:
    """The outline, and the moment that was read with it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"project": project.pk})
        *moment, text = cursor.fetchone()
    known = _kept.get(project.pk)
    if known is None or known[0] != text:
        known = _kept[project.pk] = (text, _made_of(text))
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return Moment(*moment), known[1]


def _made_of(text: str) -> Outline:
    read: dict[str, Any] = json.loads(text)
    categories = {row["id"]: row for row in read["categories"] or ()}
    actors = [
        ActorEntry(
            actor,
            name,
            categories[category]["key"],
            categories[category]["is_political"],
            categories[category]["is_individual"],
        )
        for actor, name, category, _heir in read["actors"] or ()
    ]
    known = {actor.id: actor for actor in actors}
    rules, drawn = (
        {categories[category]["key"]: Rule(*columns) for category, *columns in read[name] or ()}
        for name in ("rules", "drawn")
    )
    return Outline(
        directory=Directory(
            actors,
            [
                AccountEntry(account, name, handle, platform, kind, known[actor])
                for account, name, handle, platform, kind, actor in read["accounts"] or ()
            ],
            {actor: heir for actor, *_words, heir in read["actors"] or () if heir is not None},
        ),
        periods=read["periods"] or [],
        categories=list(categories.values()),
        rules=rules,
        drawn=drawn,
        holds_exports=read["holds_exports"],
        shape=hashlib.sha256(text.encode()).hexdigest(),
    )
