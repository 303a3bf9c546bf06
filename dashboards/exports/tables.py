"""What can be exported: the columns and rows of each table.

Rows are read as a stream, so that a table may be larger than the memory. Times are ISO 8601 in UTC,
``day`` is that of the project's zone. Texts are as they came: making them safe is for the format.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Prefetch
from django.db.models.functions import TruncDate

from coding.models import Coding, CodingKind, ExtraAnswer, Flag, Mention
from coding.reliability import Breakdown
from coding.services.agreement_tables import Reliability
from dashboards import live
from dashboards.charts import CHARTS
from dashboards.measures import Measures
from dashboards.models import TakenDown
from dashboards.report.single_ads import single_ads
from monitoring.interactions import COUNTERS
from monitoring.models import AdReportLine, Post, Project

AT_ONCE = 2_000  # rows that are in memory
TEXTS = ("text", "link", "link_text", "link_description", "image_text", "media_url", "sponsor")

Row = list[Any]


class Table(NamedTuple):
    """A table of a project; ``size`` says how many rows ``rows`` will give."""

    columns: list[str]
    size: Callable[[], int]
    rows: Callable[[], Iterator[Row]]


def table_of(project: Project, what: str, *, withheld: Collection[int] = ()) -> Table:
    """The table of a name in TABLES; that of codings without those of the ``withheld`` posts."""
    return _codings(project, withheld) if what == "codings" else TABLES[what](project)


def _posts(project: Project) -> Table:
    own = ["id", "platform", "native_id", "type", "language", "published_at"]
    account = {
        "account": "account__name",
        "account_native_id": "account__native_id",
        "account_handle": "account__handle",
        "account_state": "account__state",
        "actor": "account__actor__name",
        "category": "account__actor__category__key",
    }
    counted = [*COUNTERS, "reactions", "interactions", "followers", "counted_at", "is_provisional"]
    columns = [*own, "day", *account, "url", *TEXTS, *counted]
    rows = (
        Post.objects.of(project)
        .annotate(day=TruncDate("published_at", tzinfo=project.zone))
        .order_by("id")
        .values_list(*own, "day", *account.values(), "url", *TEXTS, *counted)
    )
    return Table(columns, rows.count, lambda: map(list, rows.iterator(AT_ONCE)))


CODING_COLUMNS = [
    "post",
    "platform",
    "native_id",
    "url",
    "coder",
    "kind",
    "codebook_version",
    "made_at",
    "seconds",
    "comment",
    "topics",
    "mentions",
    "flags",
    "quotes",
    "translations",
    "extra_answers",
    "counts",
    "chain_number",
    "hash",
]


def _codings(project: Project, withheld: Collection[int] = ()) -> Table:
    """What each person answers now: a row per person and post. ``counts``: it is the final one."""
    found = (
        Coding.objects.of(project)
        .exclude(kind__in=[CodingKind.WITHDRAWAL, CodingKind.REVERSAL])
        .exclude(post__in=withheld)
        .current()
        .select_related("coder", "version")
        .annotate(
            platform=F("post__platform"),
            native_id=F("post__native_id"),
            url=F("post__url"),
            final=F("post__final_coding__coding"),
        )
        .prefetch_related(
            "topics",
            Prefetch("mentions", Mention.objects.select_related("actor", "tone")),
            Prefetch("flags", Flag.objects.select_related("kind")),
            Prefetch("extra_answers", ExtraAnswer.objects.select_related("question")),
        )
        .order_by("chain_number")
    )
    return Table(
        CODING_COLUMNS, found.count, lambda: map(_coding_row, found.iterator(chunk_size=AT_ONCE))
    )


def _coding_row(coding: Any) -> Row:
    flags = sorted(coding.flags.all(), key=lambda flag: flag.kind.key)
    mentions = sorted(coding.mentions.all(), key=lambda mention: mention.actor.name)
    return [
        coding.post_id,
        coding.platform,
        coding.native_id,
        coding.url,
        coding.coder.get_username(),
        coding.kind,
        coding.version.number,
        coding.made_at,
        coding.seconds,
        coding.reason,
        sorted(topic.key for topic in coding.topics.all()),
        [f"{mention.actor.name}: {mention.tone.key}" for mention in mentions],
        [flag.kind.key for flag in flags],
        [flag.quote for flag in flags],
        [flag.translation for flag in flags],
        sorted(f"{row.question.key}: {row.value}" for row in coding.extra_answers.all()),
        coding.pk == coding.final,
        coding.chain_number,
        coding.hash,
    ]


AD_COLUMNS = [
    "kind",
    "page_id",
    "advertiser",
    "actor",
    "country",
    "location",
    "disclaimer",
    "starts_on",
    "ends_on",
    "ads",
    "currency",
    "spend_lower",
    "spend_upper",
    "impressions_lower",
    "impressions_upper",
    "native_id",
    "text",
    "platforms",
    "status",
    "taken_down",
]


def _ads(project: Project) -> Table:
    """Lines of Ad Library reports, then single ads; what a kind does not have is missing.

    ``taken_down`` is the reason that the library gives, for an ad or all ads of a page.
    """
    lines = AdReportLine.objects.of(project).select_related("advertiser__actor").order_by("id")
    single = single_ads(project).order_by("id")
    noted = TakenDown.objects.of(project).filter(ad=None)
    of_pages = dict(noted.values_list("advertiser", "reason"))

    def rows() -> Iterator[Row]:
        for line in lines.iterator(AT_ONCE):
            advertiser, actor = _advertiser(line)
            yield [
                *[line.kind, *advertiser, actor, line.country, line.location, line.disclaimer],
                *[line.covers_from, line.covers_to, line.ads],
                *[line.currency, line.spend_lower, line.spend_upper, None, None, None, None],
                *[None, None, of_pages.get(line.advertiser_id or 0)],
            ]
        for ad in single.iterator(AT_ONCE):
            advertiser, actor = _advertiser(ad)
            yield [
                *["ad", *advertiser, actor, None, None, ad.disclaimer],
                *[ad.starts_on, ad.ends_on, 1],
                *[ad.currency, ad.spend_lower, ad.spend_upper],
                *[ad.impressions_lower, ad.impressions_upper, ad.native_id, ad.text],
                *[ad.platforms, ad.status, ad.reason],
            ]

    return Table(AD_COLUMNS, lambda: lines.count() + single.count(), rows)


def _advertiser(row: Any) -> tuple[list[str | None], str | None]:
    if row.advertiser is None:
        return [None, None], None
    actor = row.advertiser.actor
    return [row.advertiser.page_id, row.advertiser.name], actor.name if actor else None


AGREEMENT_COLUMNS = [
    *("variable", "by", "part", "label", "scale", "units", "pairs", "coders", "alpha", "low"),
    *("high", "percent", "percent_of_pairs", "ac1", "verdict", "reason", "weighted"),
]


def _agreement(project: Project) -> Table:
    """A row per variable, then one per answer, actor, pair of monitors and week of each."""
    found = Reliability(project)
    rows: list[Row] = []
    for variable in found.words.variables():
        parts = {"": [found.line(variable)], "answer": found.parts(variable)}
        parts |= {str(by): found.breakdown(variable, by) for by in Breakdown}
        for by, lines in parts.items():
            for line in lines:
                told = line.as_json() | {"variable": variable.key, "by": by}
                told["part"] = line.key if by else ""
                rows.append([told[column] for column in AGREEMENT_COLUMNS])
    return Table(AGREEMENT_COLUMNS, lambda: len(rows), lambda: iter(rows))


def _figures(project: Project) -> Table:
    """Every number of the report's charts, one cell a row, with the base it rests on."""
    drawn = live.drawn(Measures(project), CHARTS)
    cells = [
        [
            one.chart.number,
            one.caption,
            " · ".join(cell.shown for cell in row if not cell.is_number),
            column.key,
            cell.value,
            cell.shown,
            one.drawing.base.printed,
        ]
        for one in drawn
        for row in one.drawing.rows
        for column, cell in zip(one.drawing.columns, row, strict=True)
        if cell.is_number
    ]
    columns = ["chart", "caption", "row", "column", "value", "printed", "base"]
    return Table(columns, lambda: len(cells), lambda: iter(cells))


TABLES: dict[str, Callable[[Project], Table]] = {
    "posts": _posts,
    "codings": _codings,
    "ads": _ads,
    "agreement": _agreement,
    "figures": _figures,
}
