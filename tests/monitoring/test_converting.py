"""A worker converts what is no CSV in UTF-8: killed or cancelled, nothing is lost or left."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from monitoring import tasks
from monitoring.models import Import, Project
from monitoring.services import converting
from monitoring.services.converting import MOST_ATTEMPTS, convert
from monitoring.services.imports import SentFile, open_import
from monitoring.services.ledger import find, unattended
from monitoring.services.progress import progress_of
from monitoring.services.received import held, stored
from monitoring.services.steering import NotPossible, cancel, pause, resume
from tests.monitoring.exports import PAGES_2020, STABLE, page_post
from tests.monitoring.importers.files import ndjson
from tests.monitoring.importers.test_formats import API_POST, workbook
from tests.monitoring.test_archives import finished, stored_files
from tests.monitoring.test_imports import NOW, take_in

pytestmark = pytest.mark.django_db
POSTS = 1_200


def api_posts(number: int = POSTS) -> bytes:
    """An export of NDJSON, each post of its own address."""
    address = API_POST["postUrl"].rpartition("/")[0]
    return ndjson(
        *({**API_POST, "platformId": f"1_{n}", "postUrl": f"{address}/{n}"} for n in range(number))
    )


@pytest.fixture
def received(project: Project) -> Import:
    file = SentFile("posts.ndjson", [api_posts()])
    return open_import(project=project, file=file, received_at=NOW).source_import


def again(one: Import) -> Import:
    return find(project_id=one.project_id, import_id=one.pk)


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it, nothing is tidied up after it."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the worker end when a share of the file is converted."""

    def kill(share: float) -> None:
        def reporting(taken: Import, sign: Any) -> Any:
            def step(done: float) -> None:
                if done >= share:
                    raise Killed

            return step

        monkeypatch.setattr(converting, "_reporting", reporting)

    return kill


def test_a_request_only_receives_and_a_worker_converts(received: Import) -> None:
    assert (received.state, received.encoding, received.rows_total) == ("received", "", None)
    assert [path.name for path in stored_files()] == [Path(received.stored_path).name]
    done = finished(received)
    assert (done.source, done.encoding, done.state) == ("crowdtangle-api", "json", "done")
    assert done.rows_created == POSTS
    assert [path.name for path in stored_files()] == [f"{done.sha256}.{done.encoding}.utf8"]


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_an_attempt_that_was_killed_is_made_again_from_the_beginning(
    share: float, received: Import, killed_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(share)
    with pytest.raises(Killed):
        convert(source_import=received)
    one = again(received)
    assert (one.state, one.attempts) == ("converting", 1)
    stored(one.stored_path + ".table").write_text("half")
    monkeypatch.undo()
    done = finished(one)
    assert (done.state, done.rows_created) == ("done", POSTS)
    assert len(stored_files()) == 1


def test_a_file_that_kills_each_worker_fails_and_can_be_tried_again(
    received: Import, killed_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(0.0)
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            convert(source_import=again(received))
    assert not convert(source_import=again(received))
    failed = again(received)
    assert (failed.state, failed.failure["code"]) == ("failed", "never_whole")
    assert len(stored_files()) == 1  # as it was sent
    monkeypatch.undo()
    resumed = resume(source_import=failed)
    assert (resumed.state, resumed.attempts) == ("received", 0)
    assert finished(resumed).rows_created == POSTS


def test_a_full_disk_is_no_reason_to_lose_the_file(
    received: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(converting, "table_text", full)
        assert not convert(source_import=received)
    assert again(received).state == "converting"
    assert finished(again(received)).rows_created == POSTS


def test_two_workers_never_convert_one_file_at_a_time(received: Import) -> None:
    with held(stored(received.stored_path)):
        assert not convert(source_import=received)
    assert again(received).attempts == 0


def test_what_stands_still_is_offered_again(received: Import) -> None:
    quiet = tasks.QUIET
    assert unattended(quiet=quiet * 0) == [(received.project_id, received.pk)]
    assert unattended(quiet=quiet) == []


def test_how_far_it_is_is_told_while_it_is_converted(
    received: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int | None] = []
    monkeypatch.setattr(converting, "_BETWEEN_REPORTS", 0)

    def look() -> None:
        seen.append(progress_of(source_import=again(received), now=NOW).percent)

    convert(source_import=received, sign=look)
    assert len(seen) > 3
    assert seen == sorted(seen, key=lambda percent: percent or 0)
    assert seen[-1] is not None
    assert 50 < seen[-1] <= 100
    assert again(received).bytes_converted == 0


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_cancelled_conversion_leaves_nothing(
    is_begun: bool, received: Import, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_begun:
        monkeypatch.setattr(converting, "_BETWEEN_REPORTS", 0)

        def cancel_it() -> None:
            if again(received).state == "converting":
                cancel(source_import=again(received), by=admin)

        convert(source_import=received, sign=cancel_it)
    else:
        cancel(source_import=received, by=admin)
    cancelled = again(received)
    assert (cancelled.state, cancelled.stopped_by) == ("cancelled", admin)
    assert stored_files() == []
    assert not convert(source_import=cancelled)
    with pytest.raises(NotPossible):
        resume(source_import=cancelled)


def test_what_is_converted_cannot_be_paused(received: Import, admin: User) -> None:
    with pytest.raises(NotPossible):
        pause(source_import=received, by=admin)


def test_a_file_that_turns_out_unreadable_fails_with_its_reason_and_leaves_nothing(
    project: Project, client: Client, admin: User
) -> None:
    cut = json.dumps([API_POST, API_POST]).encode()[:-40]
    failed = take_in(project, cut, name="posts.json")
    assert (failed.state, failed.failure["code"]) == ("failed", "json_broken")
    assert stored_files() == []
    client.force_login(admin)
    page = client.get(reverse("monitoring:import", args=[project.slug, failed.pk]))
    text = page.content.decode()
    assert "Element 2 of the JSON list is damaged" in text
    assert reverse("monitoring:resume_import", args=[project.slug, failed.pk]) not in text


def test_a_workbook_of_unknown_columns_waits_for_its_explanation(
    project: Project, client: Client, admin: User
) -> None:
    client.force_login(admin)
    upload = SimpleUploadedFile("a.xlsx", workbook(["Day", "Words"], [["2021-01-05", "Hello"]]))
    client.post(reverse("monitoring:upload", args=[project.slug]), {"uploads": [upload]})
    asking = finished(Import.objects.of(project).get())
    assert (asking.state, asking.encoding) == ("asking", "xlsx")
    answer = client.get(reverse("monitoring:table", args=[project.slug, asking.pk]))
    assert "Hello" in answer.content.decode()


def test_sheets_that_were_not_read_are_named(browser: Client, project: Project) -> None:
    table = [PAGES_2020, [str(page_post(2).get(name, "")) for name in PAGES_2020]]
    notes = [["Nothing but a title"]]
    book = workbook(table[0], table[1:], notes, [["Page", "Posts"], ["a", 1]], table)
    url = reverse("monitoring:upload", args=[project.slug])
    browser.post(url, {"uploads": [SimpleUploadedFile(STABLE, book)]})
    done = finished(Import.objects.of(project).get())
    assert (done.state, done.rows_created, done.left_out) == ("done", 1, ["Sheet3", "Sheet4"])
    page = browser.get(reverse("monitoring:imports", args=[project.slug])).content.decode()
    assert "Sheet3, Sheet4" in page


def test_the_worker_that_converted_asks_for_work_on_what_is_in_it(
    received: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(tasks, "_publish_task", lambda task, **what: asked.append((task, what)))
    tasks.run_import(project_id=received.project_id, import_id=received.pk)
    assert [task for task, _what in asked] == [tasks.convert_import]
    tasks.convert_import(project_id=received.project_id, import_id=received.pk)
    assert [task for task, _what in asked[1:]] == [tasks.run_import]
    assert again(received).state == "waiting"
