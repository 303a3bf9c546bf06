"""The report as PDF, read back."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from dashboards.documents import pdf
from dashboards.documents.content import PostPart
from tests.dashboards.documents.conftest import HOSTILE, NOTICE, Gathered


@pytest.fixture(scope="module")
def written(gathered: Gathered) -> bytes:
    return pdf.write(gathered.report, gathered.svg)


@pytest.fixture(scope="module")
def opened(written: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(written))


@pytest.fixture(scope="module")
def said(opened: PdfReader) -> str:
    return words_of(opened)


def words_of(opened: PdfReader) -> str:
    """All that it says; its line breaks are not ours."""
    return " ".join(" ".join(page.extract_text() for page in opened.pages).split())


def only(gathered: Gathered, **others: Any) -> PdfReader:
    """A report of few parts, without pictures."""
    report = replace(gathered.report, charts=[], cases=[], **others)
    return PdfReader(io.BytesIO(pdf.write(report, {})))


def test_it_says_what_the_report_says(said: str, gathered: Gathered) -> None:
    for part in ("Read with care.", "It is made up.", f"In all {gathered.total} posts.", "Asanov"):
        assert part in said
    for chart in gathered.report.all_charts:
        assert " ".join(chart.caption.split()) in said


def test_the_notice_stands_on_every_page(opened: PdfReader) -> None:
    assert all(NOTICE in page.extract_text() for page in opened.pages)


def test_words_of_strangers_are_no_markup(said: str) -> None:
    assert "".join(HOSTILE.split()) in "".join(said.split())


def test_control_characters_do_no_harm(gathered: Gathered) -> None:
    assert "b" in words_of(only(gathered, title="a\x00\x0bb\u202ec"))


def test_cyrillic_and_kyrgyz_letters_come_out(gathered: Gathered) -> None:
    said = words_of(only(gathered, title="Отчёт о выборах", country="Жөнөтүү, өңүр, үн"))
    assert "Отчёт о выборах" in said
    assert "Жөнөтүү, өңүр, үн" in said


def test_it_carries_its_own_fonts(opened: PdfReader) -> None:
    fonts = list(_fonts(opened))
    assert fonts
    for font in fonts:
        (inner,) = font.get("/DescendantFonts", [font])
        assert any(key.startswith("/FontFile") for key in inner.get_object()["/FontDescriptor"])


def _fonts(opened: PdfReader) -> Iterator[Any]:
    for page in opened.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            yield font.get_object()


def test_chapters_are_bookmarks_and_pictures_have_alternative_texts(
    opened: PdfReader, gathered: Gathered
) -> None:
    titles = [one.title for one in opened.outline if not isinstance(one, list)]
    assert titles[:2] == ["Findings", "Charts: Facebook"]
    told = {str(one["/Alt"]) for one in _objects(opened) if "/Alt" in one}
    pictured = [one for one in gathered.report.all_charts if one.figure]
    assert {f"{one.caption}. {one.base}" for one in pictured} | {"As JPEG", "As PNG"} <= told


def _objects(opened: PdfReader) -> Iterator[dict[str, Any]]:
    for number in {*opened.xref_objStm, *opened.xref.get(0, {})}:
        found = opened.get_object(number)
        if isinstance(found, dict):
            yield found


def test_examples_have_their_pictures_whatever_their_kind(opened: PdfReader) -> None:
    assert sum(len(page.images) for page in opened.pages) == 2


def test_a_text_longer_than_a_page_goes_on_overleaf(gathered: Gathered) -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    post = PostPart(1, "Author", "1 January", words, "", [], "")
    said = words_of(only(gathered, top_posts=[("Facebook", [post])]))
    assert "word0 word1 word2" in said
    assert "word2999" in said


def test_the_same_report_gives_the_same_bytes(written: bytes, gathered: Gathered) -> None:
    assert pdf.write(gathered.report, gathered.svg) == written
