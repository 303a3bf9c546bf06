"""Two projects side by side, per actor and day, for members of both."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from dashboards.comparison import side_of
from dashboards.measures import Measures
from monitoring.models import Account, Membership, Project
from tests.dashboards.missions import random_mission

pytestmark = pytest.mark.django_db


@pytest.fixture
def missions() -> tuple[Project, Project]:
    return random_mission(1), random_mission(2)


def compared_by(user: User, one: Project, other: Project, **words: str) -> object:
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
