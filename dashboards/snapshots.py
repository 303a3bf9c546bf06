"""Freezing a page's charts, and comparing two moments: what changed since the interim report?"""

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import translation

from dashboards import live
from dashboards.live import Drawn
from dashboards.measures import Measures
from dashboards.models import Snapshot
from dashboards.moments import one_moment
from monitoring.models import Project


@dataclass(frozen=True)
class Change:
    """A cell that differs between two snapshots; None where the row was not there."""

    caption: str
    row: str
    column: str
    before: str | None
    after: str | None


def freeze(
    *,
    project: Project,
    page: str,
    charts: Sequence[int | str],
    title: str,
    by: User,
    at: datetime.datetime,
) -> Snapshot:
    """Keep what the charts of a page show now, in every language."""
    with one_moment():
        revision = live.revision_of(project)
        content = {
            language: _content(project, charts, language) for language, _name in settings.LANGUAGES
        }
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        last = Snapshot.objects.of(project).aggregate(last=Max("number"))["last"] or 0
        return Snapshot.objects.create(
            project=project,
            number=last + 1,
            title=title,
            page=page,
            content=content,
            sha256=digest_of(content),
            revision=revision,
            made_by=by,
            made_at=at,
        )


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content as canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def charts_in(snapshot: Snapshot, language: str) -> list[dict[str, Any]]:
    """The frozen charts: caption, heads, columns, rows, figure, base, all as they are shown."""
    content = snapshot.content.get(language) or snapshot.content["en"]
    return list(content["charts"])


def changes(before: Snapshot, after: Snapshot, language: str) -> list[Change]:
    """What differs between the tables of two snapshots, chart by chart, row by row.

    Charts that only one of them holds are left out: that is another page, not another number.
    """
    old = {chart["number"]: chart for chart in charts_in(before, language)}
    return [
        change
        for chart in charts_in(after, language)
        if chart["number"] in old
        for change in _changes_in(old[chart["number"]], chart)
    ]


def _content(project: Project, charts: Sequence[int | str], language: str) -> dict[str, Any]:
    with translation.override(language):
        frozen = [_frozen(one) for one in live.drawn(Measures(project), charts)]
        # What JSON makes of lazy texts, dates and decimals, once and for all.
        content: dict[str, Any] = json.loads(json.dumps({"charts": frozen}, default=str))
        return content


def _frozen(one: Drawn) -> dict[str, Any]:
    drawing = one.drawing
    return {
        "number": one.chart.number or one.chart.key,
        "platform": one.chart.platform,
        "caption": one.chart.caption,
        "heads": [{"label": head.label, "shown": head.shown} for head in drawing.heads],
        "columns": [
            {"key": column.key, "label": column.label, "is_number": column.is_number}
            for column in drawing.columns
        ],
        "rows": [
            [{"value": c.value, "shown": c.shown, "is_number": c.is_number} for c in row]
            for row in drawing.rows
        ],
        "figure": drawing.figure,
        "base": str(drawing.base),
    }


def _changes_in(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, after = _cells(old), _cells(new)
    for place in [*before, *(place for place in after if place not in before)]:
        was, now = before.get(place), after.get(place)
        if was != now:
            row, column = place
            yield Change(new["caption"], row, column, was, now)


def _cells(chart: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Each number of a table by what its row is called and the label of its column."""
    cells: dict[tuple[str, str], str] = {}
    for row in chart["rows"]:
        name = " · ".join(cell["shown"] for cell in row if not cell["is_number"])
        for column, cell in zip(chart["columns"], row, strict=True):
            if cell["is_number"]:
                cells[name, column["label"]] = cell["shown"]
    return cells
