"""Uploads in a real browser, with real workers that are killed."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from monitoring.models import Import, ImportChunk, Membership, Post, Project
from tests.browser.conftest import running_worker
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.test_imports import make_project

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = 30_000


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def admin(project: Project) -> User:
    user = User.objects.create_user("admin")
    Membership.objects.create(project=project, user=user, role="admin")
    return user


def upload(page: Page, project: Project, content: bytes, *, name: str = STABLE) -> None:
    page.goto(reverse("monitoring:imports", args=[project.slug]))
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').set_input_files([file])
    page.get_by_role("button", name="Import").click()


def test_an_upload_is_followed_live_until_it_is_done(
    open_page: Callable[..., Page], worker: Popen[bytes], admin: User, project: Project
) -> None:
    page = open_page(as_user=admin)
    posts = [page_post(number, Likes=number) for number in range(200)]
    upload(page, project, as_csv(PAGES_2020, posts))
    expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=20_000)
    expect(page.locator("main")).to_contain_text("200 created")
    assert Post.objects.of(project).count() == 200


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    open_page: Callable[..., Page],
    worker: Popen[bytes],
    admin: User,
    project: Project,
    settings: Any,
    tmp_path: Path,
) -> None:
    page = open_page(as_user=admin)
    posts = [page_post(number, Likes=number % 90) for number in range(POSTS)]
    upload(page, project, as_csv(PAGES_2020, posts))
    expect(page.locator("main")).to_contain_text("created")
    while not ImportChunk.objects.filter(state="done").exists():
        page.wait_for_timeout(20)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    with running_worker(settings, tmp_path):
        expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=60_000)
    done = Import.objects.of(project).get()
    assert (done.rows_created, done.rows_rejected) == (POSTS, 0)
    assert Post.objects.of(project).count() == POSTS
    assert sum(Post.objects.of(project).values_list("likes", flat=True)) == sum(
        number % 90 for number in range(POSTS)
    )


def test_without_a_worker_the_page_says_so_and_does_not_spin(
    open_page: Callable[..., Page], admin: User, project: Project
) -> None:
    page = open_page(as_user=admin)
    upload(page, project, as_csv(PAGES_2020, [page_post(1)]))
    expect(page.locator("main")).to_contain_text("worker", timeout=25_000)


def test_a_wrong_file_gets_a_sentence_and_leaves_nothing(
    open_page: Callable[..., Page], admin: User, project: Project
) -> None:
    page = open_page(as_user=admin)
    upload(page, project, b"<!doctype html><p>Sign in</p>", name="export.csv")
    expect(page.locator("main")).to_contain_text("export.csv")
    assert not Import.objects.of(project).exists()
