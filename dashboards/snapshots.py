"""Freezing a page: its charts and, of a report, its sentences, top posts, ads, cases and method."""

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

from coding.services import evidence
from dashboards import live
from dashboards.documents.gathering import chapters
from dashboards.findings.names import names_in_language
from dashboards.live import Drawn
from dashboards.measures import Measures
from dashboards.models import FrozenPage, FrozenPicture, Snapshot
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
    """Keep what a page shows now, in every language, with the pictures of its examples.

    Raises OSError where a picture is gone from the disk.
    """
    with one_moment():
        revision = live.revision_of(project)
        content = {
            language: _content(project, page, charts, language)
            for language, _name in settings.LANGUAGES
        }
    with transaction.atomic():
        _keep_pictures(project, content["en"])
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


def pictures_in(content: dict[str, Any]) -> dict[str, str]:
    """The pictures of a snapshot's content in one language: kind by SHA-256."""
    return {
        picture["sha256"]: picture["media_type"]
        for case in content.get("chapters", {}).get("cases", [])
        for picture in case["pictures"]
    }


def picture_of(snapshot: Snapshot, digest: str) -> FrozenPicture | None:
    """A picture that the snapshot shows; None of any other."""
    if digest not in pictures_in(snapshot.content["en"]):
        return None
    return FrozenPicture.objects.of(snapshot.project).filter(sha256=digest).first()


def _keep_pictures(project: Project, content: dict[str, Any]) -> None:
    """A copy of each: the case may be changed, or its picture covered anew."""
    FrozenPicture.objects.bulk_create(
        [
            FrozenPicture(
                project=project,
                sha256=digest,
                media_type=media_type,
                content=evidence.path_of(digest).read_bytes(),
            )
            for digest, media_type in pictures_in(content).items()
        ],
        ignore_conflicts=True,
    )


def _content(
    project: Project, page: str, charts: Sequence[int | str], language: str
) -> dict[str, Any]:
    with translation.override(language):
        measures = Measures(project)
        measures.spoken = names_in_language(measures.background.directory, language)
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
        "note": one.note,
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
        "base": drawing.base.printed,
    }
