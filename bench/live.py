"""Ten dashboards left open while fifty people code: what they take from the desk.

The desk works without and with them in turn, on one server, at the pace of ``bench.desk``.
"""

import statistics
from contextlib import nullcontext

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bench.desk import Work, running_server, spread, work_at_the_desk
from bench.watching import Watched, watching
from config.reference_project import SLUG
from dashboards import live
from dashboards.charts.lookup import dashboard_keys
from dashboards.measures import Measures
from monitoring.models import Project

DASHBOARDS = 10
# With the dashboards or without. A machine that grows slower, or posts that are used up, weigh on
# both alike.
TURNS = (False, True, True, False) * 2


def run() -> None:
    project = Project.objects.get(slug=SLUG)
    works: dict[bool, list[Work]] = {False: [], True: []}
    asked = list[float]()
    with running_server() as port:
        watched = dashboards_of(project, port)
        for with_dashboards in TURNS:
            with watching(watched) if with_dashboards else nullcontext([]) as spent:
                works[with_dashboards] += work_at_the_desk(project, port)
            asked += spent
    print(f"{DASHBOARDS} open dashboards beside the desk: an answer to them {spread(asked)}")
    for name in ("saves", "nexts"):
        before, after = (
            [each for work in works[which] for each in getattr(work, name)]
            for which in (False, True)
        )
        ratio = statistics.median(after) / statistics.median(before)
        print(f"  {name}: alone {spread(before)}; beside {spread(after)}; medians {ratio:.2f} x")


def dashboards_of(project: Project, port: int) -> Watched:
    """What a lead's dashboard shows now."""
    charts = live.drawn(Measures(project), dashboard_keys(project))
    return {
        "port": port,
        "path": reverse("dashboards:changes", args=[SLUG]),
        "session": session_of(User.objects.get(username="lead")),
        "hashes": {one.chart.key: one.hash for one in charts},
        "pages": DASHBOARDS,
    }


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
