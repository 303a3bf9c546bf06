"""The report for Word: headings, captions and tables that a lead can go on working with."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from dashboards.documents import headings
from dashboards.documents.content import CasePart, ChartPart, PostPart, Report, TablePart
from dashboards.documents.word_sheet import Sheet, clean
from dashboards.pictures import PAGE_WIDTH

CASE_WIDTH = 110.0


def write(report: Report, pictures: Mapping[int, bytes]) -> bytes:
    """The bytes of a .docx; ``pictures`` are PNG."""
    sheet = Sheet(report)
    _title_page(sheet, report)
    _contents(sheet, report)
    _findings(sheet, report)
    _charts(sheet, report, pictures)
    _top_posts(sheet, report)
    if report.advertising:
        sheet.heading(headings.ADVERTISING, 1)
        for part in report.advertising:
            _captioned(sheet, part)
    if report.cases:
        sheet.heading(headings.CASES, 1)
        for case in report.cases:
            _case(sheet, case)
    _annex(sheet, report)
    return sheet.save()


def _title_page(sheet: Sheet, report: Report) -> None:
    sheet.text(report.country, "Subtitle")
    sheet.text(report.title, "Title")
    sheet.text(report.period, "Subtitle")
    if report.notice:
        sheet.text(report.notice, "Card").runs[0].bold = True
    for word, value in report.facts:
        paragraph = sheet.text(f"{word}: ")
        paragraph.add_run(clean(value)).bold = True
        paragraph.paragraph_format.space_after = 0
    sheet.document.add_page_break()


def _contents(sheet: Sheet, report: Report) -> None:
    """Fields; the titles stand there until Word has counted the pages."""
    listed = [
        (headings.CONTENTS, 'TOC \\o "1-2" \\h \\z \\u', headings.chapters(report)),
        (headings.CHARTS, 'TOC \\h \\z \\c "Chart"', [one.caption for one in report.all_charts]),
    ]
    for title, instruction, lines in listed:
        sheet.text(title, "TOC Heading", stays=True)
        sheet.field(sheet.text(""), instruction, "\n".join(lines))


def _findings(sheet: Sheet, report: Report) -> None:
    sheet.heading(headings.FINDINGS, 1)
    if not report.findings:
        sheet.text(_("No findings are written yet."))
    for title, sentences in report.findings:
        sheet.heading(title, 2)
        for sentence in sentences:
            sheet.text(sentence, "List Bullet")


def _charts(sheet: Sheet, report: Report, pictures: Mapping[int, bytes]) -> None:
    before = 0
    for platform, parts in report.charts:
        sheet.heading(headings.charts_of(platform), 1)
        for part in parts:
            _caption(sheet, part, follows=before)
            _chart(sheet, part, pictures.get(part.number))
            before = part.number


def _caption(sheet: Sheet, part: ChartPart, *, follows: int) -> None:
    """Word counts the charts: one that a lead puts between moves the others on."""
    caption = sheet.text("", "Caption")
    before, number, after = clean(part.caption).partition(str(part.number))
    caption.add_run(before)
    if number:
        start = "" if part.number == follows + 1 else f" \\r {part.number}"
        sheet.field(caption, f"SEQ Chart \\* ARABIC{start}", number)
    caption.add_run(after)


def _chart(sheet: Sheet, part: ChartPart, png: bytes | None) -> None:
    if png:
        alternative = f"{part.caption}. {part.base}"
        sheet.picture(png, width=PAGE_WIDTH, alternative=alternative, stays=True)
    if part.heads:
        sheet.facts(part.heads, stays=True)
    if part.note:
        sheet.text(part.note, stays=True)
    sheet.text(part.base, "Small", stays=True)
    sheet.table(part.columns, part.rows)
    if part.more:
        sheet.text(part.more, "Small")


def _captioned(sheet: Sheet, part: TablePart) -> None:
    sheet.heading(part.caption, 2)
    sheet.table(part.columns, part.rows)
    if part.note:
        sheet.text(part.note, "Small")


def _top_posts(sheet: Sheet, report: Report) -> None:
    if report.top_posts:
        sheet.heading(headings.TOP_POSTS, 1)
    for title, posts in report.top_posts:
        sheet.heading(title, 2)
        for post in posts:
            _post(sheet, post)


def _post(sheet: Sheet, post: PostPart) -> None:
    sheet.text(f"#{post.rank} {post.author} · {post.published}", "Card Head")
    sheet.text(post.text, "Card", stays=True)
    if post.translation:
        sheet.text(_("Translation"), "Small", stays=True)
        sheet.text(post.translation, "Card", stays=True)
    sheet.facts(post.counters, stays=bool(post.address))
    if post.address:
        sheet.text(post.address, "Small")


def _case(sheet: Sheet, case: CasePart) -> None:
    sheet.heading(f"{case.label}: {case.title}", 2)
    sheet.text(case.kind, "Small", stays=True)
    for picture in case.pictures:
        alternative = picture.caption or case.title
        sheet.picture(picture.content, width=CASE_WIDTH, alternative=alternative, stays=True)
        if picture.caption:
            sheet.text(picture.caption, "Small")
    sheet.text(case.quote, "Card")
    if case.translation:
        sheet.text(_("Translation"), "Small", stays=True)
        sheet.text(case.translation, "Card")
    sheet.text(case.explanation)
    for pair in case.facts:
        sheet.facts([pair])


def _annex(sheet: Sheet, report: Report) -> None:
    sheet.heading(headings.METHODOLOGY, 1)
    for sentence in report.methodology:
        sheet.text(sentence, "List Bullet")
    if report.agreement:
        _captioned(sheet, report.agreement)
    sheet.heading(headings.ACTORS, 1)
    for part in report.actors:
        _captioned(sheet, part)
    if report.topics:
        sheet.heading(headings.TOPICS, 1)
        sheet.text(report.codebook)
        for topic in report.topics:
            sheet.text(topic, "List Bullet")
