"""Ten dashboards left open while fifty people code: what they take from the desk.

The desk works without and with them in turn, on one server, at the pace of ``bench.desk``; each
dashboard asks as ``static/js/live.js`` does, and takes over what it is told.
"""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bench.desk import Work, running_server, spread, work_at_the_desk
from config.reference_project import SLUG
from dashboards import live
from dashboards.charts.lookup import dashboard_keys
from dashboards.measures import Measures
from monitoring.models import Project

DASHBOARDS = 10
EVERY = 2.5
ROUNDS = 2


def run() -> None:
    project = Project.objects.get(slug=SLUG)
    alone: list[Work] = []
    beside: list[Work] = []
    with running_server() as port:
        for _round in range(ROUNDS):
            alone += work_at_the_desk(project, port)
            with open_dashboards(project, port) as asked:
                beside += work_at_the_desk(project, port)
    print(f"{DASHBOARDS} open dashboards beside the desk: an answer to them {spread(asked)}")
    for name in ("saves", "nexts"):
        before, after = (
            [each for work in works for each in getattr(work, name)] for works in (alone, beside)
        )
        ratio = statistics.median(after) / statistics.median(before)
        print(f"  {name}: alone {spread(before)}; beside {spread(after)}; medians {ratio:.2f} x")


@contextmanager
def open_dashboards(project: Project, port: int) -> Iterator[list[float]]:
    """A lead's dashboards until the block ends; yields the milliseconds of their questions."""
    closing, spent = threading.Event(), list[float]()
    lead = User.objects.get(username="lead")
    charts = live.drawn(Measures(project), dashboard_keys(project))
    hashes = {one.chart.key: one.hash for one in charts}
    threads = [
        threading.Thread(target=watch, args=(session_of(lead), hashes, port, place, closing, spent))
        for place in range(DASHBOARDS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield spent
    finally:
        closing.set()
        for thread in threads:
            thread.join()


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def watch(
    session: str,
    hashes: dict[str, str],
    port: int,
    place: int,
    closing: threading.Event,
    spent: list[float],
) -> None:
    """One open page; they were not opened at one moment."""
    hashes, revision = dict(hashes), 0
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    path = reverse("dashboards:changes", args=[SLUG])
    closing.wait(EVERY * place / DASHBOARDS)
    while not closing.wait(EVERY):
        words = [("revision", revision), *(("chart", f"{k}:{v}") for k, v in hashes.items())]
        with timed(spent):
            line.request(
                "GET", f"{path}?{urlencode(words)}", headers={"Cookie": f"sessionid={session}"}
            )
            response = line.getresponse()
            text = response.read()
        line.close()
        assert response.status in (200, 204), response.status
        if response.status == 200:
            told = json.loads(text)
            revision = told["revision"]
            hashes |= {one["number"]: one["hash"] for one in told["charts"]}


@contextmanager
def timed(spent: list[float]) -> Iterator[None]:
    """Add what the block took, in milliseconds."""
    began = time.perf_counter()
    yield
    spent.append(1000 * (time.perf_counter() - began))
