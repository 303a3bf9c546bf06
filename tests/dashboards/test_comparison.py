"""Two projects side by side, per actor and day, for members of both."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboards.comparison import side_of
from dashboards.measures import Measures
from monitoring.models import Account, Membership, Project
from monitoring.services.revisions import note_change
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db


@pytest.fixture
def missions() -> tuple[Project, Project]:
    return random_mission(1), random_mission(2)


def compared_by(user: User, one: Project, other: Project, **words: str) -> Any:
    client = Client()
    client.force_login(user)
    url = reverse("dashboards:compare_projects", args=[one.slug])
    return client.get(url, {"with": other.slug, **words})


def member_of(*projects: Project) -> User:
    user = User.objects.create_user("person")
    for project in projects:
        Membership.objects.create(project=project, user=user, role="viewer")
    return user


def test_only_members_of_both_compare_two_projects(missions: tuple[Project, Project]) -> None:
    one, other = missions
    assert compared_by(member_of(one), one, other).status_code == 404
    Membership.objects.create(project=other, user=User.objects.get(), role="viewer")
    assert compared_by(User.objects.get(), one, other).status_code == 200


def test_a_rate_is_per_actor_with_an_account_there_and_day(
    missions: tuple[Project, Project],
) -> None:
    project = missions[0]
    side = side_of(project, measure="posts", platform="facebook")
    for category in ("candidate", "media"):
        where = {"platform": "facebook", "category": category}
        posts = Measures(project).ask("posts", where=where).value
        accounts = Account.objects.of(project).monitored().filter(platform="facebook")
        actors = accounts.filter(actor__category__key=category).values("actor").distinct().count()
        assert side.rate(category) == (pytest.approx(posts / actors / 14) if actors else None)


def test_words_that_are_unknown_fall_back_to_the_usual(missions: tuple[Project, Project]) -> None:
    one, other = missions
    answer = compared_by(member_of(one, other), one, other, measure="'; DROP", platform="x")
    assert answer.status_code == 200
    assert answer.context["measure"] == "interactions"
    assert len(answer.context["bases"]) == 2


def test_days_to_come_do_not_make_a_mission_seem_silent(missions: tuple[Project, Project]) -> None:
    project = missions[0]
    period = project.periods.get(key="entire")
    period.end = timezone.localdate() + datetime.timedelta(days=200)
    period.save()
    note_change(project_id=project.pk)
    days = Measures(project).ask("posts", by=["day"]).rows
    last = max(row["day"] for row in days if row["value"])
    side = side_of(project, measure="posts", platform="")
    assert side.days == (datetime.date.fromisoformat(last) - period.start).days + 1


def test_a_period_that_both_have_is_compared_by_itself(missions: tuple[Project, Project]) -> None:
    one, other = missions
    answer = compared_by(member_of(one, other), one, other, period="campaign", measure="posts")
    assert ("campaign", "campaign") in answer.context["periods"]
    campaign = side_of(one, measure="posts", platform="", period="campaign")
    assert campaign.days == 7
    assert campaign.totals == {
        row["category"]: row["value"]
        for row in Measures(one).ask("posts", by=["category"], period="campaign").rows
    }
    other.periods.filter(key="campaign").delete()
    answer = compared_by(User.objects.get(), one, other, period="campaign")
    assert answer.context["period"] == "entire"
