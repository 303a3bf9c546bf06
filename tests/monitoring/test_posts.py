"""Posts are found by text, address or id; each shows how its counters grew and which one counts."""

import datetime
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from coding.models import FinalCoding
from monitoring.counter_history import Reading, hidden_groups, points
from monitoring.models import OtherObservation, Post, Project, Role
from monitoring.services.post_list import Place, Wanted, look_back
from monitoring.views import posts as views
from tests import factories as make
from tests.coding.desk_project import make_desk_project

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


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


def observe(post: Post, hours: int, likes: int | None, **others: int) -> OtherObservation:
    return OtherObservation.objects.create(
        post=post,
        observed_at=post.published_at + hours * HOUR,
        source_import=post.first_import,
        likes=likes,
        **others,
    )


def many_posts(like: Post, number: int, *, minutes: int = 1) -> None:
    """So many more posts of the same account, some minutes apart, back from just before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO monitoring_post (project_id, account_id, platform, native_id, type,
                published_at, text, url, link, link_text, link_description, image_text, media_url,
                sponsor, language, counted_at, is_provisional, first_import_id)
            SELECT project_id, account_id, platform, 'many-' || number, type,
                published_at - number * %s * interval '1 minute', 'Common', '', '', '', '', '', '',
                '', '', counted_at, false, first_import_id
            FROM monitoring_post CROSS JOIN generate_series(1, %s) AS number WHERE id = %s
            """,
            [minutes, number, like.pk],
        )


def posts_read() -> int:
    """How many rows of posts this test's statements have read, by any way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
            " WHERE relname = 'monitoring_post'"
        )
        return int(cursor.fetchone()[0])


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


def test_the_newest_stand_first_whenever_they_were_imported(project: Project) -> None:
    account, other = (make.account(make.actor(project)) for _number in range(2))
    old = make.post(account, published_at=make.NOON - 90 * DAY)
    new = make.post(other)
    between = make.post(account, published_at=make.NOON - DAY)
    assert listed(signed_in(project), project) == [new.pk, between.pk, old.pk]


def test_a_project_behind_a_newer_large_one_reads_its_own_posts_alone(project: Project) -> None:
    large = make.project("large")
    many_posts(make.post(make.account(make.actor(large))), 3000, minutes=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE monitoring_post")  # as if all were of one account and moment
    make.post(make.account(make.actor(project)))
    client = signed_in(project)
    before = posts_read()
    assert len(listed(client, project)) == 1
    assert listed(client, project, words="nothing such") == []
    assert posts_read() - before < 20


def test_a_page_of_a_large_project_reads_a_small_piece_of_it(project: Project) -> None:
    first = make.post(make.account(make.actor(project)))
    many_posts(first, 3000)
    before = posts_read()
    found = look_back(wanted=Wanted([first.account_id]), most=41, seconds=1)
    assert len(found.ids) == 41
    assert posts_read() - before < 500


def test_a_search_goes_on_where_its_time_was_up(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make.account(make.actor(project))
    rare = [
        make.post(account, text=f"Rare {n}", published_at=make.NOON - n * 9 * DAY).pk
        for n in range(8)
    ]
    many_posts(make.post(account), 300)
    monkeypatch.setattr(views, "SECONDS", 0)
    client = signed_in(project)
    address = reverse("monitoring:posts", args=[project.slug]) + "?words=rare"
    page = client.get(address)
    assert "Searched back to 5 January 2021: 1 found so far." in page.text
    found, steps = [], 0
    while True:
        found += [post.pk for post in page.context["posts"]]
        if not page.context["more"]:
            break
        # What htmx appends is the rest of the list, and no page.
        onward = address.partition("?")[0] + "?" + page.context["more"]
        page = client.get(onward, headers={"HX-Request": "true"})
        assert "<html" not in page.text
        steps += 1
    assert found == rare
    assert steps > 3
    assert page.context["so_far"] == len(rare)


@given(st.datetimes(timezones=st.just(datetime.UTC)), st.integers(0, 9))
def test_a_place_is_read_as_it_was_written(at: datetime.datetime, number: int) -> None:
    place = Place(at, number)
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1", "9" * 18 + "-1", "1-" + "9" * 19])
def test_what_is_no_place_is_the_beginning(project: Project, post: Post, text: str) -> None:
    assert Place.parse(text) is None
    assert listed(signed_in(project), project, before=text) == [post.pk]


@pytest.mark.parametrize(("words", "found"), [("100%", True), ("1_0", False), ("Ж%Ү", False)])
def test_signs_in_words_are_themselves(
    project: Project, post: Post, words: str, found: bool
) -> None:
    Post.objects.of(project).update(text="Ooba: 100% ЖҮ")
    assert listed(signed_in(project), project, words=words) == ([post.pk] if found else [])


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
    observe(post, 200, 25)
    Post.objects.of(project).update(counted_at=post.published_at + 80 * HOUR)
    answer = signed_in(project).get(page_of(post))
    readings = answer.context["readings"]
    assert [one.interactions for one in readings] == [10, 30, 25]
    assert [one.is_reported for one in readings] == [False, True, False]
    assert [one.fell for one in readings] == [False, False, True]
    assert "at least 3 days after publication" in answer.text


def test_a_long_history_is_folded_below_its_drawing(project: Project, post: Post) -> None:
    client = signed_in(project)
    for hours in range(1, 12):
        observe(post, hours, 10 + hours)
    assert "<details open>" in client.get(page_of(post)).text
    observe(post, 13, 30)
    assert "<details>" in (folded := client.get(page_of(post)).text)
    assert "13 readings" in folded
    assert folded.count("<circle") == 13


def test_counters_that_never_were_above_zero_are_not_told(project: Project, post: Post) -> None:
    """Of sixty readings of a post without views, sixty times "views 0" would say nothing."""
    observe(post, 1, 0, comments=0, love=0)
    observe(post, 2, 5, comments=0, love=0)
    Post.objects.of(project).update(comments=0)
    readings = signed_in(project).get(page_of(post)).context["readings"]
    assert [dict(one.counters) for one in readings[1:]] == [{"likes": 0}, {"likes": 5}]


def test_the_language_of_a_post_is_told_on_its_page_in_the_list_and_to_programs(
    project: Project, post: Post
) -> None:
    client = signed_in(project)
    assert "<dd>Kyrgyz</dd>" in client.get(page_of(post)).text
    assert "· Kyrgyz" in client.get(reverse("monitoring:posts", args=[project.slug])).text
    address = f"/api/v1/projects/{project.slug}/posts/"
    (told,) = client.get(address, {"language": "ky"}).json()["results"]
    assert (told["id"], told["language"]) == (post.pk, "ky")
    assert client.get(address, {"language": "ru"}).json()["results"] == []


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
    assert points(readings[1:2], width=100, height=50) == [(50, 0)]
    assert points([], width=100, height=50) == []


def test_a_reading_that_hides_likes_did_not_fall(project: Project, post: Post) -> None:
    for hours, likes, comments in ((1, 10, 1), (30, None, 3), (90, 25, 4)):
        observe(post, hours, likes, comments=comments)
    counted_at = post.published_at + 80 * HOUR
    Post.objects.of(project).update(counted_at=counted_at, comments=4)
    answer = signed_in(project).get(page_of(post))
    readings = answer.context["readings"]
    assert [one.hidden for one in readings] == [(), ("reactions",), (), ()]
    assert [one.fell for one in readings] == [False, False, False, True]
    assert answer.context["line"].count(",") == 3
    assert "hidden: reactions" in answer.text


def test_kinds_of_reactions_and_their_sum_hide_nothing_of_each_other() -> None:
    readings = [{"likes": 1, "love": 2}, {"other_reactions": 3, "comments": 1}, {"views": 9}]
    counted = ("likes", "love", "other_reactions", "comments")
    assert hidden_groups(readings, counted) == [("comments",), (), ("comments", "reactions")]
    assert hidden_groups([], counted) == []


def test_programs_read_the_readings_too(project: Project, post: Post) -> None:
    observe(post, 1, 32)
    observe(post, 2, 31)
    address = f"/api/v1/projects/{project.slug}/posts/{post.pk}/observations/"
    found = signed_in(project).get(address).json()["results"]
    assert [one["likes"] for one in found] == [30, 32, 31]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("monitor", 200), ("lead", 200)])
def test_who_may_see_posts_sees_a_post(
    project: Project, post: Post, role: str, status: int
) -> None:
    client = signed_in(project, role)
    assert client.get(page_of(post)).status_code == status
    listing = reverse("monitoring:posts", args=[project.slug])
    assert client.get(listing).status_code == status


def test_only_a_coded_post_leads_to_how_it_was_coded(project: Project, post: Post) -> None:
    lead = signed_in(project)
    assert "How it was coded" not in lead.get(page_of(post)).text
    FinalCoding.objects.create(project=project, post=post, state="unsettled")
    assert "How it was coded" in lead.get(page_of(post)).text


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
