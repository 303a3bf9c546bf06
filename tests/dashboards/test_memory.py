"""Rows kept for a revision: never older than it, the same after a journey through the cache."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coding.models import SampleRule
from dashboards.measures import Measures
from monitoring.models import Account, DailyTotal, Project
from monitoring.services.revisions import note_change
from tests.dashboards.missions import coded_mission

pytestmark = pytest.mark.django_db

QUESTIONS: list[dict[str, Any]] = [
    {"measure": "posts", "by": ["account"]},
    {"measure": "daily_interaction_rate", "by": ["category"], "scope": "analysed"},
    {"measure": "interactions", "by": ["day", "category"]},
    {"measure": "interactions", "by": ["week"], "scope": "analysed"},
    {"measure": "mentions", "by": ["about", "week", "tone"]},
    {"measure": "codings", "by": ["topic"], "where": {"type": "photo"}},
]


@pytest.fixture
def mission(settings: Any) -> Project:
    settings.MEASURES_REMEMBERED_SECONDS = 60
    return coded_mission(1)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_what_is_remembered_is_what_was_fetched(question: dict[str, Any], mission: Project) -> None:
    fetched = Measures(mission).ask(**question)
    with CaptureQueriesContext(connection) as queries:
        remembered = Measures(mission).ask(**question)
    assert remembered == fetched
    assert not [one for one in queries if "total" in one["sql"] or "finalcoding" in one["sql"]]


def test_a_change_that_is_noted_is_seen_at_once(mission: Project) -> None:
    before = Measures(mission).ask("posts").value
    total = DailyTotal.objects.filter(account__project=mission, account__state="monitored").first()
    DailyTotal.objects.filter(pk=total.pk).update(posts=total.posts + 7)
    note_change(project_id=mission.pk)
    period = mission.periods.get(key="entire")
    is_inside = period.start <= total.day <= period.end
    assert Measures(mission).ask("posts").value == before + (7 if is_inside else 0)


def test_accounts_and_rules_that_change_are_seen_without_being_noted(mission: Project) -> None:
    measures = Measures(mission)
    analysed = measures.ask("posts", by=["category"], scope="analysed").rows
    ignored = Account.objects.of(mission).monitored().filter(posts__isnull=False).first()
    its_posts = measures.ask("posts", where={"account": str(ignored.pk)}).value
    Account.objects.of(mission).filter(pk=ignored.pk).update(state="ignored", actor=None)
    assert Measures(mission).ask("posts").value == measures.ask("posts").value - its_posts
    SampleRule.objects.of(mission).delete()
    after = Measures(mission).ask("posts", by=["category"], scope="analysed").rows
    everything = Measures(mission).ask("posts", by=["category"]).rows
    assert after == everything != analysed


def test_projects_do_not_share_what_is_remembered(mission: Project) -> None:
    other = coded_mission(2)
    Measures(mission).ask("posts", by=["account"])
    names = {row["account_id"] for row in Measures(other).ask("posts", by=["account"]).rows}
    assert names == set(Account.objects.of(other).monitored().values_list("pk", flat=True))
