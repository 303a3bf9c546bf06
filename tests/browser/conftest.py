"""A real Chromium in front of a real site, with a real worker behind it where a test wants one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from tests.browser import chromium
from tests.browser.desk import context, desk, desk_project, monitor  # noqa: F401  # fixtures

# Playwright waits in an event loop of its own, in which Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SECONDS_TO_BE_READY = 60
HURRY = """
const later = window.setTimeout.bind(window);
window.setTimeout = (then, wait, ...rest) => later(then, wait > 999 ? wait / 10 : wait, ...rest);
const patience = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (wait) => patience(wait / 10);
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright)
        if launched is None:
            # Where nobody reads the output, a suite without browser tests must not look whole.
            (pytest.fail if os.environ.get("CI") else pytest.skip)(chromium.MISSING)
        yield launched
        launched.close()


class Complaints(list[str]):
    """What a browser finds wrong with our pages."""

    def __init__(self, site: str) -> None:
        self.own_host = urlsplit(site).netloc

    def listen_to(self, page: Page) -> None:
        page.on("console", self.note_message)
        page.on("pageerror", lambda error: self.append(f"uncaught: {error}"))
        page.on("request", self.note_request)

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(f"{message.type}: {message.text}")

    def note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.own_host:
            self.append(f"request to another host: {request.url}")


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens windows on the site: ``open_page(as_user=lead, width=390, height=844)``.

    A test that opened one fails if the page logged an error, broke the Content-Security-Policy or
    asked another host for anything. ``color_scheme="dark"`` and the like go to the browser; to a
    ``hurried`` page a second of its own waiting is a tenth of one.
    """
    complaints = Complaints(live_server.url)
    contexts = []

    def open_one(
        *,
        as_user: User | None = None,
        width: int = 1366,
        height: int = 768,
        hurried: bool = False,
        **options: Any,
    ) -> Page:
        viewport = {"width": width, "height": height}
        opened = browser.new_context(base_url=live_server.url, viewport=viewport, **options)
        contexts.append(opened)
        if as_user:
            client = Client()
            client.force_login(as_user)
            for name, morsel in client.cookies.items():
                opened.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = opened.new_page()
        if hurried:
            page.add_init_script(HURRY)
        complaints.listen_to(page)
        return page

    yield open_one
    for opened in contexts:
        opened.close()
    assert complaints == []


@pytest.fixture
def worker(transactional_db: None, settings, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on this run's database and broker, ready for jobs."""
    with running_worker(settings, tmp_path) as process:
        yield process


@contextmanager
def running_worker(settings: Any, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.worker", "--concurrency", "1"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": address_of_database(),
                "REDIS_URL": settings.REDIS.url,
                "SECRET_KEY": settings.SECRET_KEY,
                "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    while not app.control.ping(timeout=0.5):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
    yield process
    if process.poll() is None:
        process.terminate()
    process.wait(timeout=SECONDS_TO_BE_READY)


def address_of_database() -> str:
    """The database of this run as a DATABASE_URL; its host may be the folder of a socket."""
    at = connection.settings_dict
    person = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    is_socket = at["HOST"].startswith("/")
    host, folder = ("", f"/{at['HOST']}") if is_socket else (at["HOST"], "")
    return f"postgres://{person}@{host}:{at['PORT'] or 5432}{folder}/{at['NAME']}"
