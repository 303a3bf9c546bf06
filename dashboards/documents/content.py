"""What a report holds, gathered once, for every form in which it is written."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coding.models import Case, SampleRule
from coding.sampling import default_rule
from coding.services import evidence
from coding.services.agreement_tables import Line, Reliability
from coding.services.cases import ready_cases
from coding.services.codebooks import published_version
from coding.services.sample_rules import rule_in_words
from dashboards import live
from dashboards.charts import CHARTS
from dashboards.findings import findings_of
from dashboards.live import Drawn
from dashboards.measures import Measures
from dashboards.measures.base import moment_in_words
from dashboards.numbers import count
from dashboards.report.ads import Advertising, advertising
from dashboards.report.top_posts import TopPosts, top_posts
from monitoring.interactions import PLATFORMS
from monitoring.models import CountersRule, Post, Project

# A table of a hundred rows is no reading matter: the export has it whole.
MOST_ROWS = 40


@dataclass(frozen=True)
class ChartPart:
    """A chart: its caption, its figure (Plotly's, empty for a table), its table as shown."""

    number: int
    caption: str
    note: str
    figure: Mapping[str, Any]
    columns: list[tuple[str, bool]]
    rows: list[list[str]]
    left_out: int
    base: str


@dataclass(frozen=True)
class PostPart:
    """A top post as a card; ``counters`` are pairs of a word and a number."""

    rank: int
    author: str
    published: str
    text: str
    translation: str
    counters: list[tuple[str, str]]


@dataclass(frozen=True)
class CasePart:
    """An example, with the pictures that may be published."""

    number: int
    kind: str
    title: str
    quote: str
    translation: str
    explanation: str
    facts: list[tuple[str, str]]
    pictures: list[tuple[bytes, str]] = field(default_factory=list)


@dataclass(frozen=True)
class TablePart:
    """A table with its caption; a column is a word and whether it holds numbers."""

    caption: str
    columns: list[tuple[str, bool]]
    rows: list[list[str]]


@dataclass(frozen=True)
class Report:
    """The whole report in one language, as words; ``notice`` is the project's own, or empty."""

    language: str
    title: str
    country: str
    period: str
    moment: str
    notice: str
    findings: list[tuple[str, list[str]]]
    charts: list[tuple[str, list[ChartPart]]]
    top_posts: list[tuple[str, list[PostPart]]]
    advertising: list[TablePart]
    advertising_base: str
    cases: list[CasePart]
    methodology: list[str]
    agreement: TablePart | None
    actors: list[tuple[str, list[tuple[str, str]]]]
    topics: list[str]


def gather(project: Project, *, at: datetime.datetime) -> Report:
    """Everything a report prints, in the active language, as the database is now.

    ``at`` is the moment of its making, an aware time.
    """
    measures = Measures(project)
    background = measures.background
    period = background.period("entire")
    charts = [_chart(one) for one in live.drawn(measures, CHARTS)]
    ads = advertising(measures)
    return Report(
        language=_language(),
        title=project.name,
        country=project.country,
        period=f"{_day(period.start)} – {_day(period.end)}",
        moment=moment_in_words(at.astimezone(project.zone)),
        notice=project.localized_notice,
        findings=_findings(measures),
        charts=_by_platform(charts),
        top_posts=[_top(group, project) for group in _top_posts(project, measures)],
        advertising=_advertising(ads) if ads else [],
        advertising_base=ads.base.printed if ads else "",
        cases=[_case(case, measures) for case in ready_cases(project=project)],
        methodology=list(_methodology(project, measures)),
        agreement=_agreement(project),
        actors=_actors(measures),
        topics=_topics(project),
    )


def chapters(project: Project, measures: Measures) -> dict[str, Any]:
    """The chapters of words, as plain values that a snapshot can keep; without pictures.

    Nothing in them is about single monitors.
    """
    ads = advertising(measures)
    return {
        "findings": _findings(measures),
        "top_posts": [
            (title, [asdict(post) for post in posts])
            for title, posts in (_top(group, project) for group in _top_posts(project, measures))
        ],
        "advertising": [asdict(part) for part in _advertising(ads)] if ads else [],
        "advertising_base": ads.base.printed if ads else "",
        "cases": [
            asdict(replace(_case(case, measures), pictures=[]))
            for case in ready_cases(project=project)
        ],
    }


def _findings(measures: Measures) -> list[tuple[str, list[str]]]:
    """Those that are whole: one with a gap is not fit to be published."""
    return [
        (section.title, whole)
        for section in findings_of(measures)
        if (whole := [one.text for one in section.sentences if one.is_whole])
    ]


def _language() -> str:
    return get_language() or "en"


def _day(day: datetime.date) -> str:
    return date_format(day, "j E Y")


def _chart(one: Drawn) -> ChartPart:
    drawing = one.drawing
    return ChartPart(
        number=one.chart.number,
        caption=one.chart.caption,
        note=one.note,
        figure=drawing.figure,
        columns=[(capfirst(str(column.label)), column.is_number) for column in drawing.columns],
        rows=[[cell.shown for cell in row] for row in drawing.rows[:MOST_ROWS]],
        left_out=max(0, len(drawing.rows) - MOST_ROWS),
        base=str(drawing.base),
    )


def _by_platform(charts: list[ChartPart]) -> list[tuple[str, list[ChartPart]]]:
    platforms: dict[str, list[ChartPart]] = {}
    for part in charts:
        platforms.setdefault(CHARTS[part.number].platform, []).append(part)
    return [(PLATFORMS[key].name, found) for key, found in platforms.items()]


def _top_posts(project: Project, measures: Measures) -> list[TopPosts]:
    return top_posts(project=project, language=_language(), background=measures.background)


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
            )
            for rank, post in enumerate(group.posts, start=1)
        ],
    )


def _counters(post: Post) -> Iterator[tuple[str, str]]:
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


def _advertising(ads: Advertising) -> list[TablePart]:
    spent = f"{_('Spent')}, {ads.currency}" if ads.currency else _("Spent")
    return [
        TablePart(
            _("All advertisers together"),
            [(_("Ads"), True), (spent, True), (_("Advertisers"), True)],
            [[ads.ads, ads.spend, count(ads.advertisers)]],
        ),
        TablePart(
            _("Advertisers by amount spent"),
            [(_("Advertiser"), False), (spent, True), (_("Ads"), True)],
            [[row["name"], row["spend"], row["ads"]] for row in ads.largest],
        ),
        TablePart(
            _("Candidates by number of ads, all pages of one together"),
            [(_("Candidate"), False), (_("Ads"), True), (spent, True)],
            [[row["name"], row["ads"], row["spend"]] for row in ads.candidates],
        ),
    ]


def _case(case: Case, measures: Measures) -> CasePart:
    facts = [
        (_("Against"), _whom(case.target, case.target_in_words)),
        (_("In favour of"), _whom(case.beneficiary, case.beneficiary_in_words)),
        (_("Severity"), str(case.get_severity_display())),
        *(
            (
                str(PLATFORMS[post.platform].name),
                f"{post.account.name}, {_day(post.published_at.astimezone(case.project.zone))}",
            )
            for post in case.posts.all()
        ),
        *((str(link.get_kind_display()), link.title or link.url) for link in case.links.all()),
    ]
    return CasePart(
        number=case.number,
        kind=str(measures.background.flag_label(case.kind)),
        title=case.title,
        quote=case.quote,
        translation=case.translation,
        explanation=case.explanation,
        facts=[(word, value) for word, value in facts if value],
        pictures=[
            (evidence.path_of(picture.published_sha256).read_bytes(), picture.caption)
            for picture in case.screenshots.all()
            if picture.published_sha256
        ],
    )


def _whom(actor: object, words: str) -> str:
    return ", ".join(filter(None, [str(actor) if actor else "", words]))


def _methodology(project: Project, measures: Measures) -> Iterator[str]:
    background = measures.background
    for period in background.periods.values():
        yield _("%(period)s: %(start)s – %(end)s (%(days)s days), on the clock of %(zone)s.") % {
            "period": period.label,
            "start": _day(period.start),
            "end": _day(period.end),
            "days": period.days,
            "zone": project.timezone,
        }
    if project.counters_rule == CountersRule.STABILISED:
        yield ngettext(
            "The counters of a post are those read %(days)s day after its publication.",
            "The counters of a post are those read %(days)s days after its publication.",
            project.stabilisation_days,
        ) % {"days": project.stabilisation_days}
    else:
        yield _("The counters of a post are the latest that were read.")
    rules = {row.category_id: row.rule for row in SampleRule.objects.of(project)}
    for category in project.categories.all():
        rule = rules.get(category.pk) or default_rule(is_political=category.is_political)
        yield f"{category.label}: {rule_in_words(rule)}."
    if version := published_version(project=project):
        yield _("Codebook: %(name)s, version %(number)s.") % {
            "name": version.codebook.name,
            "number": version.number,
        }


def _agreement(project: Project) -> TablePart | None:
    lines = [line for line in Reliability(project).lines() if line.agreement.units]
    if not lines:
        return None
    return TablePart(
        _("Agreement between monitors"),
        [
            (_("Variable"), False),
            (_("Posts"), True),
            (_("Equal answers"), True),
            (_("Krippendorff's alpha"), True),
            (_("95 percent interval"), True),
        ],
        [_agreement_row(line) for line in lines],
    )


def _agreement_row(line: Line) -> list[str]:
    found = line.agreement
    known = found.alpha is not None and found.low is not None and found.high is not None
    return [
        str(line.label),
        count(found.units),
        "–" if found.percent is None else f"{100 * found.percent:.1f}%",
        _("undefined") if found.alpha is None else f"{found.alpha:.2f}",
        f"{found.low:.2f} – {found.high:.2f}" if known else "–",
    ]


def _actors(measures: Measures) -> list[tuple[str, list[tuple[str, str]]]]:
    """By category: each actor with its accounts in words."""
    directory = measures.background.directory
    accounts: dict[int, list[str]] = {}
    for account in directory.accounts.values():
        words = f"{PLATFORMS[account.platform].name}: {account.handle or account.name}"
        accounts.setdefault(account.actor.id, []).append(words)
    return [
        (
            str(label),
            [
                (actor.name, "; ".join(accounts.get(actor.id, [])))
                for actor in directory.actors.values()
                if actor.category == key
            ],
        )
        for key, label in measures.background.category_labels.items()
    ]


def _topics(project: Project) -> list[str]:
    version = published_version(project=project)
    return [str(topic.label) for topic in version.topics.all()] if version else []
