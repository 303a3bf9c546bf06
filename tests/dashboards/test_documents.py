"""The report in Word, as PDF and as a page: the same words and numbers, ready to publish."""

import datetime
import io
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from dashboards import live
from dashboards.charts import CHARTS
from dashboards.documents import document
from dashboards.exports import jobs
from dashboards.measures import Measures
from dashboards.models import Export, ExportState
from dashboards.services.charts import write_note
from dashboards.services.findings import write_finding
from monitoring.models import Membership, Post, Project
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2021, 2, 8, 12, tzinfo=datetime.UTC)
HOSTILE = 'Жаңы <script>alert("1")</script> #[*strong*] \\ $x^2$ {% now %} ={1} `raw` @ref'


@pytest.fixture
def mission() -> Project:
    mission = coded_mission(1)
    mission.notice = "Made for a test"
    mission.save()
    most = Post.objects.of(mission).counted().most_interacted().first()
    Post.objects.of(mission).filter(pk=most.pk).update(text=HOSTILE)
    return mission


@pytest.fixture
def lead(mission: Project) -> User:
    user = User.objects.create_user("lead")
    Membership.objects.create(project=mission, user=user, role="lead")
    write_finding(
        project=mission,
        finding=None,
        edition=0,
        section="platforms",
        texts={"en": "In all {n} posts.", "ky": "Баары {n} пост, ө ү ң."},
        numbers={"n": {"measure": "posts"}},
        by=user,
        at=timezone.now(),
    )
    write_finding(
        project=mission,
        finding=None,
        edition=0,
        section="platforms",
        texts={"en": "The hundredth was {n}."},
        numbers={"n": {"by": ["actor"], "prints": "name", "place": 100}},
        by=user,
        at=timezone.now(),
    )
    return user


def made(mission: Project, form: str, language: str = "en") -> bytes:
    return document(mission, form=form, language=language, at=AT)


def drawn(mission: Project) -> list[live.Drawn]:
    return live.drawn(Measures(mission), CHARTS)


def words_of(content: bytes) -> str:
    """All that a PDF says; its line breaks are not ours."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# Word -------------------------------------------------------------------------------------------


def test_word_has_every_chart_in_order_with_caption_picture_and_alternative_text(
    mission: Project, lead: User
) -> None:
    charts = drawn(mission)
    opened = Document(io.BytesIO(made(mission, "docx")))
    captions = [one.text for one in opened.paragraphs if one.style.name == "Caption"]
    shown = [re.sub(r" SEQ Chart \\\* ARABIC \\r \d+ ", "", caption) for caption in captions]
    assert shown == [one.chart.caption for one in charts]
    pictured = [one for one in charts if one.drawing.figure]
    texts = [one._inline.docPr.get("descr") for one in opened.inline_shapes]
    assert texts == [f"{one.chart.caption}. {one.drawing.base}" for one in pictured]


def test_word_has_headings_fields_and_tables_that_a_lead_can_work_with(
    mission: Project, lead: User
) -> None:
    opened = Document(io.BytesIO(made(mission, "docx")))
    headings = [one.text for one in opened.paragraphs if one.style.name == "Heading 1"]
    assert headings[:2] == ["Findings", "Charts: Facebook"]
    assert headings[-2:] == ["Methodology", "List of monitored actors"]
    fields = [one.text for one in opened.element.iter(qn("w:instrText"))]
    assert any("TOC" in field for field in fields)
    assert sum("SEQ Chart" in field for field in fields) == len(drawn(mission))
    for table in opened.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert opened.core_properties.language == "en-GB"


def test_word_has_every_number_of_a_charts_table(mission: Project, lead: User) -> None:
    drawing = CHARTS[1].draw(Measures(mission))
    opened = Document(io.BytesIO(made(mission, "docx")))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in opened.tables]
    wanted = [[cell.shown for cell in row] for row in drawing.rows]
    assert any(table[1:] == wanted for table in tables)


# All three --------------------------------------------------------------------------------------


def test_findings_notes_and_the_projects_notice_are_in_all_three(
    mission: Project, lead: User
) -> None:
    write_note(project=mission, chart_key="1", text="Read with care.", by=lead, at=AT)
    total = Measures(mission).ask("posts").value
    word = Document(io.BytesIO(made(mission, "docx")))
    said = {
        "docx": "\n".join(one.text for one in word.paragraphs),
        "pdf": words_of(made(mission, "pdf")),
        "html": made(mission, "html").decode(),
    }
    for form, text in said.items():
        for part in (f"In all {total} posts.", "Read with care.", "Made for a test"):
            assert part in text, (form, part)
        # A finding with a gap is not fit to be published.
        assert "The hundredth was" not in text, form


def test_a_hostile_text_comes_out_as_it_is_and_does_nothing(mission: Project) -> None:
    word = Document(io.BytesIO(made(mission, "docx")))
    assert HOSTILE in [one.text for one in word.paragraphs]
    bare = "".join(HOSTILE.split())
    assert bare in "".join(words_of(made(mission, "pdf")).split())
    page = made(mission, "html").decode()
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page


def test_characters_that_xml_has_no_place_for_are_left_out(mission: Project) -> None:
    most = Post.objects.of(mission).filter(text=HOSTILE)
    most.update(text="a\x0bb\x1fc\ufffed")
    word = Document(io.BytesIO(made(mission, "docx")))
    assert "abcd" in [one.text for one in word.paragraphs]
    assert made(mission, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize(("language", "heading"), [("ru", "Выводы"), ("ky", "Тыянактар")])
def test_letters_of_all_languages_are_in_the_pdf(
    mission: Project, lead: User, language: str, heading: str
) -> None:
    said = words_of(made(mission, "pdf", language))
    assert heading in said
    if language == "ky":
        assert "пост, ө ү ң." in said
    with translation.override(language):
        assert " ".join(CHARTS[1].caption.split()) in said


def test_the_pdf_carries_its_own_fonts_and_its_chapters(mission: Project) -> None:
    opened = PdfReader(io.BytesIO(made(mission, "pdf")))
    fonts = [
        font.get_object()
        for page in opened.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        (inner,) = font.get("/DescendantFonts", [font])
        assert any(key.startswith("/FontFile") for key in inner.get_object()["/FontDescriptor"])
    titles = [one.title for one in opened.outline if not isinstance(one, list)]
    assert titles[:2] == ["Findings", "Charts: Facebook"]


def test_the_page_asks_nobody_for_anything(mission: Project) -> None:
    page = made(mission, "html").decode()
    addresses = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page)
    assert {one for one in addresses if not one.startswith(("#", "data:"))} == set()
    assert "default-src 'none'" in page
    assert page.count("<svg") == sum(bool(one.drawing.figure) for one in drawn(mission))


def test_the_same_data_gives_the_same_page_and_pdf(mission: Project) -> None:
    assert made(mission, "html") == made(mission, "html")
    assert words_of(made(mission, "pdf")) == words_of(made(mission, "pdf"))


# Asking for them --------------------------------------------------------------------------------


def signed_in(mission: Project, role: str) -> Client:
    user, _is_new = User.objects.get_or_create(username=f"the-{role}")
    Membership.objects.get_or_create(project=mission, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def page_of(name: str, mission: Project, *rest: object) -> str:
    return reverse(f"dashboards:{name}", args=[mission.slug, *rest])


@pytest.mark.parametrize(
    ("form", "kind"),
    [("docx", "officedocument"), ("pdf", "application/pdf"), ("html", "text/html")],
)
def test_a_lead_asks_a_worker_makes_and_the_file_is_fetched(
    mission: Project, form: str, kind: str
) -> None:
    client = signed_in(mission, "lead")
    client.post(page_of("ask_document", mission), {"format": form, "language": "ky"})
    export = Export.objects.of(mission).get()
    jobs.run(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.problem) == (ExportState.DONE, "")
    fetched = client.get(page_of("export", mission, export.pk))
    assert kind in fetched["Content-Type"]
    assert f"mission-1-report-ky-{export.pk}.{form}" in fetched["Content-Disposition"]
    assert len(b"".join(fetched)) == export.size > 1000


@pytest.mark.parametrize("role", ["viewer", "monitor"])
def test_who_may_not_export_gets_no_document(mission: Project, role: str) -> None:
    client = signed_in(mission, role)
    asked = client.post(page_of("ask_document", mission), {"format": "pdf", "language": "en"})
    assert asked.status_code == 403
    assert not Export.objects.of(mission).exists()
    assert "ask_document" not in client.get(page_of("report", mission)).text


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"what": "report", "format": "pdf", "language": "ru"}, 202),
        ({"what": "report", "format": "docx"}, 202),
        ({"what": "report", "format": "csv"}, 400),
        ({"what": "posts", "format": "pdf"}, 400),
    ],
)
def test_programs_ask_for_documents_too(
    mission: Project, wish: dict[str, str], status: int
) -> None:
    client = signed_in(mission, "lead")
    assert client.post(f"/api/v1/projects/{mission.slug}/exports/", wish).status_code == status


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "report", "format": "pdf", "language": ""},
        {"what": "report", "format": "csv", "language": "en"},
        {"what": "posts", "format": "pdf", "language": "en"},
        {"what": "posts", "format": "csv", "language": "en"},
    ],
)
def test_the_database_keeps_documents_and_tables_apart(
    mission: Project, lead: User, wrong: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(project=mission, asked_by=lead, **wrong)


def test_the_command_writes_a_document(mission: Project, tmp_path: Any) -> None:
    out = tmp_path / "report.pdf"
    call_command("report", mission.slug, format="pdf", out=out, stdout=io.StringIO())
    assert out.read_bytes().startswith(b"%PDF")


def test_pages_do_not_load_what_only_documents_need() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, sys; django.setup(); import config.urls, dashboards.exports.jobs;"
            "print({'matplotlib', 'docx', 'typst'} & set(sys.modules))",
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "set()"
