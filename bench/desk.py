"""The desk at work: 50 monitors on a real server, and the time from a key to the next post."""

import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from coding.models import Assignment, Coding
from coding.services.codebooks import published_version
from config.reference_project import SLUG
from monitoring.models import Membership, Post, Project, Role
from tests.browser import chromium
from tests.browser.conftest import address_of_database

MONITORS = 50
SECONDS = 30
# A fast monitor saves every 3 seconds; 50 of them are 17 saves a second.
PACE = 3.0
# As many as a tab asks for.
AT_ONCE = 3
# A server that has just started reads its templates with the first requests; nobody works then.
WARM_UP = 5
# One save in so many is sent twice, as after an answer that was lost.
SENT_TWICE = 10
POSTS_IN_BROWSER = 30
CSRF = "b" * 32


class Request(NamedTuple):
    """When a request began, on the clock that all processes share, and how long it took."""

    began: float
    milliseconds: float


@dataclass
class Work:
    """What a monitor's tab asked, and what the server acknowledged."""

    saves: list[Request] = field(default_factory=list)
    nexts: list[Request] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


def run() -> None:
    project = Project.objects.get(slug=SLUG)
    with running_server() as port:
        work_of_many(project, port)
        for delay in (0, 200):
            keys_in_browser(port, delay)


def of_the_server() -> dict[str, str]:
    """The environment of a server on the database of the bench, with the settings of users."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address_of_database(),
        "REDIS_URL": settings.REDIS.url,
        "SECRET_KEY": settings.SECRET_KEY,
    }


@contextmanager
def running_server() -> Iterator[int]:
    """Gunicorn as it runs for users, on the database of the bench; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
        cwd=settings.BASE_DIR,
        env={**of_the_server(), "PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            assert server.poll() is None, "the server does not start"
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def work_of_many(project: Project, port: int) -> None:
    """Fifty monitors, each with their own tab; half of their posts are coded by two."""
    before = set(Coding.objects.of(project).values_list("request_id", flat=True))
    monitors = make_monitors(project, SECONDS)
    works = work_of(monitors, project, port, SECONDS)
    saves = [each.milliseconds for work in works for each in work.saves]
    nexts = [each.milliseconds for work in works for each in work.nexts]
    print(f"{MONITORS} monitors, {len(saves) / SECONDS:.0f} saves and {len(nexts) / SECONDS:.0f}")
    print(f"  fetches of posts a second: save {spread(saves)}, next posts {spread(nexts)}")
    acknowledged = {uuid.UUID(one) for work in works for one in work.acknowledged}
    rows = Coding.objects.of(project).filter(coder__in=monitors)
    stored = [one for one in rows.values_list("request_id", flat=True) if one not in before]
    doubled = rows.values("post", "coder").annotate(rows=Count("pk")).filter(rows__gt=1).count()
    failed = [status for work in works for status in work.failed]
    print(
        f"  {len(acknowledged)} acknowledged: {len(acknowledged - set(stored))} lost,"
        f" {len(stored) - len(set(stored)) + doubled} doubled, {len(failed)} failed {failed[:5]}"
    )


def work_at_the_desk(project: Project, port: int, seconds: float) -> list[Work]:
    """Fifty new monitors code for so long."""
    return work_of(make_monitors(project, seconds), project, port, seconds)


def work_of(monitors: Sequence[User], project: Project, port: int, seconds: float) -> list[Work]:
    def work(person: User) -> Work:
        try:
            return code(person, project, port, seconds)
        finally:
            connection.close()  # that of this thread, which ends

    with ThreadPoolExecutor(MONITORS) as threads:
        return list(threads.map(work, monitors))


def make_monitors(project: Project, seconds: float) -> list[User]:
    """Monitors with three times the posts that they can code in so long; each two share half."""
    each = int(3 * seconds / PACE)
    step = each // 2
    names = [f"bench-{uuid.uuid4().hex[:8]}" for _ in range(MONITORS)]
    people = User.objects.bulk_create([User(username=name) for name in names])
    Membership.objects.bulk_create(
        Membership(project=project, user=person, role=Role.MONITOR) for person in people
    )
    most_liked = Post.objects.of(project).order_by("-interactions").values_list("pk", flat=True)
    posts = list(most_liked[: MONITORS * step + each])
    random.Random(2021).shuffle(posts)
    Assignment.objects.bulk_create(
        Assignment(
            project=project,
            post_id=posts[number * step + place],
            monitor=person,
            position=place,
        )
        for number, person in enumerate(people)
        for place in range(each)
    )
    return people


def code(person: User, project: Project, port: int, seconds: float) -> Work:
    """One tab: fetch a few posts at a time, save each, at the pace of a fast monitor."""
    work, chance = Work(), random.Random(person.pk)
    version = published_version(project=project)
    assert version is not None
    topics = [topic.key for topic in version.topics.all()]
    client = Client()
    client.force_login(person)
    headers = {
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    home, sheets, after = f"/p/{SLUG}/code", [], ""
    for _time in range(2):
        ask(line, work, [], "GET", f"{home}/next/?count=1", headers)
    time.sleep(WARM_UP + chance.uniform(0, PACE))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not sheets:
            said = ask(
                line, work, work.nexts, "GET", f"{home}/next/?count={AT_ONCE}{after}", headers
            )
            sheets = said.get("sheets", [])
            after = f"&after={sheets[-1]['assignment']}" if sheets else ""
        if not sheets:
            break
        sheet = sheets.pop(0)
        actors = re.findall(r'data-actor-row="(\d+)"', sheet["actors"])
        body = {
            "post": sheet["post"],
            "base_number": sheet["base_number"],
            "request_id": str(uuid.uuid4()),
            "version": version.pk,
            "coder": person.pk,
            "seconds": 3,
            "action": "save",
            "topic": chance.choice(topics),
            **{f"tone-{actor}": "neutral" for actor in actors[:2]},
        }
        for _turn in range(2 if chance.randrange(SENT_TWICE) == 0 else 1):
            said = ask(line, work, work.saves, "POST", f"{home}/save/", headers, urlencode(body))
            if "saved_at" in said:
                work.acknowledged.append(body["request_id"])
        time.sleep(PACE * chance.uniform(0.5, 1.5))
    return work


def ask(
    line: http.client.HTTPConnection,
    work: Work,
    asked: list[Request],
    method: str,
    path: str,
    headers: dict[str, str],
    body: str | None = None,
) -> dict:
    began = time.monotonic()
    line.request(method, path, body, headers)
    response = line.getresponse()
    text = response.read()
    asked.append(Request(began, 1000 * (time.monotonic() - began)))
    line.close()  # the server waits two seconds only for the next request
    if response.status != 200:
        work.failed.append(response.status)
        return {}
    return json.loads(text)


def keys_in_browser(port: int, delay: int) -> None:
    """Code posts in Chromium and time each from Enter until the next one is painted."""
    client = Client()
    client.force_login(User.objects.get(username="monitor-1"))
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        assert browser is not None, chromium.MISSING
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        address = f"http://127.0.0.1:{port}"
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        if delay:
            line = page.context.new_cdp_session(page)
            line.send("Network.enable")
            endless = {"downloadThroughput": -1, "uploadThroughput": -1, "offline": False}
            line.send("Network.emulateNetworkConditions", {"latency": delay, **endless})
        page.goto(f"{address}/p/{SLUG}/code/")
        spent = time_keys(page)
        print(f"key to next post, {delay} ms of network delay: {spread(spent)}")
        browser.close()


def time_keys(page: Page) -> list[float]:
    page.evaluate(
        """() => {
            window.spent = [];
            addEventListener("keydown", (event) => {
                if (event.key !== "Enter") return;
                requestAnimationFrame(() => {
                    const painted = new MessageChannel();
                    painted.port1.onmessage = () =>
                        window.spent.push(performance.now() - event.timeStamp);
                    painted.port2.postMessage(null);
                });
            }, true);
        }"""
    )
    posts = set()
    for _post in range(POSTS_IN_BROWSER):
        page.wait_for_timeout(300)
        page.keyboard.press("e")
        page.keyboard.press("Enter")
        posts.add(page.locator("[data-post]").inner_text())
    page.wait_for_timeout(300)
    assert len(posts) > POSTS_IN_BROWSER / 2, "the posts do not change"
    return page.evaluate("window.spent")


def spread(spent: Sequence[float]) -> str:
    if len(spent) < 2:
        return "nothing measured"
    twentieths = statistics.quantiles(spent, n=20)
    return f"median {statistics.median(spent):.0f} ms, p95 {twentieths[-1]:.0f} ms"
