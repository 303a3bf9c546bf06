"""A small mission with all that a report can hold, gathered once: writers need no database."""

import datetime
import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from coding.services import cases
from dashboards import live
from dashboards.charts import CHARTS
from dashboards.documents import drawn
from dashboards.documents.content import Report
from dashboards.documents.gathering import gather
from dashboards.measures import Measures
from dashboards.services.charts import write_note
from dashboards.services.findings import write_finding
from monitoring.models import Membership, Post, Project
from tests.dashboards.missions import ad_library_report, coded_mission

AT = datetime.datetime(2021, 2, 8, 12, tzinfo=datetime.UTC)
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
    _ready_case(mission, lead)
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


def _ready_case(mission: Project, lead: User) -> None:
    """An example with a JPEG and a PNG that may be published, and a picture nobody checked."""
    post = top_post(mission)
    case = cases.open_case(project=mission, lead=lead, post=post, kind="hate", quote=HOSTILE)
    for kind, colour in (("JPEG", "red"), ("PNG", "blue")):
        shot = cases.add_screenshot(
            case=case, content=picture_in(kind, colour), caption=f"As {kind}", by=lead
        )
        cases.cover_screenshot(screenshot=shot, boxes=[], by=lead)
    case.refresh_from_db()
    words = {name: getattr(case, name) for name in cases.FIELDS}
    case = cases.save_case(
        case=case,
        edition=case.edition,
        fields={**words, "explanation": "It is made up.", "translation": "In other words"},
        links=[cases.Link("fact_check", "https://example.org/checked", "Checked")],
        at=AT,
    )
    cases.set_state(case=case, edition=case.edition, state="ready", at=AT)
    cases.add_screenshot(case=case, content=picture_in("PNG", "green"), caption="Secret", by=lead)


def picture_in(kind: str, colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, kind)
    return made.getvalue()
