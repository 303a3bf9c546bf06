"""A small mission with all that a report can hold, gathered once: writers need no database."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override

from dashboards import live
from dashboards.charts import CHARTS
from dashboards.documents import drawn
from dashboards.documents.content import Report
from dashboards.documents.gathering import gather
from dashboards.measures import Measures
from dashboards.services.charts import write_note
from dashboards.services.findings import write_finding
from monitoring.models import Membership, Post, Project
from tests.dashboards.examples import AT, ready_case
from tests.dashboards.missions import ad_library_report, coded_mission

HOSTILE = 'Жаңы <script>alert("1")</script> #[*strong*] \\ $x^2$ {% now %} ={1} `raw` @ref'
NOTICE = "Made for a test"


@dataclass(frozen=True)
class Gathered:
    """A report with its pictures, and what the page of the report shows of the same mission."""

    report: Report
    svg: dict[int, bytes]
    png: dict[int, bytes]
    shown: list[live.Drawn]
    total: int
    provisional: int
    unsettled: int


@pytest.fixture
def mission() -> Project:
    return full_mission()


@pytest.fixture
def lead(mission: Project) -> User:
    return Membership.objects.get(project=mission, role="lead").user


@pytest.fixture(scope="session")
def gathered(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Gathered:
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), transaction.atomic(), media:
        mission = full_mission()
        with override("en"):
            report, measures = gather(mission, at=AT), Measures(mission)
            found = Gathered(
                report=report,
                svg=drawn(report, form="svg"),
                png=drawn(report, form="png"),
                shown=live.drawn(measures, CHARTS),
                total=measures.ask("posts").value,
                provisional=measures.ask("posts").base.provisional,
                unsettled=measures.ask("codings").base.unsettled,
            )
        # Before any test: one that ran inside would find the mission in its own database.
        transaction.set_rollback(True)
    return found


def full_mission() -> Project:
    """Coded posts, one of them hostile; findings, one with a gap; a note, ads, an example."""
    mission = coded_mission(1)
    mission.notice, mission.languages = NOTICE, ["ky", "ru"]
    mission.save()
    ad_library_report(mission)
    Post.objects.of(mission).filter(pk=top_post(mission).pk).update(text=HOSTILE)
    lead = User.objects.create_user("the-lead")
    Membership.objects.create(project=mission, user=lead, role="lead")
    write_note(project=mission, chart_key="1", text="Read with care.", by=lead, at=AT)
    _finding(mission, lead, {"en": "In all {n} posts.", "ky": "Баары {n} пост, ө ү ң."}, {})
    _finding(
        mission,
        lead,
        {"en": "The hundredth was {n}."},
        {"by": ["actor"], "prints": "name", "place": 100},
    )
    ready_case(top_post(mission), lead, quote=HOSTILE)
    return mission


def top_post(mission: Project) -> Post:
    return Post.objects.of(mission).counted().most_interacted()[0]


def _finding(mission: Project, lead: User, texts: dict[str, str], number: dict[str, Any]) -> None:
    write_finding(
        project=mission,
        finding=None,
        edition=0,
        section="platforms",
        texts=texts,
        numbers={"n": number or {"measure": "posts"}},
        by=lead,
        at=timezone.now(),
    )
