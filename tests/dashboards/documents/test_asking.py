"""Asking for a document: on the page, by the API, by a command; who may, and who fetches it."""

import hashlib
import io
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

from dashboards.documents import FORMATS, document
from dashboards.exports import jobs
from dashboards.models import Export, ExportState
from monitoring.models import Membership, Project
from tests import factories as make
from tests.dashboards.documents.conftest import AT
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Project:
    return random_mission(1)


@pytest.fixture
def lead(mission: Project) -> User:
    return make.member(mission, "lead", name="the-lead")


@pytest.fixture
def no_other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be started: no browser, no office."""

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)


@pytest.mark.parametrize("form", FORMATS)
def test_no_browser_is_needed(mission: Project, form: str, no_other_program: None) -> None:
    assert document(mission, form=form, language="ru", at=AT)


def fetched(client: Client, address: str) -> tuple[Any, bytes]:
    """An answer and its bytes, read to the end as a browser does."""
    answer = client.get(address)
    content = b"".join(answer) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return answer, content


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
    answer, content = fetched(client, page_of("document", mission, export.pk))
    assert kind in answer["Content-Type"]
    assert f"mission-1-report-ky-{export.pk}.{form}" in answer["Content-Disposition"]
    assert len(content) == export.size > 1000
    assert hashlib.sha256(content).hexdigest() == export.sha256
    page = client.get(page_of("report", mission)).text
    assert page_of("document", mission, export.pk) in page
    assert export.sha256 in page


@pytest.mark.parametrize(("role", "fetches"), [("viewer", 200), ("monitor", 404)])
def test_who_may_see_what_was_coded_fetches_documents_and_makes_none(
    mission: Project, lead: User, role: str, fetches: int
) -> None:
    client = signed_in(mission, role)
    asked = client.post(page_of("ask_document", mission), {"format": "pdf", "language": "en"})
    assert asked.status_code == 403
    assert not Export.objects.of(mission).exists()
    done, waiting = (
        jobs.ask(project=mission, by=lead, what="report", form="html", language="en")
        for _time in range(2)
    )
    jobs.run(export_id=done.pk)
    page = client.get(page_of("report", mission)).text
    assert (page_of("document", mission, done.pk) in page) == (fetches == 200)
    assert page_of("ask_document", mission) not in page
    assert page_of("export", mission, done.pk) not in page
    assert fetched(client, page_of("document", mission, done.pk))[0].status_code == fetches
    assert client.get(page_of("document", mission, waiting.pk)).status_code == 404
    assert client.post(page_of("export", mission, done.pk)).status_code == 403


def test_tables_are_not_fetched_where_documents_are(mission: Project, lead: User) -> None:
    table = jobs.ask(project=mission, by=lead, what="ads", form="csv")
    jobs.run(export_id=table.pk)
    client = signed_in(mission, "lead")
    assert client.get(page_of("document", mission, table.pk)).status_code == 404
    assert fetched(client, page_of("export", mission, table.pk))[0].status_code == 200


def test_documents_of_another_project_are_not_found(mission: Project, lead: User) -> None:
    document = jobs.ask(project=mission, by=lead, what="report", form="html", language="en")
    jobs.run(export_id=document.pk)
    elsewhere = make.project("elsewhere")
    client = signed_in(elsewhere, "admin")
    assert client.get(page_of("document", elsewhere, document.pk)).status_code == 404
    assert client.get(page_of("document", mission, document.pk)).status_code == 404


def test_a_page_waits_for_a_document_and_no_longer(mission: Project, lead: User) -> None:
    client = signed_in(mission, "lead")
    wish = jobs.ask(project=mission, by=lead, what="report", form="html", language="ru")
    assert "every 1s" in client.get(page_of("documents", mission)).text
    jobs.run(export_id=wish.pk)
    assert "every 1s" not in client.get(page_of("documents", mission)).text
    client.post(page_of("export", mission, wish.pk))
    assert not Export.objects.of(mission).exists()


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
