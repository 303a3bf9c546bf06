"""The desk of a small project, open in a browser: what the tests of the desk start from."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from coding.models import Coding
from tests.coding.desk_project import DeskProject, make_desk_project


@pytest.fixture
def desk_project() -> DeskProject:
    return make_desk_project()


@pytest.fixture
def monitor(desk_project: DeskProject) -> User:
    user = desk_project.member("monitor")
    desk_project.assign(user)
    return user


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, monitor: User) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    sign_in(context, live_server, monitor)
    yield context
    context.close()


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer) -> Iterator[Page]:
    """The desk, watched: no error on its console, no request to any other host."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type == "error" and "Failed to load resource" not in line.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(live_server.url) else complaints.append(request.url)
        ),
    )
    page.goto(f"{live_server.url}/p/mission/code/")
    yield page
    if not page.is_closed():
        # A save on its way would meet the emptying of the tables.
        expect(page.locator("[data-save-state]")).not_to_have_attribute("data-state", "saving")
        page.close()
    assert complaints == []


def sign_in(context: BrowserContext, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def press(page: Page, keys: str) -> None:
    """The keys, at the pace of a fast person."""
    page.wait_for_timeout(300)
    for key in keys.split():
        page.keyboard.press(key)


def save_state(page: Page) -> Locator:
    return page.locator("[data-save-state]")


def codings_of(user: User) -> list[tuple[str, list[str], list[tuple[str, str]]]]:
    return [
        (
            coding.post.native_id,
            [topic.key for topic in coding.topics.all()],
            [(mention.actor.name, mention.tone.key) for mention in coding.mentions.all()],
        )
        for coding in Coding.objects.filter(coder=user).order_by("id")
    ]


def wait_for_rows(page: Page, user: User, count: int) -> None:
    """Until so many rows of the person are stored; no more may be."""
    rows = Coding.objects.filter(coder=user)
    for _ in range(100):
        if rows.count() >= count:
            break
        page.wait_for_timeout(50)
    assert rows.count() == count
