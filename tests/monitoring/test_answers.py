"""What a file does not say is asked for, where the import stands; the answer lets it go on."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from monitoring.models import Import, Post, Project, RejectedRow
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.importers.files import csv_of
from tests.monitoring.importers.test_formats import AD
from tests.monitoring.test_archives import EXPORT, OTHER, finished, stored_files, zipped
from tests.monitoring.test_imports import take_in

pytestmark = pytest.mark.django_db

BARE = as_csv(PAGES_2020, [page_post(1, Created="2021-01-05 11:00:00")])
CENTRAL = as_csv(PAGES_2020, [page_post(1, Created="2021-01-05 11:00:00 CST")])
DATED = "2021-02-01-10-00-00-UTC-export.csv"
MELTWATER = csv_of(
    "Date,Headline,URL,Hit Sentence,Source,Influencer,Views,Likes,Comments,Shares,Document ID",
    "03/04/2026 10:00,A,https://x.com/a/status/11,Text,X,@a,1,2,3,4,d1",
    "03/25/2026 10:00,B,https://x.com/a/status/12,Text,X,@a,1,2,3,4,d2",
)


def send(browser: Client, project: Project, content: bytes, name: str) -> Import:
    url = reverse("monitoring:upload", args=[project.slug])
    browser.post(url, {"uploads": [SimpleUploadedFile(name, content)]})
    return Import.objects.of(project).latest("pk")


def page(one: Import, name: str = "import") -> str:
    return reverse(f"monitoring:{name}", args=[one.project.slug, one.pk])


def abouts(one: Import) -> list[str]:
    return [question["about"] for question in one.asks]


@pytest.fixture
def program(admin: User) -> APIClient:
    program = APIClient()
    program.force_authenticate(admin)
    return program


def address(project: Project, *parts: object) -> str:
    return "/".join(["/api/v1/projects", project.slug, "imports", *map(str, parts), ""])


def test_the_page_asks_with_the_times_as_printed_and_the_zones_they_can_mean(
    browser: Client, project: Project
) -> None:
    asking = send(browser, project, CENTRAL, DATED)
    assert (asking.state, abouts(asking)) == ("asking", ["timezone"])
    text = browser.get(page(asking)).content.decode()
    assert "2021-01-05 11:00:00 CST" in text
    assert "more than one time zone is called" in text
    for zone in ("America/Chicago (UTC-06:00)", "Asia/Taipei (UTC+08:00)"):
        assert zone in text
    assert "Asia/Bishkek (UTC" not in text  # its clocks show something else
    assert (
        asking.file_name
        in browser.get(reverse("monitoring:imports", args=[project.slug]))
        .content.decode()
        .partition("import-list")[0]
    )


def test_an_answer_lets_it_go_on(browser: Client, project: Project) -> None:
    asking = send(browser, project, CENTRAL, DATED)
    browser.post(page(asking, "answer_import"), {"timezone": "Asia/Taipei"})
    done = finished(asking)
    assert (done.state, done.timezone, done.rows_created) == ("done", "Asia/Taipei", 1)
    assert Post.objects.of(project).get().published_at.hour == 3


def test_of_times_without_a_zone_the_projects_own_is_the_likeliest(
    browser: Client, project: Project
) -> None:
    asking = send(browser, project, BARE, DATED)
    assert asking.asks[0]["likely"] == ["Asia/Bishkek", "UTC"]
    another = {"timezone": "another", "another_zone": "Asia/Almaty"}
    browser.post(page(asking, "answer_import"), another)
    assert finished(asking).timezone == "Asia/Almaty"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"timezone": "another", "another_zone": ""}, "Say which zone"),
        ({"timezone": "another", "another_zone": "Mars/Base"}, "time zone"),
        ({"timezone": "another", "another_zone": "Asia/Bishkek"}, "clocks show something else"),
        ({}, "required"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_again(
    answers: dict[str, str], said: str, browser: Client, project: Project
) -> None:
    asking = send(browser, project, CENTRAL, DATED)
    answer = browser.post(page(asking, "answer_import"), answers)
    assert said in answer.content.decode()
    asking.refresh_from_db()
    assert asking.state == "asking"


def test_the_moment_of_export_is_asked_with_that_of_receipt_as_the_preset(
    browser: Client, project: Project
) -> None:
    content = as_csv(PAGES_2020, [page_post(1)])
    asking = send(browser, project, content, "export.csv")
    assert abouts(asking) == ["exported_at"]
    form = browser.get(page(asking)).context["answers"]
    preset = form.initial["exported_at"].replace(tzinfo=project.zone)
    assert abs(asking.created_at - preset) < datetime.timedelta(minutes=2)
    browser.post(page(asking, "answer_import"), {"exported_at": "2021-01-13T09:15"})
    done = finished(asking)
    assert (done.state, done.is_moment_assumed) == ("done", False)
    assert done.exported_at.isoformat() == "2021-01-13T03:15:00+00:00"
    # The same bytes are dated already.
    assert send(browser, project, content, "export.csv").state == "waiting"


def test_a_zone_that_tells_the_moment_in_the_name_is_all_that_is_asked(
    browser: Client, project: Project
) -> None:
    asking = send(browser, project, CENTRAL, "2021-02-01-10-00-00-CST-export.csv")
    assert abouts(asking) == ["timezone"]
    browser.post(page(asking, "answer_import"), {"timezone": "America/Chicago"})
    assert finished(asking).exported_at.isoformat() == "2021-02-01T16:00:00+00:00"


def test_the_order_of_day_and_month_is_asked_and_what_other_rows_show_comes_first(
    browser: Client, project: Project
) -> None:
    asking = send(browser, project, MELTWATER, DATED)
    assert abouts(asking) == ["day_order", "timezone"]
    assert asking.asks[0]["likely"] == ["mdy", "dmy"]
    assert asking.asks[0]["printed"] == ["03/04/2026 10:00"]
    browser.post(page(asking, "answer_import"), {"day_order": "mdy", "timezone": "UTC"})
    done = finished(asking)
    assert (done.state, done.rows_created, done.rows_rejected) == ("done", 2, 0)
    days = {post.published_at.date().isoformat() for post in Post.objects.of(project)}
    assert days == {"2026-03-04", "2026-03-25"}


def short_years(*days: str) -> bytes:
    head, row, *_rest = MELTWATER.decode().splitlines()
    rows = (
        row.replace("03/04/2026 10:00", day).replace("status/11", f"status/{number}")
        for number, day in enumerate(days)
    )
    return csv_of(head, *rows)


def test_what_a_date_with_a_year_of_two_digits_means_is_asked_with_the_days_it_can_be(
    browser: Client, project: Project
) -> None:
    asking = send(browser, project, short_years("21/01/15", "21/01/16"), DATED)
    assert abouts(asking) == ["day_order", "timezone"]
    assert asking.asks[0]["likely"] == ["ymd", "dmy"]
    text = browser.get(page(asking)).content.decode()
    assert "“21/01/15” is" in text
    assert text.index("15 January 2021: the year first") < text.index("21 January 2015: the day")
    browser.post(page(asking, "answer_import"), {"day_order": "ymd", "timezone": "UTC"})
    assert finished(asking).rows_created == 2
    days = {post.published_at.date().isoformat() for post in Post.objects.of(project)}
    assert days == {"2021-01-15", "2021-01-16"}
    assert "the year first" in browser.get(page(asking)).content.decode()


def test_what_the_first_dates_tell_holds_for_those_that_could_be_two_days(
    project: Project,
) -> None:
    """A file in the order of its days, as Excel saved it in the United States."""
    clear = [f"1/{day}/21 9:30" for day in range(13, 32) for _times in range(6)]
    done = take_in(project, short_years(*clear, "2/3/21 9:30"), name=DATED, timezone="UTC")
    assert (done.day_order, done.rows_rejected, done.rows_created) == ("mdy", 0, len(clear) + 1)
    assert Post.objects.of(project).latest("published_at").published_at.day == 3


@pytest.mark.parametrize(("role", "code"), [("lead", 403), ("monitor", 403), ("viewer", 403)])
def test_only_who_imports_may_answer(
    role: str, code: int, client: Client, project: Project
) -> None:
    asking = take_in(project, CENTRAL, name=DATED)
    client.force_login(make.member(project, role))
    assert client.post(page(asking, "answer_import"), {"timezone": "UTC"}).status_code == code
    if role == "lead":
        assert "An admin can answer" in client.get(page(asking)).content.decode()


def test_an_import_that_asks_can_be_given_up(browser: Client, project: Project) -> None:
    asking = send(browser, project, CENTRAL, DATED)
    browser.post(page(asking, "cancel_import"))
    asking.refresh_from_db()
    assert (asking.state, asking.asks) == ("cancelled", [])
    assert stored_files() == []


def test_an_import_asks_something_exactly_while_it_waits_for_an_answer(project: Project) -> None:
    asking = take_in(project, CENTRAL, name=DATED)
    for change in ({"asks": []}, {"state": "waiting"}):
        with (
            pytest.raises(IntegrityError, match="import_asks_while_it_waits_for_an_answer"),
            transaction.atomic(),
        ):
            Import.objects.of(project).filter(pk=asking.pk).update(**change)


# Encodings ---------------------------------------------------------------------------------------

HUNGARIAN = "Szavazzunk a jövőért, erősítsük a gyűlést és köszönjük a közösség támogatását"


def with_text(text: str, encoding: str) -> bytes:
    post = page_post(1, **{"Page Name": "Ainura", "Message": text})
    return as_csv(PAGES_2020, [post]).decode("utf-8-sig").encode(encoding)


def test_the_letters_of_a_text_that_is_no_unicode_can_be_set_right_while_it_asks(
    browser: Client, project: Project, django_capture_on_commit_callbacks: Any
) -> None:
    content = with_text(HUNGARIAN, "windows-1250")
    asking = finished(send(browser, project, content, "export.csv"))
    assert (asking.encoding, abouts(asking)) == ("windows-1252", ["exported_at"])
    text = browser.get(page(asking)).content.decode()
    for words in ("Windows-1252: Western European · jövõért", "Central European · jövőért"):
        assert words in text
    answers = {"exported_at": "2021-01-13T09:15", "encoding": "windows-1250"}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(page(asking, "answer_import"), answers)
    done = finished(asking)
    assert (done.state, done.encoding) == ("done", "windows-1250")
    assert Post.objects.of(project).get().text == HUNGARIAN
    assert [path.name for path in stored_files()] == [f"{done.sha256}.windows-1250.utf8"]


def test_an_encoding_that_has_no_such_letters_is_no_answer(
    program: APIClient, project: Project
) -> None:
    """Windows-1250 has no letter for the byte of ƒ."""
    content = with_text(
        "Ça va très bien à Genève, señor: la fête à côté est à été ƒ", "windows-1252"
    )
    file = SimpleUploadedFile("export.csv", content)
    sent = program.post(address(project), {"file": file}, format="multipart")
    asking = finished(Import.objects.of(project).get(pk=sent.data["id"]))
    url = address(project, asking.pk, "answer")
    refused = program.post(url, {"encoding": "windows-1250"}, format="json")
    assert (refused.status_code, refused.data["code"]) == (400, "encoding")
    assert len(stored_files()) == 1
    said = {"encoding": "windows-1254", "exported_at": "2021-01-13T09:15+06:00"}
    taken = program.post(url, said, format="json")
    assert (taken.data["state"], taken.data["encoding"]) == ("waiting", "windows-1254")


def test_whoever_sends_a_file_may_say_its_encoding_also_of_an_archive(
    browser: Client, project: Project
) -> None:
    content = with_text(HUNGARIAN, "windows-1250")
    first = take_in(project, content, name=DATED)
    assert "jövõért" in Post.objects.of(project).get().text
    url = reverse("monitoring:upload", args=[project.slug])
    file = SimpleUploadedFile("all.zip", zipped({DATED: content}))
    browser.post(url, {"uploads": [file], "encoding": "windows-1250"})
    again = finished(Import.objects.of(project).latest("pk"))
    # The same bytes, but not the same letters: of the same moment, the text is the right one now.
    assert (again.encoding, again.repeats, again.rows_updated) == ("windows-1250", None, 1)
    assert Post.objects.of(project).get().text == HUNGARIAN
    assert len(stored_files()) == 2
    assert "say its encoding" in browser.get(page(first)).content.decode()


def test_unicode_is_what_it_is_whatever_encoding_is_stated(project: Project) -> None:
    done = take_in(project, as_csv(PAGES_2020, [page_post(1)]), encoding="windows-1254")
    assert (done.state, done.encoding) == ("done", "utf-8-sig")


# Stated wrongly ----------------------------------------------------------------------------------

EASTERN = as_csv(PAGES_2020, [page_post(1)])
IN_BISHKEK = {"timezone": "Asia/Bishkek"}


def send_as_of_bishkek(browser: Client, project: Project, content: bytes, name: str) -> Import:
    url = reverse("monitoring:upload", args=[project.slug])
    browser.post(url, {"uploads": [SimpleUploadedFile(name, content)], **IN_BISHKEK})
    return Import.objects.of(project).latest("pk")


def test_a_zone_that_the_file_contradicts_is_asked_for_and_nothing_is_sent_again(
    browser: Client, project: Project
) -> None:
    asking = send_as_of_bishkek(browser, project, EASTERN, DATED)
    assert (asking.state, abouts(asking)) == ("asking", ["timezone"])
    assert asking.asks[0]["likely"] == ["as-printed"]
    text = browser.get(page(asking)).content.decode()
    assert "The times are in “EST”, but the import says Asia/Bishkek" in text
    assert "the zone that each time in the file names" in text
    browser.post(page(asking, "answer_import"), {"timezone": "as-printed"})
    done = finished(asking)
    assert (done.state, done.timezone, done.rows_created) == ("done", "", 1)


def test_of_a_contradicted_zone_the_zones_that_the_abbreviation_can_mean_are_proposed(
    browser: Client, project: Project
) -> None:
    asking = send_as_of_bishkek(browser, project, CENTRAL, DATED)
    assert asking.asks[0]["code"] == "zone_mismatch"
    assert asking.asks[0]["likely"][0] == "America/Chicago"
    assert "as-printed" not in asking.asks[0]["likely"]
    wrong = {"timezone": "another", "another_zone": "Europe/Moscow"}
    refused = browser.post(page(asking, "answer_import"), wrong)
    assert "but the import says Europe/Moscow" in refused.content.decode()
    asking.refresh_from_db()
    assert (asking.state, asking.timezone) == ("asking", "Asia/Bishkek")


def test_the_files_of_an_archive_wait_too_and_one_answer_is_for_all_that_ask_the_same(
    browser: Client, project: Project
) -> None:
    other = as_csv(PAGES_2020, [page_post(2)])
    archive = zipped({f"a-{DATED}": EASTERN, f"b-{DATED}": other, f"c-{DATED}": CENTRAL})
    first = finished(send_as_of_bishkek(browser, project, archive, "all.zip"))
    files = [first, *map(finished, first.unpacked.order_by("pk"))]
    assert [one.state for one in files] == ["asking"] * 3
    kept = stored_files()
    assert len(kept) == 3
    assert "Also for 1 other file of the archive" in browser.get(page(first)).content.decode()
    assert "Also for" not in browser.get(page(files[2])).content.decode()
    browser.post(page(first, "answer_import"), {"timezone": "as-printed", "alike": "on"})
    done = [finished(one) for one in files]
    assert [one.state for one in done] == ["done", "done", "asking"]
    assert stored_files() == kept


def test_a_zone_that_was_stated_with_a_table_is_taken_back_by_emptying_its_field(
    browser: Client, project: Project
) -> None:
    table = csv_of("When,Link,Who", "2021-01-05 11:00 EST,https://x.com/a/status/11,@a")
    asking = send_as_of_bishkek(browser, project, table, DATED)
    said = {"column-0": "published", "column-1": "url", "column-2": "handle", "name": "Mine"}
    kept = browser.post(page(asking, "table"), {**said, **IN_BISHKEK})
    assert "but the import says Asia/Bishkek" in kept.content.decode()
    browser.post(page(asking, "table"), {**said, "timezone": ""})
    assert finished(asking).rows_created == 1


# The command -----------------------------------------------------------------------------------


def run(project: Project, path: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    known = {"project": project.slug, "json": True, "verbosity": 0, "stderr": io.StringIO()}
    call_command("import_file", path, stdout=out, **known, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_command_names_the_option_that_answers_and_takes_it(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / DATED
    path.write_bytes(CENTRAL)
    with pytest.raises(CommandError, match=r"--timezone says it: America/Chicago, .*Taipei"):
        run(project, path)
    assert run(project, path, timezone="Asia/Taipei")["created"] == 1
    assert Import.objects.of(project).count() == 1


def test_the_command_takes_back_a_zone_that_the_file_contradicts(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / DATED
    path.write_bytes(EASTERN)
    with pytest.raises(CommandError, match=r"--timezone says it: as-printed\."):
        run(project, path, **IN_BISHKEK)
    assert run(project, path, timezone="as-printed")["created"] == 1


def test_the_command_answers_for_the_files_of_an_archive(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    other = as_csv(PAGES_2020, [page_post(2)])
    path.write_bytes(zipped({f"a-{DATED}": EASTERN, f"b-{DATED}": other}))
    for _again in range(2):
        with pytest.raises(CommandError, match=r"says it: as-printed|imported already"):
            run(project, path, **IN_BISHKEK)
    done = run(project, path, timezone="as-printed")
    assert (done["created"], len(done["batches"])) == (2, 2)
    states = Import.objects.of(project).order_by("pk").values_list("state", flat=True)
    assert [*states] == ["cancelled", "cancelled", "failed", "done", "done"]
    assert len(stored_files()) == 2


def test_the_command_is_told_what_dates_mean(project: Project, tmp_path: Path) -> None:
    path = tmp_path / DATED
    path.write_bytes(MELTWATER)
    with pytest.raises(CommandError, match="--dates says it: mdy, dmy"):
        run(project, path, timezone="UTC")
    assert run(project, path, dates="mdy")["created"] == 2


def test_the_command_takes_the_moment_of_receipt_and_says_so(
    project: Project, tmp_path: Path
) -> None:
    path, said = tmp_path / "export.csv", io.StringIO()
    path.write_bytes(as_csv(PAGES_2020, [page_post(1)]))
    call_command(
        "import_file", path, project=project.slug, verbosity=0, stdout=io.StringIO(), stderr=said
    )
    assert "--exported-at" in said.getvalue()
    assert Import.objects.of(project).get().is_moment_assumed


# The API ---------------------------------------------------------------------------------------


def test_a_program_sees_the_question_and_answers_it(program: APIClient, project: Project) -> None:
    file = SimpleUploadedFile(DATED, CENTRAL)
    sent = program.post(address(project), {"file": file}, format="multipart")
    assert (sent.status_code, sent.data["state"]) == (201, "asking")
    (asked,) = sent.data["asks"]
    assert (asked["about"], asked["likely"][0]) == ("timezone", "America/Chicago")
    assert "CST" in asked["question"]
    url = address(project, sent.data["id"], "answer")
    wrong = program.post(url, {"timezone": "Asia/Bishkek"}, format="json")
    assert (wrong.status_code, wrong.data["code"]) == (400, "zone_mismatch")
    assert program.post(url, {"timezone": "Nowhere"}, format="json").status_code == 400
    right = program.post(url, {"timezone": "America/Chicago"}, format="json")
    assert (right.status_code, right.data["state"], right.data["asks"]) == (200, "waiting", [])
    assert program.post(url, {"timezone": "UTC"}, format="json").status_code == 409


def test_a_program_takes_back_a_zone_that_the_files_contradict(
    program: APIClient, project: Project
) -> None:
    archive = zipped({f"a-{DATED}": EASTERN, f"b-{DATED}": as_csv(PAGES_2020, [page_post(2)])})
    file = SimpleUploadedFile("all.zip", archive)
    sent = program.post(address(project), {"file": file, **IN_BISHKEK}, format="multipart")
    first = finished(Import.objects.of(project).get(pk=sent.data["id"]))
    other = finished(first.unpacked.get())
    url = address(project, first.pk, "answer")
    # Answers to other questions leave this one open.
    moment = {"exported_at": "2021-02-01T10:00Z"}
    assert program.post(url, moment, format="json").data["state"] == "asking"
    said = {"timezone": "as-printed", "alike": True}
    answered = program.post(url, said, format="json")
    assert (answered.data["state"], answered.data["timezone"]) == ("waiting", "")
    assert [finished(one).state for one in (first, other)] == ["done", "done"]


def test_a_program_states_what_the_file_does_not_say(program: APIClient, project: Project) -> None:
    said = {"timezone": "UTC", "day_order": "dmy", "exported_at": "2026-05-01T10:00Z"}
    file = SimpleUploadedFile("export.csv", MELTWATER)
    sent = program.post(address(project), {"file": file, **said}, format="multipart")
    assert (sent.data["state"], sent.data["is_moment_assumed"]) == ("waiting", False)


@pytest.mark.parametrize(
    "content",
    [EXPORT, EXPORT.decode("utf-8-sig").encode("utf-16"), json.dumps({"data": [AD]}).encode()],
    ids=["plain", "converted", "ads, of which the newer answer stands"],
)
def test_a_program_is_asked_when_a_file_was_exported(
    content: bytes, program: APIClient, project: Project
) -> None:
    file = SimpleUploadedFile("export.csv", content)
    sent = program.post(address(project), {"file": file}, format="multipart")
    one = finished(Import.objects.of(project).get(pk=sent.data["id"]))
    assert (one.state, abouts(one)) == ("asking", ["exported_at"])
    url = address(project, one.pk, "answer")
    assert program.post(url, {"exported_at": "2099-01-01T00:00Z"}).status_code == 400
    said = program.post(url, {"exported_at": "2021-01-13T09:15+06:00"}, format="json")
    assert (said.data["state"], said.data["is_moment_assumed"]) == ("waiting", False)
    assert finished(one).exported_at.isoformat() == "2021-01-13T03:15:00+00:00"


def test_a_program_is_not_asked_what_it_cannot_say(program: APIClient, project: Project) -> None:
    file = SimpleUploadedFile("export.csv", b"foo,bar\n1,2\n")
    sent = program.post(address(project), {"file": file}, format="multipart")
    assert (sent.status_code, sent.data["code"]) == (400, "unknown_header")


def test_a_program_mends_rejected_rows(program: APIClient, project: Project) -> None:
    rows = [page_post(1), page_post(2, Likes="many")]
    done = take_in(project, as_csv(PAGES_2020, rows), name=STABLE)
    url = address(project, done.pk, "mend")
    csv = b"".join(program.get(url)).decode()
    assert program.get(url)["Content-Type"].startswith("text/csv")
    saved = csv.replace("many", "0").encode("utf-16")  # as by a spreadsheet program
    mended = SimpleUploadedFile("mended.csv", saved)
    sent = program.post(url, {"file": mended}, format="multipart")
    assert (sent.status_code, sent.data["repairs"]) == (201, done.pk)
    repair = finished(Import.objects.of(project).get(pk=sent.data["id"]))
    assert repair.rows_created == 1
    assert not RejectedRow.objects.filter(source_import=done).exists()
    other = SimpleUploadedFile(
        "other.csv", as_csv(PAGES_2020, [page_post(3)]).decode().encode("utf-16")
    )
    later = program.post(url, {"file": other}, format="multipart")
    refused = finished(Import.objects.of(project).get(pk=later.data["id"]))
    assert (later.status_code, refused.state) == (201, "failed")
    assert refused.failure["code"] == "repair_other"
    other = SimpleUploadedFile("other.csv", as_csv(PAGES_2020, [page_post(3)]))
    refused = program.post(url, {"file": other}, format="multipart")
    assert (refused.status_code, refused.data["code"]) == (400, "repair_other")


def test_an_archive_of_a_program_is_an_import_for_each_file(
    program: APIClient, project: Project
) -> None:
    file = SimpleUploadedFile("a.zip", zipped({"a.csv": EXPORT, "b.csv": OTHER}))
    sent = program.post(address(project), {"file": file}, format="multipart")
    assert (sent.status_code, sent.data["state"]) == (201, "received")
    finished(Import.objects.of(project).get(pk=sent.data["id"]))
    found = program.get(address(project)).data["results"]
    assert [(one["file_name"], one["unpacked_from"]) for one in found] == [
        ("b.csv", sent.data["id"]),
        ("a.csv", None),
    ]
