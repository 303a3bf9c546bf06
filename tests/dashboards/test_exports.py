"""Files of a project: what is in them, who may have them, and what becomes of a lost worker."""

import csv
import datetime
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from coding.models import Assignment
from coding.services import codings
from dashboards import tasks
from dashboards.exports import formats, jobs
from dashboards.exports.cells import safe
from dashboards.measures import Measures
from dashboards.models import Export, ExportState
from monitoring.models import Membership, Project, Role
from tests import factories as make
from tests.coding.coded_twice import make_coded_twice
from tests.coding.desk_project import DeskProject, make_desk_project

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "＝1"]


@pytest.fixture
def made() -> DeskProject:
    """Posts, one of them with a text that wants to be a formula, and one coding with a flag."""
    made = make_desk_project()
    days = {"start": datetime.date(2020, 11, 19), "end": datetime.date(2021, 1, 9)}
    made.project.periods.create(key="entire", name="Entire", **days)
    monitor = made.member("aida")
    made.assign(monitor)
    post = made.posts[0]
    type(post).objects.of(made.project).filter(pk=post.pk).update(
        text='=HYPERLINK("https://evil.example","Поздравляем")', published_at=make.NOON
    )
    codings.save_coding(
        project=made.project,
        post=post,
        coder=monitor,
        version=made.version,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=codings.Answers(
            topics=("elections", "politics"),
            mentions=((made.actors[0].pk, "positive"),),
            flags=(codings.FlagAnswer(made.version.flag_kinds.all()[0].key, "Калп", "A lie"),),
        ),
        seconds=12,
        at=timezone.now(),
        reason="Ask the lead.",
    )
    return made


@pytest.fixture
def lead(made: DeskProject, client: Client) -> Client:
    client.force_login(made.member("lead", Role.LEAD))
    return client


def export(project: Project, tmp_path: Path, what: str, form: str = "csv-raw") -> Path:
    path = tmp_path / f"out.{form}"
    call_command("export", project.slug, what=what, format=form, out=path, stdout=io.StringIO())
    return path


def content_of(answer: Any) -> bytes:
    """The bytes of an answer, read to the end as a browser does, and its file closed."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return content


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class TestTables:
    def test_all_posts_are_in_it_with_account_and_counters(
        self, made: DeskProject, tmp_path: Path
    ) -> None:
        rows = read_csv(export(made.project, tmp_path, "posts"))
        assert [int(row["id"]) for row in rows] == sorted(post.pk for post in made.posts)
        assert rows[0]["text"].startswith("=HYPERLINK")
        assert rows[0]["actor"] == made.posts[0].account.actor.name
        assert rows[0]["published_at"] == "2021-01-05T06:00:00+00:00"
        assert rows[0]["day"] == "2021-01-05"
        assert [row["language"] for row in rows] == [
            post.language for post in sorted(made.posts, key=lambda post: post.pk)
        ]

    def test_codings_come_with_all_that_was_answered(
        self, made: DeskProject, tmp_path: Path
    ) -> None:
        (line,) = export(made.project, tmp_path, "codings", "jsonl").read_text().splitlines()
        row = json.loads(line)
        assert row["coder"] == "aida"
        assert row["topics"] == ["elections", "politics"]
        assert row["mentions"] == [f"{made.actors[0].name}: positive"]
        assert (row["quotes"], row["translations"]) == (["Калп"], ["A lie"])
        assert (row["comment"], row["seconds"], row["counts"]) == ("Ask the lead.", 12, True)

    def test_figures_are_the_numbers_of_the_charts_with_their_base(self, tmp_path: Path) -> None:
        project = make.project("elsewhere")
        make.account(make.actor(project, "Newcomer"))
        rows = read_csv(export(project, tmp_path, "figures"))
        first = next(row for row in rows if row["chart"] == "1")
        assert (first["row"], first["column"], first["value"]) == (
            "Page of Newcomer",
            "total",
            "0",
        )
        assert "Facebook" in first["base"]

    def test_agreement_has_a_row_per_variable_and_part(self, tmp_path: Path) -> None:
        coded, _aida, _bakyt = make_coded_twice()
        rows = read_csv(export(coded.project, tmp_path, "agreement"))
        tone = [
            (row["by"], row["label"], row["units"]) for row in rows if row["variable"] == "tone"
        ]
        assert tone == [
            ("", "Tone", "8"),
            ("actor", "Asanova Ainura", "8"),
            ("pair", "aida – bakyt", "8"),
            ("week", "4 Jan 2021", "4"),
            ("week", "11 Jan 2021", "4"),
        ]
        undefined = next(row for row in rows if row["variable"] == "topics")
        assert (undefined["alpha"], undefined["reason"]) == ("", "one_value")

    def test_an_empty_table_has_its_header(self, made: DeskProject, tmp_path: Path) -> None:
        text = export(made.project, tmp_path, "ads").read_text()
        assert text.startswith("kind,page_id,advertiser")
        assert len(text.splitlines()) == 1

    @pytest.mark.parametrize("what", ["posts", "codings"])
    def test_rows_cost_no_queries_of_their_own(
        self, made: DeskProject, tmp_path: Path, what: str, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(10):
            export(made.project, tmp_path, what)


class TestFormats:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_spreadsheet_runs_no_cell(self, text: str) -> None:
        assert safe(text) == f"'{text}"

    @pytest.mark.parametrize("value", ["Elections", "a = b", 5, -5, None, "Р. S. =", ""])
    def test_other_cells_stay_as_they_are(self, value: object) -> None:
        assert safe(value) == value

    def test_csv_for_spreadsheets_is_safe_and_csv_for_analysis_is_as_it_came(
        self, made: DeskProject, tmp_path: Path
    ) -> None:
        (safely, raw) = (
            read_csv(export(made.project, tmp_path, "posts", form))[0]["text"]
            for form in ("csv", "csv-raw")
        )
        assert safely == f"'{raw}"

    def test_excel_gets_texts_and_numbers_and_no_formula(
        self, made: DeskProject, tmp_path: Path
    ) -> None:
        path = export(made.project, tmp_path, "posts", "xlsx")
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        cells = dict(zip(rows[0], rows[1], strict=True))
        assert str(cells["text"]).startswith("=HYPERLINK")
        assert cells["id"] == made.posts[0].pk
        sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet

    def test_more_rows_than_a_sheet_holds_are_refused(
        self, made: DeskProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(formats, "XLSX_ROWS", 2)
        with pytest.raises(CommandError, match="Choose CSV"):
            export(made.project, tmp_path, "posts", "xlsx")


class TestArchives:
    def test_an_archive_says_what_it_is_made_of(self, made: DeskProject, tmp_path: Path) -> None:
        path = tmp_path / "posts.zip"
        call_command("export", "mission", what="posts", out=path, stdout=io.StringIO())
        with zipfile.ZipFile(path) as archive:
            assert set(archive.namelist()) == {"posts.csv", "codebook.json", "manifest.json"}
            manifest = json.loads(archive.read("manifest.json"))
            (codebook,) = json.loads(archive.read("codebook.json"))
            for file in manifest["files"]:
                assert hashlib.sha256(archive.read(file["name"])).hexdigest() == file["sha256"]
        assert manifest["rows"] == len(made.posts)
        base = Measures(made.project).ask("posts").base
        assert manifest["base"]["in_words"] == base.printed
        assert (manifest["base"]["n"], manifest["base"]["scope"]) == (base.n, "all")
        assert manifest["base"]["as_of"] == str(base.as_of)
        assert manifest["codebooks"] == [
            {"codebook": made.version.codebook.name, "version": made.version.number}
        ]
        assert manifest["counters"] == {"rule": "stabilised", "stabilisation_days": 3}
        assert len(codebook["topics"]) == made.version.topics.count()
        assert [path.name for path in tmp_path.iterdir()] == ["posts.zip"]


class TestJobs:
    def ask(self, made: DeskProject, what: str = "posts") -> Export:
        asked_by = Membership.objects.filter(role=Role.LEAD).first()
        person = asked_by.user if asked_by else made.member("lead", Role.LEAD)
        return jobs.ask(project=made.project, by=person, what=what, form="csv")

    def test_a_file_is_made_and_fetched(self, made: DeskProject, lead: Client) -> None:
        wish = self.ask(made)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        assert (wish.state, wish.rows) == (ExportState.DONE, len(made.posts))
        answer = lead.get(reverse("dashboards:export", args=["mission", wish.pk]))
        content = content_of(answer)
        assert len(content) == wish.size
        assert zipfile.is_zipfile(io.BytesIO(content))
        assert (
            "Download" in lead.get(reverse("dashboards:exports", args=["mission"])).content.decode()
        )

    def test_a_file_is_made_once(self, made: DeskProject) -> None:
        wish = self.ask(made)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        jobs.run(export_id=wish.pk)
        again = Export.objects.of(made.project).get()
        assert (again.stored_path, again.attempts) == (wish.stored_path, 1)

    def test_somebody_who_lost_their_role_gets_nothing(self, made: DeskProject) -> None:
        wish = self.ask(made)
        Membership.objects.filter(user=wish.asked_by).update(role=Role.MONITOR)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        assert wish.state == ExportState.FAILED
        assert "may not export" in wish.problem

    def test_a_job_that_kills_its_workers_is_given_up(self, made: DeskProject) -> None:
        wish = self.ask(made)
        Export.objects.of(made.project).update(attempts=jobs.MOST_ATTEMPTS)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        assert (wish.state, wish.stored_path) == (ExportState.FAILED, "")

    def test_a_wish_whose_message_was_lost_is_offered_again(self, made: DeskProject) -> None:
        wish = self.ask(made)
        now = timezone.now()
        assert jobs.unattended(older_than=now - datetime.timedelta(hours=1)) == []
        assert jobs.unattended(older_than=now + datetime.timedelta(hours=1)) == [wish.pk]

    def test_a_large_file_has_time_and_one_that_needs_more_is_given_up(
        self, made: DeskProject
    ) -> None:
        allowed = tasks.make_export.soft_time_limit
        assert settings.CELERY_TASK_SOFT_TIME_LIMIT < allowed < tasks.make_export.time_limit
        wish = self.ask(made)

        def late(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if "monitoring_post" in sql:
                raise SoftTimeLimitExceeded
            return execute(sql, *rest)

        with connection.execute_wrapper(late):
            tasks.make_export(export_id=wish.pk)
        wish.refresh_from_db()
        assert wish.state == ExportState.FAILED
        assert "longer than an hour" in wish.problem

    def test_who_looks_at_a_file_that_waits_long_has_it_offered_again(
        self, made: DeskProject, lead: Client
    ) -> None:
        late, fresh = self.ask(made), self.ask(made)
        an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
        Export.objects.of(made.project).filter(pk=late.pk).update(asked_at=an_hour_ago)
        lead.get(reverse("dashboards:exports", args=["mission"]))
        assert cache.get(f"export-{late.pk}-offered") == 1
        assert cache.get(f"export-{fresh.pk}-offered") is None

    def test_a_removed_file_is_gone(
        self,
        made: DeskProject,
        lead: Client,
        django_capture_on_commit_callbacks: Callable[..., Any],
    ) -> None:
        wish = self.ask(made)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        address = reverse("dashboards:export", args=["mission", wish.pk])
        with django_capture_on_commit_callbacks(execute=True):
            lead.post(address)
        assert not jobs.path_of(wish).exists()
        assert lead.get(address).status_code == 404

    def test_what_is_being_made_is_stopped_by_who_makes_it(
        self, made: DeskProject, lead: Client
    ) -> None:
        wish = self.ask(made)
        cache.set(f"export-{wish.pk}-unwanted", 1)
        jobs.run(export_id=wish.pk)
        assert not Export.objects.of(made.project).exists()
        assert list((Path(settings.MEDIA_ROOT) / jobs.FOLDER).glob("*")) == []

    def test_what_killed_workers_left_is_removed_and_nothing_else(self, made: DeskProject) -> None:
        wish = self.ask(made)
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        folder = jobs.path_of(wish).parent
        (folder / "tmp1").mkdir()
        (folder / "tmp1" / "posts.csv").write_text("half of it")
        (folder / "half.pdf").write_text("half of it")
        now = timezone.now()
        assert jobs.sweep_files(older_than=now - datetime.timedelta(hours=1)) == []
        found = jobs.sweep_files(older_than=now + datetime.timedelta(hours=1))
        assert found == ["half.pdf", "tmp1"]
        assert list(folder.iterdir()) == [jobs.path_of(wish)]

    def test_the_database_waits_while_a_document_is_drawn(self, made: DeskProject) -> None:
        wish = jobs.ask(
            project=made.project,
            by=made.member("lead", Role.LEAD),
            what="report",
            form="html",
            language="en",
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '150ms'")
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        assert wish.state == ExportState.DONE

    def test_the_database_refuses_a_done_file_that_is_nowhere(self, made: DeskProject) -> None:
        self.ask(made)
        with pytest.raises(IntegrityError, match="done_with_a_file"), transaction.atomic():
            Export.objects.of(made.project).update(
                state=ExportState.DONE, finished_at=timezone.now()
            )


class TestWhoHasStillToCode:
    """A lead who codes too, and has before them the post that a monitor coded."""

    @pytest.fixture
    def coder(self, made: DeskProject) -> User:
        coder = made.member("coder", Role.LEAD)
        made.assign(coder, made.posts[:2])
        return coder

    def file(self, asked_by: User) -> Export:
        project = Project.objects.get()
        wish = jobs.ask(project=project, by=asked_by, what="codings", form="csv-raw")
        jobs.run(export_id=wish.pk)
        wish.refresh_from_db()
        return wish

    def codings_in(self, answer: Any) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(content_of(answer))) as archive:
            rows = csv.DictReader(io.StringIO(archive.read("codings.csv").decode()))
            self.manifest = json.loads(archive.read("manifest.json"))
            return [row["coder"] for row in rows]

    def places(self, client: Client, export: Export) -> tuple[Any, str, str | None]:
        """The answer to who fetches a file, the page of files, and its address in the API."""
        page = client.get(reverse("dashboards:exports", args=["mission"])).content.decode()
        told = client.get("/api/v1/projects/mission/exports/").json()["results"]
        address = reverse("dashboards:export", args=["mission", export.pk])
        return (
            client.get(address),
            page,
            next(row["file"] for row in told if row["id"] == export.pk),
        )

    def test_gets_a_file_without_what_others_answered_there(
        self, made: DeskProject, coder: User, client: Client
    ) -> None:
        client.force_login(coder)
        answer, page, address = self.places(client, self.file(coder))
        assert self.codings_in(answer) == []
        assert self.manifest["withheld_posts"]["n"] == 1
        assert "without 1 post that coder had still to code" in page
        assert address is not None

    def test_gets_no_file_of_somebody_else_that_has_it(
        self, made: DeskProject, coder: User, client: Client
    ) -> None:
        lead = made.member("lead", Role.LEAD)
        export = self.file(lead)
        client.force_login(lead)
        assert self.codings_in(self.places(client, export)[0]) == ["aida"]
        client.force_login(coder)
        answer, page, address = self.places(client, export)
        assert (answer.status_code, address) == (302, None)
        assert "posts that you have still to code: make a new one" in page
        assert "Download" not in page

    def test_gets_no_file_of_before_the_post_became_theirs(
        self, made: DeskProject, coder: User, client: Client
    ) -> None:
        client.force_login(coder)
        Assignment.objects.filter(monitor=coder).delete()
        export = self.file(coder)
        made.assign(coder, made.posts[:1])
        assert self.places(client, export)[0].status_code == 302

    def test_gets_every_file_once_they_have_coded_it(
        self, made: DeskProject, coder: User, client: Client
    ) -> None:
        client.force_login(coder)
        export = self.file(made.member("admin", Role.ADMIN))
        Assignment.objects.filter(monitor=coder, post=made.posts[0]).update(state="done")
        assert self.codings_in(self.places(client, export)[0]) == ["aida"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_file_that_is_being_made_to_be_rid_of_it(made: DeskProject) -> None:
    lead = made.member("lead", Role.LEAD)
    wish = jobs.ask(project=made.project, by=lead, what="posts", form="csv")
    worker = connections.create_connection("default")
    try:
        with worker.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM dashboards_export WHERE id = %s FOR UPDATE", [wish.pk])
        client = Client()
        client.force_login(lead)
        address = reverse("dashboards:export", args=["mission", wish.pk])
        answer = client.post(address, follow=True)
        assert "It was told to stop" in answer.content.decode()
    finally:
        worker.close()
    jobs.run(export_id=wish.pk)
    assert not Export.objects.of(made.project).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_exported_is_of_one_moment(made: DeskProject) -> None:
    wish = jobs.ask(
        project=made.project, by=made.member("lead", Role.LEAD), what="posts", form="csv"
    )
    levels = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "monitoring_post" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                levels.append(cursor.fetchone()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        jobs.run(export_id=wish.pk)
    assert set(levels) == {"repeatable read"}


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MONITOR, 403), (Role.LEAD, 200), (None, 404)]
)
def test_only_leads_export(
    made: DeskProject, client: Client, role: str | None, status: int
) -> None:
    wish = jobs.ask(
        project=made.project, by=made.member("asker", Role.LEAD), what="posts", form="csv"
    )
    jobs.run(export_id=wish.pk)
    client.force_login(made.member("person", role) if role else make.user("stranger"))
    assert client.get(reverse("dashboards:exports", args=["mission"])).status_code == status
    answer = client.get(reverse("dashboards:export", args=["mission", wish.pk]))
    content_of(answer)
    assert answer.status_code == status


def test_a_file_of_another_project_is_not_found(made: DeskProject, client: Client) -> None:
    wish = jobs.ask(
        project=made.project, by=made.member("asker", Role.LEAD), what="posts", form="csv"
    )
    jobs.run(export_id=wish.pk)
    elsewhere = make.project("elsewhere")
    client.force_login(make.member(elsewhere, Role.ADMIN))
    address = reverse("dashboards:export", args=["elsewhere", wish.pk])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_the_api_takes_a_wish_and_tells_how_far_it_is(made: DeskProject, lead: Client) -> None:
    address = "/api/v1/projects/mission/exports/"
    asked = lead.post(address, {"what": "posts", "format": "jsonl"})
    assert asked.status_code == 202
    jobs.run(export_id=asked.json()["id"])
    (row,) = lead.get(address).json()["results"]
    assert (row["state"], row["rows"]) == ("done", len(made.posts))
    content = content_of(lead.get(row["file"]))
    assert zipfile.is_zipfile(io.BytesIO(content))
    refused = lead.post(address, {"what": "passwords", "format": "csv"})
    assert refused.status_code == 400
