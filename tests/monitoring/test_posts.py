"""Posts are found by text, address or id; each shows how its counters grew and which one counts."""

import datetime
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.counter_history import Reading, points
from monitoring.models import Observation, Post, Project, Role
from tests import factories as make
from tests.coding.desk_project import make_desk_project

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(make.project)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def post(project: Project) -> Post:
    return make.post(
        make.account(make.actor(project, "Asanova")),
        native_id="3456789012345678",
        likes=30,
        text="Шайлоо жөнүндө",
        url="https://www.facebook.com/asanova/posts/3456789012345678",
    )


def observe(post: Post, hours: int, likes: int) -> Observation:
    return Observation.objects.create(
        post=post,
        observed_at=post.published_at + hours * HOUR,
        source_import=post.first_import,
        likes=likes,
    )


def signed_in(project: Project, role: str = "lead") -> Client:
    client = Client()
    client.force_login(make.member(project, role))
    return client


def listed(client: Client, project: Project, **asked: object) -> list[int]:
    answer = client.get(reverse("monitoring:posts", args=[project.slug]), asked)
    return [post.pk for post in answer.context["posts"]]


def page_of(post: Post) -> str:
    return reverse("monitoring:post", args=[post.project.slug, post.pk])


# Finding ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "https://www.facebook.com/asanova/posts/3456789012345678",
        "https://m.facebook.com/story.php?story_fbid=3456789012345678&id=100",
        "3456789012345678",
    ],
)
def test_an_address_in_any_form_and_an_id_lead_to_the_post(
    project: Project, post: Post, words: str
) -> None:
    answer = signed_in(project).get(
        reverse("monitoring:posts", args=[project.slug]), {"words": words}
    )
    assert answer.url == page_of(post)


def test_a_post_of_another_project_is_not_found(project: Project, post: Post) -> None:
    other = make.project("other")
    client = signed_in(other)
    assert listed(client, other, words=post.native_id) == []
    assert client.get(reverse("monitoring:post", args=[other.slug, post.pk])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "шайлоо"}, True),
        ({"words": "nothing such"}, False),
        ({"category": "candidate"}, True),
        ({"category": "party"}, False),
        ({"platform": "instagram"}, False),
        # 12:00 in Bishkek on 5 January.
        ({"first_day": "2021-01-05", "last_day": "2021-01-05"}, True),
        ({"first_day": "2021-01-06"}, False),
        ({"last_day": "2021-01-04"}, False),
        ({"only": "provisional"}, False),
        ({"only": "waiting"}, False),
    ],
)
def test_a_search_leaves_what_it_says(
    project: Project, post: Post, asked: dict[str, str], found: bool
) -> None:
    assert listed(signed_in(project), project, **asked) == ([post.pk] if found else [])


def test_pages_follow_each_other_without_a_post_twice_or_lost(project: Project) -> None:
    account = make.account(make.actor(project))
    made = [make.post(account).pk for _number in range(45)]
    client = signed_in(project)
    first = client.get(reverse("monitoring:posts", args=[project.slug]))
    second = client.get(
        reverse("monitoring:posts", args=[project.slug]) + "?" + first.context["more"]
    )
    shown = [post.pk for page in (first, second) for post in page.context["posts"]]
    assert shown == made[::-1]
    assert second.context["more"] == ""


def test_a_list_asks_as_few_questions_for_forty_posts_as_for_one(project: Project) -> None:
    account = make.account(make.actor(project))
    client = signed_in(project)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("monitoring:posts", args=[project.slug]))
        return len(asked)

    make.post(account)
    queries()
    few = queries()
    for _number in range(39):
        make.post(account)
    assert queries() == few


# The history of counters ------------------------------------------------------------------------


def test_every_reading_is_shown_and_the_reported_one_is_marked(
    project: Project, post: Post
) -> None:
    observe(post, 1, 10)
    observe(post, 80, 30)
    observe(post, 200, 25)
    Post.objects.of(project).update(counted_at=post.published_at + 80 * HOUR)
    answer = signed_in(project).get(page_of(post))
    readings = answer.context["readings"]
    assert [one.interactions for one in readings] == [10, 30, 25]
    assert [one.is_reported for one in readings] == [False, True, False]
    assert [one.fell for one in readings] == [False, False, True]
    assert "at least 3 days after publication" in answer.text


def test_a_provisional_post_says_until_when(project: Project, post: Post) -> None:
    observe(post, 1, 10)
    Post.objects.of(project).update(is_provisional=True)
    answer = signed_in(project).get(page_of(post))
    assert "They are provisional" in answer.text
    assert "8 January 2021, 12:00" in answer.text


def test_the_rule_of_the_project_is_said(project: Project, post: Post) -> None:
    project.counters_rule = "latest"
    project.save()
    assert "the latest reading counts" in signed_in(project).get(page_of(post)).text


def test_a_drawing_spans_its_readings_from_the_first_to_the_last() -> None:
    start = datetime.datetime(2021, 1, 5, tzinfo=datetime.UTC)
    readings = [Reading(start + n * HOUR, count, 1, "") for n, count in ((0, 0), (5, 10), (10, 20))]
    assert points(readings, width=100, height=50) == [(0, 50), (50, 25), (100, 0)]
    assert points(readings[:1], width=100, height=50) == [(0, 50)]
    assert points([], width=100, height=50) == []


def test_programs_read_the_readings_too(project: Project, post: Post) -> None:
    observe(post, 1, 10)
    observe(post, 2, 12)
    address = f"/api/v1/projects/{project.slug}/posts/{post.pk}/observations/"
    found = signed_in(project).get(address).json()["results"]
    assert [one["likes"] for one in found] == [10, 12]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("monitor", 200), ("lead", 200)])
def test_who_may_see_posts_sees_a_post(
    project: Project, post: Post, role: str, status: int
) -> None:
    client = signed_in(project, role)
    assert client.get(page_of(post)).status_code == status
    listing = reverse("monitoring:posts", args=[project.slug])
    assert client.get(listing).status_code == status


def test_a_hostile_post_stays_text(project: Project, post: Post) -> None:
    Post.objects.of(project).update(
        text="<img src=x onerror=alert(1)>", url="javascript:alert(1)", link_text="<b>x</b>"
    )
    page = signed_in(project).get(page_of(post)).text
    assert "<img src=x" not in page
    assert "javascript:" not in page


# Reconstructed projects -------------------------------------------------------------------------


def test_nobody_is_led_from_a_reconstructed_post_to_a_strangers(
    project: Project, post: Post
) -> None:
    client = signed_in(project)
    places = [page_of(post), reverse("dashboards:top_posts", args=[project.slug])]
    places += [reverse("dashboards:report", args=[project.slug])]
    for place in places:
        assert post.url in client.get(place).text, place
    Project.objects.filter(pk=project.pk).update(is_reconstructed=True)
    for place in places:
        assert post.url not in client.get(place).text, place
    # As data it stays.
    api = client.get(f"/api/v1/projects/{project.slug}/posts/").json()
    assert api["results"][0]["url"] == post.url


def test_the_desk_leads_nowhere_from_a_reconstructed_post() -> None:
    made = make_desk_project("desk")
    monitor = made.member("aida", Role.MONITOR)
    made.assign(monitor)
    Post.objects.of(made.project).update(url="https://www.facebook.com/a/posts/1")
    client = Client()
    client.force_login(monitor)
    desk = reverse("coding:desk", args=[made.project.slug])
    assert "https://www.facebook.com/a/posts/1" in client.get(desk).text
    Project.objects.filter(pk=made.project.pk).update(is_reconstructed=True)
    assert "https://www.facebook.com/a/posts/1" not in client.get(desk).text
