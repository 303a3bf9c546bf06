"""A reader's first visit to a page and their second, in headless Chromium on loopback.

Bars: the first paint within a second, at most 1.7 MB sent at the first visit and 60 kB at the
second. The server, its compressed files and their names are as on a server.
"""

import statistics
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.desk import of_the_server, running_server
from bench.live import session_of
from config.reference_project import SLUG
from tests.browser import chromium

PAGES = {"report page": "dashboards:report", "dashboard": "dashboards:dashboard"}
TIMES = 5
FIRST_PAINT_MS, FIRST_KB, SECOND_KB = 1000, 1700, 60
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# Plotly is there and has drawn a chart that is on the screen.
_DRAWN = "[data-figure] .main-svg"


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the click, and what came over the line."""

    painted: float
    drawn: float
    kilobytes: float


def run() -> None:
    make_static = [sys.executable, "-m", "config.static"]
    subprocess.run(make_static, cwd=settings.BASE_DIR, env=of_the_server(), check=True)
    lead = session_of(User.objects.get(username="lead"))
    with sync_playwright() as playwright, running_server() as port:
        browser = chromium.launch(playwright)
        if browser is None:
            print(chromium.MISSING)
            return
        for name, page in PAGES.items():
            address = f"http://127.0.0.1:{port}{reverse(page, args=[SLUG])}"
            pairs = [visit_twice(browser, address, lead) for _time in range(TIMES)]
            told(name, *zip(*pairs, strict=True))
        browser.close()


def visit_twice(browser: Browser, address: str, session: str) -> tuple[Visit, Visit]:
    """By a browser that was never here, and again when its cache is warm."""
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    visits = visit(context, address), visit(context, address)
    context.close()
    return visits


def visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    line = context.new_cdp_session(page)
    received: list[float] = []
    line.on("Network.loadingFinished", lambda one: received.append(one["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(address, wait_until="load")
    page.locator("[data-figure]").first.scroll_into_view_if_needed()
    page.wait_for_selector(_DRAWN, state="attached")
    drawn = page.evaluate("performance.now()")
    painted = page.evaluate(_PAINTED)
    page.close()
    return Visit(painted, drawn, sum(received) / 1000)


def told(name: str, firsts: tuple[Visit, ...], seconds: tuple[Visit, ...]) -> None:
    for which, visits, most in (("first", firsts, FIRST_KB), ("second", seconds, SECOND_KB)):
        painted = [one.painted for one in visits]
        drawn = statistics.median(one.drawn for one in visits)
        sent = max(one.kilobytes for one in visits)
        print(
            f"{name}, {which} visit: first paint median {statistics.median(painted):.0f} ms,"
            f" slowest {max(painted):.0f} (bar {FIRST_PAINT_MS}); first chart drawn {drawn:.0f} ms;"
            f" sent {sent:.0f} kB (bar {most})"
        )
