"""Ten dashboards left open while fifty people code: what they take from the desk.

All of it is one stretch of work, at the pace of ``bench.desk``, in which the dashboards ask and are
silent in short turns: between two runs of half a minute this machine alone makes more difference.
"""

import statistics

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bench.desk import running_server, spread, work_at_the_desk
from bench.watching import Watched, is_looked_at, watching
from config.reference_project import SLUG
from dashboards import live
from dashboards.charts.lookup import dashboard_keys
from dashboards.measures import Measures
from monitoring.models import Project

DASHBOARDS = 10
SECONDS = 200


def run() -> None:
    project = Project.objects.get(slug=SLUG)
    with running_server() as port, watching(dashboards_of(project, port)) as asked:
        works = work_at_the_desk(project, port, SECONDS)
    print(f"{DASHBOARDS} open dashboards beside the desk: an answer to them {spread(asked)}")
    for name in ("saves", "nexts"):
        alone, beside = list[float](), list[float]()
        for request in (each for work in works for each in getattr(work, name)):
            turn = beside if is_looked_at(request.began) else alone
            turn.append(request.milliseconds)
        ratio = statistics.median(beside) / statistics.median(alone)
        print(f"  {name}: alone {spread(alone)}; beside {spread(beside)}; medians {ratio:.2f} x")


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
