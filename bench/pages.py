"""The pages people wait for, on the reference project: server time, first paint, bytes sent."""

import statistics
import time
import uuid
from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import visits
from coding.services.codebooks import published_version
from coding.services.codings import Answers, save_coding
from coding.services.handing_out import next_assignments
from config.reference_project import SLUG
from config.warm import warm_up
from monitoring.models import Project

TIMES = 15


def run() -> None:
    warm_up()
    lead, monitor = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    lead.force_login(User.objects.get(username="lead"))
    monitor.force_login(User.objects.get(username="monitor-1"))
    for name, client, page in [
        ("report page", lead, "dashboards:report"),
        ("dashboard", lead, "dashboards:dashboard"),
        ("desk", monitor, "coding:desk"),
        ("next posts", monitor, "coding:next"),
        ("overview", lead, "monitoring:project"),
    ]:
        url = reverse(page, args=[SLUG])
        measure(name, lambda client=client, url=url: client.get(url))
    measure("save of a coding", save_one)
    visits.run()


def save_one() -> None:
    project = Project.objects.get(slug=SLUG)
    monitor = User.objects.get(username="monitor-1")
    assignment = next_assignments(project=project, monitor=monitor, count=1, at=timezone.now())[0]
    save_coding(
        project=project,
        post=assignment.post,
        coder=monitor,
        version=published_version(project=project),
        request_id=uuid.uuid4(),
        base_number=0,
        answers=Answers(topics=("elections",)),
        seconds=20,
        at=timezone.now(),
    )


def measure(name: str, act: Callable[[], object]) -> None:
    act()
    spent = []
    for _time in range(TIMES):
        began = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - began))
    with CaptureQueriesContext(connection) as queries:
        act()
    middle, worst = statistics.median(spent), max(spent)
    print(f"{name}: median {middle:.0f} ms, slowest {worst:.0f} ms, {len(queries)} statements")
