"""The report for Word: what a lead finds on opening it."""

import io
import re
from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import ImageFont

from dashboards.documents import word
from dashboards.documents.word_sheet import _widths
from tests.dashboards.documents.conftest import HOSTILE, NOTICE, Gathered


@pytest.fixture(scope="module")
def written(gathered: Gathered) -> bytes:
    return word.write(gathered.report, gathered.png)


@pytest.fixture(scope="module")
def opened(written: bytes) -> WordDocument:
    return Document(io.BytesIO(written))


def texts(document: WordDocument, style: str = "") -> list[str]:
    return [one.text for one in document.paragraphs if not style or one.style.name == style]


def test_every_chart_has_its_caption_its_picture_and_an_alternative_text(
    opened: WordDocument, gathered: Gathered
) -> None:
    captions = [
        re.sub(r" SEQ Chart \\\* ARABIC (\\r \d+ )?", "", one) for one in texts(opened, "Caption")
    ]
    assert captions == [one.caption for one in gathered.report.all_charts]
    described = [one._inline.docPr.get("descr") for one in opened.inline_shapes]
    pictured = [one for one in gathered.report.all_charts if one.figure]
    assert [f"{one.caption}. {one.base}" for one in pictured] == described[: len(pictured)]
    assert described[len(pictured) :] == ["As JPEG", "As PNG"]


def test_chapters_are_headings_and_contents_are_fields(opened: WordDocument) -> None:
    assert texts(opened, "Heading 1") == [
        "Findings",
        "Charts: Facebook",
        "Charts: Instagram",
        "Top posts",
        "Advertising",
        "Examples",
        "Methodology",
        "List of monitored actors",
    ]
    fields = [one.text for one in opened.element.iter(qn("w:instrText"))]
    contents = [one.strip() for one in fields if "TOC" in one]
    assert contents == ['TOC \\o "1-2" \\h \\z \\u', 'TOC \\h \\z \\c "Chart"']


def test_charts_are_counted_by_word_so_that_a_lead_may_add_one(opened: WordDocument) -> None:
    fields = [one.text.strip() for one in opened.element.iter(qn("w:instrText"))]
    counted = [one for one in fields if one.startswith("SEQ")]
    assert len(counted) == len(texts(opened, "Caption"))
    assert counted[0] == "SEQ Chart \\* ARABIC"


def test_a_table_holds_every_number_and_repeats_its_head(
    opened: WordDocument, gathered: Gathered
) -> None:
    tables = [[[cell.text for cell in row.cells] for row in one.rows] for one in opened.tables]
    for part in gathered.report.all_charts:
        assert [[label for label, _is_number in part.columns], *part.rows] in tables
    for table in opened.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.style.name == "Report Table"


@pytest.mark.parametrize("word", ["Interactions", "Комментарии", "Криппендорфа", "Комментарийлер"])
def test_no_head_of_a_column_of_numbers_breaks_within_a_word(word: str) -> None:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    # What stands in for Calibri where it is missing, in the size of cells, times 100.
    letters = ImageFont.truetype(fonts / "DejaVuSans-Bold.ttf", 850).getlength(word) / 100
    margins = 2 * 1.9
    columns = [("Actor", False), ("All", True), (word, True)]
    assert _widths(columns, [["A", "1", "2"]])[2] >= Mm(letters / 72 * 25.4 + margins)


def test_the_language_and_the_notice_are_those_of_the_report(
    opened: WordDocument, gathered: Gathered
) -> None:
    assert opened.core_properties.language == "en-GB"
    assert NOTICE in opened.sections[0].footer.paragraphs[0].text
    assert NOTICE in texts(opened)
    kyrgyz = Document(io.BytesIO(word.write(replace(gathered.report, language="ky"), {})))
    (language,) = kyrgyz.styles["Normal"].element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "ky-KG"


def test_words_of_strangers_stand_as_they_are(opened: WordDocument) -> None:
    assert HOSTILE in texts(opened, "Card")
    assert {"Read with care.", "It is made up."} <= set(texts(opened))


def test_characters_that_xml_has_no_place_for_are_left_out(gathered: Gathered) -> None:
    report = replace(gathered.report, title="a\x0bb\x1fc\ufffed\ud800e")
    assert texts(Document(io.BytesIO(word.write(report, {}))), "Title") == ["abcde"]


def test_the_same_report_gives_the_same_bytes(written: bytes, gathered: Gathered) -> None:
    assert word.write(gathered.report, gathered.png) == written
