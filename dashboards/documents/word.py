"""The report for Word: headings, captions and tables that a lead can go on working with."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from dashboards.documents import headings
from dashboards.documents.content import CasePart, ChartPart, PostPart, Report, TablePart
from dashboards.pictures import PAGE_WIDTH

LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "ky": "ky-KG"}
FONT = "Calibri"
ACCENT = RGBColor(0x0D, 0x5C, 0x6B)
MUTED = RGBColor(0x5B, 0x64, 0x6D)
# XML 1.0 has no place for them, escaped or not; posts hold them all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(report: Report, pictures: Mapping[int, bytes]) -> bytes:
    """The bytes of a .docx; ``pictures`` are PNG."""
    word = _Word(report)
    word.title_page()
    word.contents()
    word.findings()
    for platform, charts in report.charts:
        word.heading(f"{headings.CHARTS}: {platform}", 1)
        for part in charts:
            word.chart(part, pictures.get(part.number))
    word.top_posts()
    word.advertising()
    word.cases()
    word.methodology()
    word.lists()
    out = io.BytesIO()
    word.document.save(out)
    return out.getvalue()


class _Word:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.document: WordDocument = Document()
        self._set_up()

    # The frame ----------------------------------------------------------------------------------

    def _set_up(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm((210 - PAGE_WIDTH) / 2)
        section.top_margin = section.bottom_margin = Mm(22)
        properties = self.document.core_properties
        properties.title, properties.subject = _clean(self.report.title), _clean(self.report.period)
        properties.language = LANGUAGES.get(self.report.language, "en-GB")
        properties.author = ""
        styles: Any = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(10.5)
        fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:cs"):
            fonts.set(qn(kind), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), properties.language)
        normal.element.get_or_add_rPr().append(language)
        for level, size in ((1, 18), (2, 13), (3, 11)):
            heading = styles[f"Heading {level}"]
            heading.font.name, heading.font.size = FONT, Pt(size)
            heading.font.color.rgb = ACCENT
            heading.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:ascii"), FONT)
        styles["Caption"].font.size = Pt(10)
        styles["Caption"].font.color.rgb = ACCENT
        # Word fills in the page numbers of the contents when it opens the file.
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        self.document.settings.element.append(update)
        footer = section.footer.paragraphs[0]
        footer.add_run(_clean(self.report.notice))
        footer.add_run("\t\t")
        _field(footer, "PAGE", "1")
        for run in footer.runs:
            run.font.size = Pt(8)

    def heading(self, text: object, level: int) -> None:
        self.document.add_heading(_clean(str(text)), level)

    def text(self, text: str, *, style: str = "Normal", muted: bool = False) -> Paragraph:
        """A paragraph; the lines of a text stay lines."""
        paragraph = self.document.add_paragraph(style=style)
        run = paragraph.add_run(_clean(text))
        if muted:
            run.font.color.rgb, run.font.size = MUTED, Pt(8.5)
        return paragraph

    def title_page(self) -> None:
        report = self.report
        self.document.add_paragraph(_clean(report.country), style="Subtitle")
        self.document.add_paragraph(_clean(report.title), style="Title")
        self.text(report.period)
        self.text(report.moment, muted=True)
        if report.notice:
            self.text(report.notice).runs[0].bold = True
        self.document.add_page_break()

    def contents(self) -> None:
        self.text(str(headings.CONTENTS)).runs[0].bold = True
        # What stands here until Word has counted the pages.
        chapters = [str(heading) for heading in self._chapters()]
        _field(self.document.add_paragraph(), 'TOC \\o "1-2" \\h \\z \\u', "\n".join(chapters))
        self.document.add_page_break()

    def _chapters(self) -> list[object]:
        report = self.report
        return [
            headings.FINDINGS,
            *(f"{headings.CHARTS}: {platform}" for platform, _charts in report.charts),
            headings.TOP_POSTS,
            *([headings.ADVERTISING] if report.advertising else []),
            *([headings.CASES] if report.cases else []),
            headings.METHODOLOGY,
            headings.ACTORS,
            *([headings.TOPICS] if report.topics else []),
        ]

    # The chapters -------------------------------------------------------------------------------

    def findings(self) -> None:
        self.heading(headings.FINDINGS, 1)
        if not self.report.findings:
            self.text(_("No findings are written yet."))
        for title, sentences in self.report.findings:
            self.heading(title, 2)
            for sentence in sentences:
                self.text(sentence, style="List Bullet")

    def chart(self, part: ChartPart, png: bytes | None) -> None:
        caption = self.document.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        before, number, after = _clean(part.caption).partition(str(part.number))
        caption.add_run(before)
        if number:
            _field(caption, f"SEQ Chart \\* ARABIC \\r {part.number}", number)
        caption.add_run(after)
        if png:
            picture = self.document.add_picture(io.BytesIO(png), width=Mm(PAGE_WIDTH))
            properties = picture._inline.docPr
            properties.set("descr", _clean(f"{part.caption}. {part.base}"))
            properties.set("title", _clean(part.caption))
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        if part.note:
            self.text(part.note)
        self.text(part.base, muted=True)
        self.table(part.columns, part.rows)
        if part.left_out:
            self.text(
                _("%(rows)s more rows are in the export.") % {"rows": part.left_out}, muted=True
            )

    def table(self, columns: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> None:
        table = self.document.add_table(rows=1, cols=len(columns), style="Light List Accent 1")
        table.autofit = True
        cells = zip(table.rows[0].cells, columns, strict=True)
        for cell, (label, is_number) in cells:
            _fill(cell, label, right=is_number)
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in rows:
            for cell, value, (_label, is_number) in zip(
                table.add_row().cells, row, columns, strict=True
            ):
                _fill(cell, value, right=is_number)
        self.document.add_paragraph()

    def top_posts(self) -> None:
        self.heading(headings.TOP_POSTS, 1)
        for title, posts in self.report.top_posts:
            self.heading(title, 2)
            for post in posts:
                self.post(post)

    def post(self, post: PostPart) -> None:
        head = self.text(f"#{post.rank} {post.author}")
        head.runs[0].bold = True
        head.add_run(f" · {post.published}").font.color.rgb = MUTED
        head.paragraph_format.keep_with_next = True
        self.text(post.text, style="Quote")
        if post.translation:
            self.text(post.translation)
        self.text(" · ".join(f"{word}: {value}" for word, value in post.counters), muted=True)

    def advertising(self) -> None:
        if not self.report.advertising:
            return
        self.heading(headings.ADVERTISING, 1)
        for part in self.report.advertising:
            self.captioned(part)
        self.text(self.report.advertising_base, muted=True)

    def captioned(self, part: TablePart) -> None:
        self.heading(part.caption, 2)
        self.table(part.columns, part.rows)

    def cases(self) -> None:
        if not self.report.cases:
            return
        self.heading(headings.CASES, 1)
        for case in self.report.cases:
            self.case(case)

    def case(self, case: CasePart) -> None:
        label = _("Example %(number)s") % {"number": case.number}
        self.heading(f"{label}: {case.title}", 2)
        self.text(case.kind, muted=True)
        for content, caption in case.pictures:
            picture = self.document.add_picture(io.BytesIO(content), width=Mm(110))
            picture._inline.docPr.set("descr", _clean(caption or case.title))
            if caption:
                self.text(caption, muted=True)
        self.text(case.quote, style="Quote")
        for text in filter(None, [case.translation, case.explanation]):
            self.text(text)
        self.text(" · ".join(f"{word}: {value}" for word, value in case.facts), muted=True)

    def methodology(self) -> None:
        self.heading(headings.METHODOLOGY, 1)
        for sentence in self.report.methodology:
            self.text(sentence, style="List Bullet")
        if self.report.agreement:
            self.captioned(self.report.agreement)

    def lists(self) -> None:
        self.heading(headings.ACTORS, 1)
        for category, actors in self.report.actors:
            if actors:
                self.heading(category, 2)
                self.table([(_("Actor"), False), (_("Accounts"), False)], actors)
        if self.report.topics:
            self.heading(headings.TOPICS, 1)
            for topic in self.report.topics:
                self.text(topic, style="List Bullet")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _fill(cell: Any, text: str, *, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(_clean(text)).font.size = Pt(8.5)


def _field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field that Word computes; ``shown`` stands there until it does."""
    for kind in ("begin", "separate", "end"):
        if kind == "end":
            paragraph.add_run(shown)
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            paragraph.add_run()._r.append(text)
