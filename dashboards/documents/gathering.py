"""Gathering a report from what its page shows: findings, charts, top posts, advertising."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coding.services.codebooks import published_version
from dashboards import live
from dashboards.charts import CHARTS
from dashboards.documents import annex
from dashboards.documents.advertising import tables_of
from dashboards.documents.cases import case_parts
from dashboards.documents.content import ChartPart, Pair, PostPart, Report, TablePart
from dashboards.documents.title_page import facts_of
from dashboards.findings import findings_of
from dashboards.findings.names import names_in_language
from dashboards.live import Drawn
from dashboards.measures import Measures
from dashboards.numbers import count
from dashboards.report.ads import advertising
from dashboards.report.top_posts import TopPosts, top_posts
from monitoring.interactions import PLATFORMS
from monitoring.models import Post, Project

# A table of hundreds of rows is no reading matter: the export has it whole.
MOST_ROWS = 100


def gather(project: Project, *, at: datetime.datetime) -> Report:
    """Everything a report prints, in the active language, as the database is now.

    ``at`` is the moment of its making, an aware time.
    """
    measures = Measures(project)
    background = measures.background
    language = get_language() or "en"
    measures.spoken = names_in_language(background.directory, language)
    period = background.period("entire")
    version = published_version(project=project)
    ads = advertising(measures)
    groups = top_posts(project=project, language=language, background=background)
    agreed = annex.agreement(project)
    return Report(
        language=language,
        title=project.name,
        country=project.country,
        period=annex.days_of(period),
        notice=project.localized_notice,
        facts=list(facts_of(measures, at=at)),
        made_at=at,
        findings=_findings(measures),
        charts=_by_platform([_chart(one) for one in live.drawn(measures, CHARTS)]),
        top_posts=[_top(group, project) for group in groups],
        advertising=list(tables_of(ads)) if ads else [],
        cases=case_parts(project, measures),
        methodology=_method(project, measures, agreed),
        agreement=agreed,
        actors=annex.actors(measures, measures.spoken),
        codebook=annex.codebook(version),
        topics=annex.topics(version),
    )


def _chart(one: Drawn) -> ChartPart:
    drawing = one.drawing
    left_out = max(0, len(drawing.rows) - MOST_ROWS)
    return ChartPart(
        number=one.chart.number,
        caption=one.caption,
        note=one.note,
        heads=[
            (str(head.label), f"{head.shown} ({head.exact})" if head.exact else head.shown)
            for head in drawing.heads
        ],
        figure=drawing.figure,
        columns=[(capfirst(str(column.label)), column.is_number) for column in drawing.columns],
        rows=[[cell.shown for cell in row] for row in drawing.rows[:MOST_ROWS]],
        more=_("%(rows)s more rows are in the export.") % {"rows": left_out} if left_out else "",
        base=drawing.base.printed.replace("n = ", "n\u00a0=\u00a0"),
    )


def _by_platform(charts: list[ChartPart]) -> list[tuple[str, list[ChartPart]]]:
    platforms: dict[str, list[ChartPart]] = {}
    for part in charts:
        platforms.setdefault(CHARTS[part.number].platform, []).append(part)
    return [(PLATFORMS[key].name, found) for key, found in platforms.items()]


def _top(group: TopPosts, project: Project) -> tuple[str, list[PostPart]]:
    return (
        f"{group.platform_name} | {group.category.label}",
        [
            PostPart(
                rank=rank,
                author=post.account.name,
                published=date_format(post.published_at.astimezone(project.zone), "j E Y, H:i"),
                text=post.text or post.link_text,
                translation=group.translations.get(post.pk, ""),
                counters=list(_counters(post)),
                address=project.address_of(post.url),
            )
            for rank, post in enumerate(group.posts, start=1)
        ],
    )


def _counters(post: Post) -> Iterator[Pair]:
    has_reactions = post.platform == "facebook"
    shown = [
        (_("Interactions"), post.interactions),
        (_("Reactions"), post.reactions) if has_reactions else (_("Likes"), post.likes),
        (_("Comments"), post.comments),
        (_("Shares"), post.shares),
        (_("Views"), post.views),
        (_("Total views"), post.views_total),
    ]
    for label, value in shown:
        if value is not None:
            yield label, count(value)


def chapters(project: Project, measures: Measures) -> dict[str, Any]:
    """The chapters of words, as plain values that a snapshot can keep.

    Pictures are told by their hash, kind and caption: their bytes are kept beside. Nothing in them
    is about single monitors. Raises OSError where a picture is gone from the disk.
    """
    background = measures.background
    groups = top_posts(project=project, language=get_language() or "en", background=background)
    ads, agreed = advertising(measures), annex.agreement(project)
    return {
        "findings": _findings(measures),
        "top_posts": [
            (title, [asdict(post) for post in posts])
            for title, posts in (_top(group, project) for group in groups)
        ],
        "advertising": [asdict(part) for part in tables_of(ads)] if ads else [],
        "cases": [
            asdict(replace(case, pictures=[]))
            | {
                "pictures": [
                    {"sha256": one.sha256, "media_type": one.media_type, "caption": one.caption}
                    for one in case.pictures
                ]
            }
            for case in case_parts(project, measures)
        ],
        "methodology": _method(project, measures, agreed),
        "agreement": asdict(agreed) if agreed else None,
    }


def _method(project: Project, measures: Measures, agreed: TablePart | None) -> list[str]:
    said = list(annex.methodology(project, measures))
    return said if agreed else [*said, annex.without_agreement()]


def _findings(measures: Measures) -> list[tuple[str, list[str]]]:
    """Those that are whole: one with a gap is not fit to be published."""
    return [
        (section.title, whole)
        for section in findings_of(measures)
        if (whole := [one.text for one in section.sentences if one.is_whole])
    ]
