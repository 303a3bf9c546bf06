"""Freezing a page: its charts and, of a report, its sentences, top posts, ads and cases."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import translation

from dashboards import live
from dashboards.documents.gathering import chapters
from dashboards.live import Drawn
from dashboards.measures import Measures
from dashboards.models import FrozenPage, Snapshot
from dashboards.moments import one_moment
from monitoring.models import Project


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
            language: _content(project, page, charts, language)
            for language, _name in settings.LANGUAGES
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


def chapters_in(snapshot: Snapshot, language: str) -> dict[str, Any]:
    """The frozen findings, top posts, ads and cases of a report; empty where there are none."""
    content = snapshot.content.get(language) or snapshot.content["en"]
    return dict(content.get("chapters", {}))


def _content(
    project: Project, page: str, charts: Sequence[int | str], language: str
) -> dict[str, Any]:
    with translation.override(language):
        measures = Measures(project)
        frozen: dict[str, Any] = {"charts": [_frozen(one) for one in live.drawn(measures, charts)]}
        if page == FrozenPage.REPORT:
            frozen["chapters"] = chapters(project, measures)
        # What JSON makes of lazy texts, dates and decimals, once and for all.
        content: dict[str, Any] = json.loads(json.dumps(frozen, default=str))
        return content


def _frozen(one: Drawn) -> dict[str, Any]:
    drawing = one.drawing
    return {
        "number": one.chart.number or one.chart.key,
        "platform": one.chart.platform,
        "caption": one.caption,
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
