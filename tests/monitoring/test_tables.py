"""A table of no known kind waits for somebody to say what its columns are, once."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from monitoring.models import Import, Post, Project, TableMapping
from monitoring.services.imports import SentFile, open_import
from monitoring.services.ledger import work
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.importers.files import csv_of
from tests.monitoring.importers.test_table import TELEGRAM, TOML
from tests.monitoring.test_imports import NOW

pytestmark = pytest.mark.django_db

MAPPED = {
    "column-0": "published",
    "column-1": "url",
    "column-2": "text",
    "column-3": "reactions",
    "column-4": "views",
    "dates": "dmy",
    "timezone": "Asia/Bishkek",
    "exported_at": "2021-01-20T10:00",
    "name": "The provider's Telegram",
}


def send(browser: Client, project: Project, content: bytes, name: str = "provider.csv") -> Any:
    url = reverse("monitoring:upload", args=[project.slug])
    return browser.post(url, {"uploads": [SimpleUploadedFile(name, content)]}, follow=True)


def page(waiting: Import, name: str = "table") -> str:
    return reverse(f"monitoring:{name}", args=[waiting.project.slug, waiting.pk])


def table_that_waits(project: Project) -> Import:
    file = SentFile("a.csv", [TELEGRAM])
    return open_import(
        project=project, file=file, received_at=NOW, may_ask=True, may_explain=True
    ).source_import


def finish(project: Project) -> Import:
    one = Import.objects.of(project).latest("pk")
    while work(project_id=project.pk, import_id=one.pk, seconds=60):
        pass
    one.refresh_from_db()
    return one


def test_an_unknown_table_waits_and_the_page_of_imports_says_so(
    browser: Client, project: Project
) -> None:
    answer = send(browser, project, TELEGRAM)
    waiting = Import.objects.of(project).get()
    assert (waiting.state, waiting.asks[0]["about"]) == ("asking", "columns")
    assert page(waiting) in answer.content.decode()
    # The same file again is the same waiting table.
    send(browser, project, TELEGRAM)
    assert Import.objects.of(project).count() == 1


def test_of_a_table_that_is_nearly_known_the_missing_columns_are_named(
    browser: Client, project: Project
) -> None:
    columns = [name for name in PAGES_2020 if name != "Message"]
    answer = send(browser, project, as_csv(columns, [page_post(1)]))
    assert "These columns are missing: Message." in answer.content.decode()


def test_the_page_shows_the_first_rows_and_a_guess(browser: Client, project: Project) -> None:
    send(browser, project, TELEGRAM)
    answer = browser.get(page(Import.objects.of(project).get()))
    form = answer.context["form"]
    assert [form.initial[f"column-{number}"] for number in range(8)] == [
        "published",
        "url",
        "text",
        "reactions",
        "views",
        "shares",
        "comments",
        "",
    ]
    assert form.initial["platform"] == "telegram"
    assert "https://t.me/kanal/5" in answer.content.decode()


def test_once_explained_it_comes_in_and_so_does_the_next_without_asking(
    browser: Client, project: Project
) -> None:
    send(browser, project, TELEGRAM)
    waiting = Import.objects.of(project).get()
    browser.post(page(waiting), MAPPED)
    done = finish(project)
    assert (done.source, done.state, done.rows_created, done.rows_rejected) == (
        "table",
        "done",
        2,
        1,
    )
    post = Post.objects.of(project).get(native_id="kanal/5")
    assert (post.platform, post.interactions, post.views, post.comments) == (
        "telegram",
        12,
        1500,
        None,
    )
    assert TableMapping.objects.of(project).get().name == "The provider's Telegram"

    head, rest = TELEGRAM.split(b"\n", 1)
    names = head.split(b";")
    second = b";".join([*names[1:], names[0]]) + b"\nhttps://t.me/kanal/9;;7;;;;;05/04/2026 10:00\n"
    assert rest
    url = reverse("monitoring:upload", args=[project.slug])
    upload = SimpleUploadedFile("again.csv", second)
    said = {name: MAPPED[name] for name in ("timezone", "exported_at")}
    browser.post(url, {"uploads": [upload], **said})
    assert finish(project).rows_created == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"column-0": ""}, "when a post was published"),
        ({"column-1": ""}, "address of a post"),
        ({"column-2": "url"}, "is said to be this already"),
        ({"timezone": ""}, "time zone"),
        ({"dates": ""}, "the day or the month"),
        ({"timezone": "Mars/Base"}, ""),
        ({"name": ""}, ""),
    ],
)
def test_what_is_left_open_is_asked_and_nothing_comes_in(
    change: dict[str, str], said: str, browser: Client, project: Project
) -> None:
    send(browser, project, TELEGRAM)
    waiting = Import.objects.of(project).get()
    answer = browser.post(page(waiting), {**MAPPED, **change})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert said in answer.content.decode()
    assert Import.objects.of(project).get().state == "asking"
    assert not TableMapping.objects.of(project).exists()


def test_a_name_is_given_once(browser: Client, project: Project) -> None:
    for content in (TELEGRAM, TELEGRAM.replace("Заметки".encode(), b"Notes")):
        send(browser, project, content)
        answer = browser.post(page(Import.objects.of(project).latest("pk")), MAPPED)
    assert "name" in answer.context["form"].errors
    assert Import.objects.of(project).filter(state="asking").count() == 1


def test_a_table_may_be_thrown_away_with_its_file(browser: Client, project: Project) -> None:
    send(browser, project, TELEGRAM)
    browser.post(page(Import.objects.of(project).get(), "table_away"))
    assert Import.objects.of(project).get().state == "cancelled"
    assert not [path for path in (settings.MEDIA_ROOT / "imports").iterdir() if path.is_file()]


def test_a_kind_of_table_may_be_asked_about_again(browser: Client, project: Project) -> None:
    send(browser, project, TELEGRAM)
    browser.post(page(Import.objects.of(project).get()), MAPPED)
    kept = TableMapping.objects.of(project).get()
    assert browser.get(reverse("monitoring:imports", args=[project.slug])).context["kinds"]
    browser.post(reverse("monitoring:kind_away", args=[project.slug, kept.pk]))
    assert not TableMapping.objects.of(project).exists()
    # What is under way keeps its own copy.
    assert finish(project).rows_created == 2


@pytest.mark.parametrize("role", ["viewer", "monitor", "lead"])
def test_only_who_imports_may_say_what_columns_are(
    role: str, client: Client, project: Project
) -> None:
    waiting = table_that_waits(project)
    client.force_login(make.member(project, role))
    assert client.get(page(waiting)).status_code == 403
    assert client.post(page(waiting, "table_away")).status_code == 403


def test_a_table_of_another_project_does_not_exist(browser: Client) -> None:
    other = make.project("other")
    waiting = table_that_waits(other)
    assert browser.get(page(waiting)).status_code == 404
    url = reverse("monitoring:table", args=["mission", waiting.pk])
    assert browser.get(url).status_code == 404


def test_hostile_names_of_columns_are_shown_and_not_run(browser: Client, project: Project) -> None:
    send(browser, project, csv_of("b,<script>alert(1)</script>", "2,<img src=x onerror=1>"))
    text = browser.get(page(Import.objects.of(project).get())).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_list_with_many_waiting_tables_asks_once(
    browser: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        send(browser, project, csv_of(f"a{number},b", "1,2"))
    with django_assert_max_num_queries(10):
        browser.get(reverse("monitoring:imports", args=[project.slug]))


def test_a_mapping_explains_a_header_once_and_has_a_name_of_its_own(project: Project) -> None:
    row = {"project": project, "fingerprint": "x", "name": "a", "mapping": {}}
    TableMapping.objects.create(**row)
    for change, sentence in (
        ({"name": "b"}, "table_mapping_explains_a_header_once"),
        ({"fingerprint": "y"}, "table_mapping_name_is_unique_in_project"),
    ):
        with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
            TableMapping.objects.create(**{**row, **change})


def test_a_post_cannot_have_a_counter_that_its_platform_lacks(project: Project) -> None:
    test = "post_lacks_the_counters_its_platform_lacks"
    account = make.account(make.actor(project), platform="youtube")
    post = make.post(account)
    Post.objects.of(project).filter(pk=post.pk).update(likes=0)
    for counter in ("shares", "love"):
        with pytest.raises(IntegrityError, match=test), transaction.atomic():
            Post.objects.of(project).filter(pk=post.pk).update(**{counter: 0})


def test_the_command_takes_a_mapping_from_a_file(project: Project, tmp_path: Path) -> None:
    path, toml = tmp_path / "provider.csv", tmp_path / "provider.toml"
    path.write_bytes(TELEGRAM)
    toml.write_text(TOML)
    options = {"project": project.slug, "timezone": "Asia/Bishkek", "verbosity": 0, "json": True}
    with pytest.raises(CommandError, match="mapping"):
        call_command("import_file", path, source="table", stderr=io.StringIO(), **options)
    out = io.StringIO()
    arguments = ["--source", "table", "--mapping", str(toml)]
    call_command("import_file", path, *arguments, stdout=out, stderr=io.StringIO(), **options)
    counts = json.loads(out.getvalue().splitlines()[-1])
    assert (counts["source"], counts["created"], counts["rejected"]) == ("table", 2, 1)
