"""The paper of the Word document: its styles, paragraphs, tables and fields.

Looks are styles, so that a lead changes all captions, cards or tables at once.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from dashboards.documents.content import Column, Pair, Report
from dashboards.pictures import PAGE_WIDTH

LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "ky": "ky-KG"}
FONT = "Calibri"
ACCENT = RGBColor(0x0D, 0x5C, 0x6B)
MUTED = RGBColor(0x5B, 0x64, 0x6D)
CELL = "Table Text"
# Wide enough for DejaVu too, which stands in where Calibri is missing.
NARROWEST, CELL_MARGINS, LETTER_WIDTH = 14.0, 4.5, 2.2
# A table that fits on a page stands on one; a longer one breaks, between rows.
MOST_ROWS_TOGETHER = 24
# XML 1.0 has no place for them, escaped or not; posts hold them all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The first moment that a ZIP can tell: the same data gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
  <w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>
  <w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr><w:tblBorders>
    <w:bottom w:val="single" w:sz="4" w:color="DDDAD3"/>
    <w:insideH w:val="single" w:sz="4" w:color="DDDAD3"/>
  </w:tblBorders></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
    <w:bottom w:val="single" w:sz="8" w:color="0D5C6B"/>
  </w:tcBorders></w:tcPr></w:tblStylePr>
</w:style>"""
_CARD_BORDER = f"""
<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="12" w:space="8" w:color="0D5C6B"/></w:pBdr>"""


def clean(text: object) -> str:
    return _FORBIDDEN.sub("", str(text))


class Sheet:
    """A document on A4 in the report's language, empty but for its footer."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.document: WordDocument = Document()
        self._set_page()
        self._set_properties()
        self._set_styles()
        self._set_footer()

    def save(self) -> bytes:
        """The file; packed anew, for python-docx notes the time of day in it."""
        made, packed = io.BytesIO(), io.BytesIO()
        self.document.save(made)
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w") as target:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, _NO_TIME)
                target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    # Paragraphs ---------------------------------------------------------------------------------

    def heading(self, text: object, level: int) -> None:
        self.document.add_heading(clean(text), level)

    def text(self, text: object, style: str = "Normal", *, stays: bool = False) -> Paragraph:
        """A paragraph; the lines of a text stay lines. ``stays`` on the page of the next."""
        paragraph = self.document.add_paragraph(clean(text), style=style)
        paragraph.paragraph_format.keep_with_next = stays or None
        return paragraph

    def facts(self, pairs: Sequence[Pair], *, stays: bool = False) -> None:
        self.text(" · ".join(f"{word}: {value}" for word, value in pairs), "Small", stays=stays)

    def picture(self, content: bytes, *, width: float, alternative: str, stays: bool) -> None:
        """``width`` in millimetres; ``alternative`` is read to whoever cannot see it."""
        shape = self.document.add_picture(io.BytesIO(content), width=Mm(width))
        properties = shape._inline.docPr
        properties.set("descr", clean(alternative))
        self.document.paragraphs[-1].paragraph_format.keep_with_next = stays

    def field(self, paragraph: Paragraph, instruction: str, shown: str) -> None:
        """A field that Word computes; ``shown`` stands there until it does."""
        for kind in ("begin", "separate", "end"):
            if kind == "end":
                paragraph.add_run(clean(shown))
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            paragraph.add_run()._r.append(mark)
            if kind == "begin":
                text = OxmlElement("w:instrText")
                text.set(qn("xml:space"), "preserve")
                text.text = f" {instruction} "
                paragraph.add_run()._r.append(text)

    # Tables -------------------------------------------------------------------------------------

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Its first row comes again on each page; numbers stand to the right."""
        table = self.document.add_table(rows=0, cols=len(columns), style="Report Table")
        table.autofit = False
        widths = _widths(columns, rows)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        lines = [[label for label, _is_number in columns], *rows]
        for place, cells in enumerate(lines):
            stays = place == 0 or (len(lines) <= MOST_ROWS_TOGETHER and place < len(lines) - 1)
            table._tbl.append(_row(cells, columns, widths, is_head=place == 0, stays=stays))
        self.text("", "Small")

    # The frame ----------------------------------------------------------------------------------

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm((210 - PAGE_WIDTH) / 2)
        section.top_margin = section.bottom_margin = Mm(22)
        # Word fills in the page numbers of the contents when it opens the file.
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        self.document.settings.element.append(update)

    def _set_properties(self) -> None:
        report, properties = self.report, self.document.core_properties
        properties.title, properties.subject = clean(report.title), clean(report.period)
        properties.language = LANGUAGES.get(report.language, "en-GB")
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = report.made_at

    def _set_styles(self) -> None:
        styles: Any = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(10.5)
        normal.paragraph_format.space_after = Pt(6)
        look = normal.element.get_or_add_rPr()
        for kind in ("w:eastAsia", "w:cs"):
            look.get_or_add_rFonts().set(qn(kind), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGES.get(self.report.language, "en-GB"))
        look.append(language)
        for name, size in (("Title", 28), ("Heading 1", 18), ("Heading 2", 13), ("Caption", 10.5)):
            _restyle(styles[name], size)
        chapter = styles["Heading 1"].paragraph_format
        chapter.page_break_before, chapter.space_before = True, Pt(0)
        styles["Caption"].paragraph_format.keep_with_next = True
        _restyle(styles["Subtitle"], 14, MUTED)
        styles["TOC Heading"].paragraph_format.page_break_before = False
        for name, size in (("Small", 8.5), ("Card Head", 10.5), ("Card", 10.5), (CELL, 8.5)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style, style.font.size = normal, Pt(size)
        styles["Small"].font.color.rgb = MUTED
        in_cells = styles[CELL].paragraph_format
        in_cells.space_before = in_cells.space_after = Pt(1.5)
        in_cells.line_spacing = 1
        styles["Card Head"].font.bold = True
        styles["Card Head"].paragraph_format.keep_with_next = True
        styles["Card"].element.get_or_add_pPr().append(parse_xml(_CARD_BORDER))
        styles.element.append(parse_xml(_TABLE_STYLE))

    def _set_footer(self) -> None:
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.style = self.document.styles["Small"]
        stops = footer.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(PAGE_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        footer.add_run(f"{clean(self.report.notice)}\t")
        self.field(footer, "PAGE", "1")


def _restyle(style: Any, size: float, colour: RGBColor = ACCENT) -> None:
    """In our font and colour; what the theme of the template says of them is taken away."""
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """Numbers take what their longest word needs, columns of words share the rest."""
    needed = [
        _needed(part for line in [label, *(row[place] for row in rows)] for part in line.split(" "))
        if is_number
        else 0.0
        for place, (label, is_number) in enumerate(columns)
    ]
    words = needed.count(0.0)
    if not words:
        return [Mm(PAGE_WIDTH / len(columns))] * len(columns)
    share = max(0.0, PAGE_WIDTH - sum(needed)) / words
    return [Mm(width or share) for width in needed]


def _needed(words: Iterable[str]) -> float:
    """Millimetres, with the margins of a cell."""
    return max(NARROWEST, CELL_MARGINS + LETTER_WIDTH * max(map(len, words)))


def _row(
    cells: Sequence[str],
    columns: Sequence[Column],
    widths: Sequence[int],
    *,
    is_head: bool,
    stays: bool,
) -> Any:
    """As XML: python-docx looks through the whole table for each cell."""
    row = OxmlElement("w:tr")
    properties = row.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader") if is_head else ("w:cantSplit",):
        properties.append(OxmlElement(name))
    for text, (_label, is_number), width in zip(cells, columns, widths, strict=True):
        cell = OxmlElement("w:tc")
        cell.width = width
        paragraph = OxmlElement("w:p")
        look = paragraph.get_or_add_pPr()
        look.style = CELL.replace(" ", "")
        if stays:
            look.get_or_add_keepNext()
        if is_number:
            look.get_or_add_jc().set(qn("w:val"), "right")
        paragraph.add_r().text = clean(text)
        cell.append(paragraph)
        row.append(cell)
    return row
