"""The report as a page: one file that asks nobody for anything."""

import re
from dataclasses import replace

import pytest

from dashboards.documents import web
from tests.dashboards.documents.conftest import HOSTILE, Gathered


@pytest.fixture(scope="module")
def page(gathered: Gathered) -> str:
    return web.write(gathered.report, gathered.svg).decode()


def test_it_says_what_the_report_says(page: str, gathered: Gathered) -> None:
    for part in ("Read with care.", "It is made up.", f"In all {gathered.total} posts.", "Asanov"):
        assert part in page
    pictured = [one for one in gathered.report.all_charts if one.figure]
    assert page.count("<svg") == len(pictured) > 0


def test_it_asks_nobody_for_anything(page: str) -> None:
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page)
    assert {one for one in addresses if not one.startswith(("#", "data:"))} == set()
    assert "default-src 'none'" in page


def test_words_of_strangers_do_nothing(page: str) -> None:
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in page


def test_pictures_of_examples_are_what_they_say(page: str) -> None:
    kinds = re.findall(r"data:(image/\w+);base64,(\S{4})", page)
    assert kinds == [("image/jpeg", "/9j/"), ("image/png", "iVBO")]


def test_a_notice_cannot_leave_the_style_of_the_printed_page(gathered: Gathered) -> None:
    report = replace(gathered.report, charts=[], notice='</style>"; } body { display: none')
    page = web.write(report, {}).decode()
    assert page.count("</style>") == 1
    assert "\\3c \\2f \\73 " in page


def test_the_same_report_gives_the_same_bytes(page: str, gathered: Gathered) -> None:
    assert web.write(gathered.report, gathered.svg).decode() == page
