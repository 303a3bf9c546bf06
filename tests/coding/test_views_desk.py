"""The desk's pages: who may open them, what they never show, and what they answer to scripts."""

import datetime
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coding.models import (
    Assignment,
    AssignmentState,
    Coding,
    CodingKind,
    OverlapPost,
    Reply,
    SamplePost,
)
from coding.quotes import quotable
from coding.services.codings import verify_history
from coding.services.pool import open_pool
from coding.services.rechecks import rechecks_for
from coding.services.returns import return_coding
from coding.services.samples import draw_samples
from monitoring.models import Post, Role
from tests.coding.coded_twice import code
from tests.coding.desk_project import NOON, TEXT, DeskProject, make_desk_project

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.fixture
def desk_project() -> DeskProject:
    return make_desk_project()


@pytest.fixture
def monitor(desk_project: DeskProject) -> User:
    user = desk_project.member("monitor")
    desk_project.assign(user)
    return user


@pytest.fixture
def signed_in(monitor: User) -> Client:
    client = Client(headers=JSON)
    client.force_login(monitor)
    return client


def url(name: str) -> str:
    return reverse(f"coding:{name}", args=["mission"])


def marked(*pieces: Any, text: str = f"{TEXT} № 0") -> dict[str, str]:
    """A flag with a quote as the desk sends it, marked in ``text``."""
    quote = json.dumps({"hash": quotable(text).hash, "pieces": pieces})
    return {"flag": "manipulation", "marked-manipulation": quote}


def body(desk_project: DeskProject, coder: User, place: Any = 0, **others: Any) -> dict[str, Any]:
    return {
        "post": desk_project.posts[place].pk,
        "request_id": uuid.uuid4(),
        "base_number": 0,
        "version": desk_project.version.pk,
        "coder": coder.pk,
        "seconds": 9,
        "action": "save",
        "topic": ["elections"],
        f"tone-{desk_project.actors[0].pk}": "positive",
        f"tone-{desk_project.actors[1].pk}": "",
        **others,
    }


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.VIEWER, 403), (Role.MONITOR, 200), (Role.LEAD, 200), (Role.ADMIN, 200), (None, 404)],
)
@pytest.mark.parametrize("name", ["desk", "next", "coded"])
def test_the_desk_opens_to_monitors_and_above(
    desk_project: DeskProject, client: Client, name: str, role: str | None, status: int
) -> None:
    person = desk_project.member("person", role) if role else User.objects.create_user("stranger")
    client.force_login(person)
    assert client.get(url(name)).status_code == status


def test_a_person_who_is_not_signed_in_is_led_to_the_sign_in(
    client: Client, desk_project: DeskProject
) -> None:
    for name in ("desk", "next", "coded"):
        response = client.get(url(name))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_a_script_whose_session_ended_is_told_so_instead_of_redirected(
    desk_project: DeskProject,
) -> None:
    client = Client(headers=JSON)
    for response in (client.get(url("next")), client.post(url("save"), {})):
        assert response.status_code == 401
        assert response.json() == {"error": "signed_out"}


def test_the_next_posts_come_after_the_one_named(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    second = Assignment.objects.get(monitor=monitor, post=desk_project.posts[1])
    answer = signed_in.get(url("next"), {"after": second.pk, "count": 2}).json()
    assert [sheet["post"] for sheet in answer["sheets"]] == [
        post.pk for post in desk_project.posts[2:4]
    ]
    assert answer["progress"] == {
        "done": 0,
        "left": 8,
        "skipped": 0,
        "today": 0,
        "last_hour": 0,
    }


def queries_of(act: Callable[[], Any]) -> int:
    """How often a whole request asks the database: session, person and membership included."""
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_the_next_posts_take_eight_queries_however_many_they_are(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    signed_in.get(url("next"))
    first = Assignment.objects.filter(monitor=monitor).earliest("position")
    for asked in ({"count": 2}, {"count": 8}, {"count": 5, "after": first.pk}):
        assert queries_of(lambda asked=asked: signed_in.get(url("next"), asked)) == 8


def test_the_next_posts_take_eight_queries_at_most_wherever_they_come_from(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    def queries_of_next(posts: int, **asked: Any) -> int:
        """And so many posts come."""
        sheets = []

        def act() -> Any:
            response = signed_in.get(url("next"), {"count": 5, **asked})
            sheets.append(response.json()["sheets"])
            return response

        found = queries_of(act)
        assert [len(each) for each in sheets] == [posts]
        return found

    project, now = desk_project.project, timezone.now()
    own = Assignment.objects.of(project).filter(monitor=monitor)
    signed_in.get(url("next"))
    coding = code(desk_project, monitor, desk_project.posts[0])
    lead = desk_project.member("lead", Role.LEAD)
    return_coding(project=project, coding=coding.pk, lead=lead, note="Look again", at=now)
    assert queries_of_next(5) == 8  # one's own, with one that a lead gave back
    own.exclude(pk__in=own[:2].values("pk")).delete()
    draw_samples(project=project, at=now)
    open_pool(project=project)
    OverlapPost.objects.bulk_create(
        OverlapPost(sample_post=row, stratum="all", drawn_at=now)
        for row in SamplePost.objects.all()
    )
    assert queries_of_next(5) == 8  # two of one's own, three from the pool, each for two
    own.update(state=AssignmentState.DONE)
    assert queries_of_next(2) == 8  # the pool alone: one's share of the three that are left
    own.filter(state="open").update(leased_until=now)
    assert queries_of_next(2) == 8  # the leases have ended
    own.update(state=AssignmentState.DONE)
    assert queries_of_next(1) == 8
    own.update(state=AssignmentState.DONE)
    assert queries_of_next(0) == 7  # nothing left
    assert queries_of_next(0, count=0) == 6  # the tab keeps what it has


def test_what_a_tab_gives_back_is_its_own_alone(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    other = desk_project.member("other")
    desk_project.assign(other)
    until = timezone.now() + datetime.timedelta(minutes=15)
    Assignment.objects.update(is_pooled=True, leased_until=until)
    given = list(Assignment.objects.values_list("pk", flat=True))
    sent = {"assignments": [*given, "x", "9" * 30]}
    assert signed_in.post(url("release"), sent).status_code == 204
    held = Assignment.objects.filter(leased_until__gt=timezone.now())
    assert set(held.values_list("monitor", flat=True)) == {other.pk}


def test_saving_takes_eight_queries_however_much_is_said_asked_or_answered_by_others(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    def save(place: int, **others: Any) -> int:
        sent = body(desk_project, monitor, place, **others)
        return queries_of(lambda: signed_in.post(url("save"), sent))

    save(0)
    topics = ["elections", "politics", "media", "crime"]
    tones = {f"tone-{actor.pk}": "neutral" for actor in desk_project.actors}
    flags = {"flag": ["disinformation", "manipulation"]}
    assert save(1) == save(2, topic=topics, **tones, **flags) == 7
    other = desk_project.member("other")
    assert save(3, asks="second") == 8
    desk_project.assign(other, desk_project.posts[4:5])
    client = Client(headers=JSON)
    client.force_login(other)
    client.post(url("save"), body(desk_project, other, 4))
    assert save(4, **marked([0, 6], text=f"{TEXT} № 4")) == 8
    assert save(5, **marked([0, 6], text=f"{TEXT} № 5")) == 8


def test_answers_are_stored_and_the_time_is_told_in_the_project_s_zone(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    flag = {
        "flag": ["manipulation"],
        "quote-manipulation": " Айнура ",
        "translation-manipulation": "A",
    }
    response = signed_in.post(url("save"), body(desk_project, monitor, **flag))
    coding = Coding.objects.get(coder=monitor)
    assert response.status_code == 200
    local = coding.made_at.astimezone(desk_project.project.zone)
    assert response.json() == {"number": 1, "saved_at": f"{local:%H:%M:%S}"}
    assert [topic.key for topic in coding.topics.all()] == ["elections"]
    assert [(m.actor.name, m.tone.key) for m in coding.mentions.all()] == [
        ("Asanova Ainura", "positive")
    ]
    assert [(f.kind.key, f.quote, f.translation) for f in coding.flags.all()] == [
        ("manipulation", "Айнура", "A")
    ]
    assert coding.seconds == 9


def test_the_same_request_twice_stores_one_row_and_gives_one_answer(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    sent = body(desk_project, monitor)
    first, second = signed_in.post(url("save"), sent), signed_in.post(url("save"), sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert Coding.objects.filter(coder=monitor).count() == 1


class TestAQuoteMarkedInThePost:
    def test_is_stored_in_the_words_that_stand_there(
        self, desk_project: DeskProject, monitor: User, signed_in: Client
    ) -> None:
        sheet = signed_in.get(url("next"), {"count": 1}).json()["sheets"][0]
        start = sheet["quotable"]["text"].index("Нурлан")
        sent = body(desk_project, monitor, **marked([start, start + 12]))
        for _time in range(2):
            assert "has_lost_quotes" not in signed_in.post(url("save"), sent).json()
        assert sheet["quotable"]["hash"] in sent["marked-manipulation"]
        assert Coding.objects.get().flags.get().quote == "Нурлан Беков"
        assert verify_history(project=desk_project.project).first_broken is None

    def test_is_lost_with_the_text_and_the_post_is_offered_again(
        self, desk_project: DeskProject, monitor: User, signed_in: Client
    ) -> None:
        sent = body(desk_project, monitor, **marked([0, 6], text="What it was"))
        for _time in range(2):
            assert signed_in.post(url("save"), sent).json()["has_lost_quotes"]
        assert Coding.objects.get().flags.get().quote == ""
        assert rechecks_for(project=desk_project.project).get().reason == "quote"
        offered = "1 of your answers is to be looked at again"
        assert offered in signed_in.get(url("coded")).content.decode()
        assert "the post’s text changed" in signed_in.get(url("recheck")).content.decode()
        quote = {"flag": "manipulation", "quote-manipulation": "Айнура"}
        signed_in.post(url("save"), body(desk_project, monitor, base_number=1, **quote))
        assert not rechecks_for(project=desk_project.project).exists()

    def test_is_stored_as_the_tab_still_knows_it_where_the_text_is_gone(
        self, desk_project: DeskProject, monitor: User, signed_in: Client
    ) -> None:
        known = {"quote-manipulation": "What it was"}
        lost = marked([0, 11], text="What it was")
        answer = signed_in.post(url("save"), body(desk_project, monitor, **lost, **known))
        assert "has_lost_quotes" not in answer.json()
        assert Coding.objects.get().flags.get().quote == "What it was"

    def test_stays_as_it_was_stored_where_the_text_changed_before_it_was_sent_again(
        self, desk_project: DeskProject, monitor: User, signed_in: Client
    ) -> None:
        sent = body(desk_project, monitor, **marked([0, 6]))
        first = signed_in.post(url("save"), sent)
        Post.objects.update(text="Another text")
        again = signed_in.post(url("save"), sent)
        assert (again.status_code, again.json()) == (200, first.json())
        assert Coding.objects.get().flags.get().quote == "Айнура"


def test_the_same_request_with_other_answers_is_refused(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    sent = body(desk_project, monitor)
    signed_in.post(url("save"), sent)
    response = signed_in.post(url("save"), {**sent, "topic": ["politics"]})
    assert response.status_code == 422
    assert response.json()["error"] == "already_saved"


def test_answers_built_on_an_older_row_get_the_newer_one_back(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    signed_in.post(url("save"), body(desk_project, monitor, **marked([0, 6])))
    response = signed_in.post(url("save"), body(desk_project, monitor, topic=["politics"]))
    assert response.status_code == 409
    current = response.json()["current"]
    assert (current["number"], current["topics"]) == (1, ["elections"])
    assert current["tones"] == {str(desk_project.actors[0].pk): "positive"}
    # It is kept by the computer.
    assert "Айнура" not in str(current)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"topic": []}, "no_topic"),
        ({"topic": ["astrology"]}, "unknown_word"),
        ({"action": "skip", "reason": ""}, "no_reason"),
        ({"request_id": "not an id"}, "invalid"),
        ({"tone-999999": "positive"}, "unknown_actor"),
        ({"flag": "manipulation", "marked-manipulation": "[[0, 4]]"}, "unreadable_quote"),
        (marked([-4, 4]), "unreadable_quote"),
        (marked([0, 5_000]), "unreadable_quote"),
    ],
)
def test_answers_that_cannot_be_stored_are_refused_with_words(
    desk_project: DeskProject,
    monitor: User,
    signed_in: Client,
    change: dict[str, Any],
    error: str,
) -> None:
    response = signed_in.post(url("save"), body(desk_project, monitor, **change))
    assert response.status_code == 422
    assert response.json()["error"] == error
    assert response.json()["message"]
    assert not Coding.objects.exists()


def test_answers_of_somebody_who_signed_out_never_become_another_person_s(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    other = desk_project.member("other")
    desk_project.assign(other)
    response = signed_in.post(url("save"), body(desk_project, other))
    assert response.status_code == 401
    assert response.json() == {"error": "other_person"}
    assert not Coding.objects.exists()


def test_a_post_of_somebody_else_does_not_exist(desk_project: DeskProject, client: Client) -> None:
    other = desk_project.member("other")
    client.force_login(other)
    desk_project.assign(other, desk_project.posts[:1])
    assert client.get(url("desk"), {"post": desk_project.posts[1].pk}).status_code == 404
    sent = body(desk_project, other, place=1)
    answers = [
        client.post(url("save"), {**sent, "post": post}, headers=JSON)
        for post in (sent["post"], 2**62)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()
    assert not Coding.objects.exists()


def test_a_skip_keeps_its_reason(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    skip = body(desk_project, monitor, action="skip", **{"reason-choice": "There is no text"})
    assert signed_in.post(url("save"), skip).status_code == 200
    coding = Coding.objects.get(coder=monitor)
    assert (coding.kind, coding.reason) == (CodingKind.SKIP, "There is no text")


def test_a_lead_is_told_what_to_look_at_and_replies_once(
    desk_project: DeskProject, monitor: User, signed_in: Client, client: Client
) -> None:
    ask = body(desk_project, monitor, asks="lead")
    refused = signed_in.post(url("save"), ask)
    assert (refused.status_code, refused.json()["error"]) == (422, "no_comment")
    assert signed_in.post(url("save"), {**ask, "comment": "An ad?"}).status_code == 200
    assert signed_in.get(url("asked")).status_code == 403
    client.force_login(desk_project.member("lead", Role.LEAD))
    assert "An ad?" in client.get(url("asked")).content.decode()
    lead = User.objects.get(username="lead")
    desk_project.assign(lead, desk_project.posts[:1])
    page = client.get(url("asked")).content.decode()
    assert "An ad?" not in page
    assert "Code this post yourself first" in page
    Assignment.objects.filter(monitor=lead).delete()
    coding = Coding.objects.get(coder=monitor)
    for words in ("Yes, code it as one.", "No!"):
        client.post(url("reply"), {"coding": coding.pk, "text": words})
    page = signed_in.get(url("coded")).content.decode()
    assert "Yes, code it as one." in page
    assert "No!" not in page
    assert "Nobody asks anything now" in client.get(url("asked")).content.decode()


def test_a_reply_to_another_project_or_to_nothing_asked_is_refused(
    desk_project: DeskProject, monitor: User, signed_in: Client, client: Client
) -> None:
    elsewhere = make_desk_project("elsewhere")
    asker = elsewhere.member("asker")
    elsewhere.assign(asker)
    foreign = Client(headers=JSON)
    foreign.force_login(asker)
    saved = body(elsewhere, asker, asks="second")
    assert foreign.post(reverse("coding:save", args=["elsewhere"]), saved).status_code == 200
    signed_in.post(url("save"), body(desk_project, monitor))
    client.force_login(desk_project.member("lead", Role.LEAD))
    for coding in Coding.objects.all():
        answer = client.post(url("reply"), {"coding": coding.pk, "text": "So"}, follow=True)
        assert "Nobody asked this" in answer.content.decode()
    assert not Reply.objects.exists()


def test_a_second_opinion_gives_the_post_to_the_monitor_with_the_least_to_do(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    busy, free = desk_project.member("busy"), desk_project.member("free")
    desk_project.member("lead", Role.LEAD)
    desk_project.assign(busy, desk_project.posts[1:])
    desk_project.assign(free, desk_project.posts[5:6])
    signed_in.post(url("save"), body(desk_project, monitor, asks="second"))
    given = Assignment.objects.exclude(monitor=monitor).get(post=desk_project.posts[0])
    assert (given.monitor, given.state, given.is_overlap) == (free, AssignmentState.OPEN, False)
    # Nobody else gets a post that two people have.
    signed_in.post(url("save"), body(desk_project, monitor, place=1, asks="second"))
    assert Assignment.objects.filter(post=desk_project.posts[1]).count() == 2


def test_a_second_opinion_goes_to_one_whose_lease_ended_and_not_to_one_who_skipped(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    late, skipper = desk_project.member("late"), desk_project.member("skipper")
    for other, state, pooled in [
        (late, AssignmentState.OPEN, {"is_pooled": True, "leased_until": NOON}),
        (skipper, AssignmentState.SKIPPED, {}),
    ]:
        Assignment.objects.create(
            project=desk_project.project,
            post=desk_project.posts[0],
            monitor=other,
            state=state,
            **pooled,
        )
    signed_in.post(url("save"), body(desk_project, monitor, asks="second"))
    given = Assignment.objects.waiting_for(late).held(timezone.now()).get()
    assert given.post == desk_project.posts[0]
    assert not Assignment.objects.waiting_for(skipper).exists()


def test_a_plain_form_goes_on_to_the_next_post_or_back_with_the_reason(
    desk_project: DeskProject, monitor: User, client: Client
) -> None:
    client.force_login(monitor)
    response = client.post(url("save"), body(desk_project, monitor), follow=True)
    assert "№ 1" in response.content.decode()
    response = client.post(url("save"), body(desk_project, monitor, place=1, topic=[]), follow=True)
    assert "Choose at least one topic" in response.content.decode()
    assert "№ 1" in response.content.decode()


def test_one_s_own_answers_come_back_to_be_amended(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    signed_in.post(url("save"), body(desk_project, monitor))
    page = signed_in.get(url("desk"), {"post": desk_project.posts[0].pk}).content.decode()
    assert 'value="elections" checked' in page
    assert 'value="positive" checked' in page
    assert 'name="base_number" value="1"' in page


def test_no_response_of_the_desk_holds_an_answer_of_another_monitor(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    other = desk_project.member("other-monitor")
    desk_project.assign(other)
    client = Client(headers=JSON)
    client.force_login(other)
    flag = {"flag": ["manipulation"], "quote-manipulation": "a quote only the other found"}
    client.post(url("save"), body(desk_project, other, **flag))
    coded = body(desk_project, monitor, topic=["politics"])
    responses = [
        signed_in.get(url("desk")),
        signed_in.get(url("desk"), {"post": desk_project.posts[0].pk}),
        signed_in.get(url("next")),
        signed_in.post(url("save"), coded),
        signed_in.get(url("coded")),
    ]
    for response in responses:
        text = response.content.decode().replace(r"\"", '"').replace(r"\u0022", '"')
        assert response.status_code == 200
        assert "a quote only the other found" not in text
        assert "other-monitor" not in text
        assert " checked>" not in text.replace('value="" checked>', "")


def test_what_a_post_says_is_shown_as_text_and_only_web_addresses_are_links(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    post = desk_project.posts[0]
    post.text = '<script>alert(1)</script> https://a.example/?q="><img src=x>, Айнура Асанова'
    post.url = "javascript:alert(2)"
    post.link = "data:text/html,x"
    post.save()
    page = signed_in.get(url("desk")).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript:' not in page
    assert 'href="data:' not in page
    assert 'href="https://a.example/?q=" target="_blank" rel="noreferrer noopener nofollow"' in page


def test_no_post_and_no_codebook_are_said_kindly(
    desk_project: DeskProject, monitor: User, client: Client
) -> None:
    newcomer = desk_project.member("newcomer")
    client.force_login(newcomer)
    assert "No posts for you yet" in client.get(url("desk")).content.decode()
    Assignment.objects.filter(monitor=monitor).update(state=AssignmentState.DONE)
    client.force_login(monitor)
    assert "You coded 8 posts" in client.get(url("desk")).content.decode()
    desk_project.version.state = "retired"
    desk_project.version.save()
    assert "codebook is not published" in client.get(url("desk")).content.decode()


def test_the_topics_one_used_most_on_the_days_before_have_letters_of_their_own_names(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    def keys() -> dict[str, str]:
        questions = signed_in.get(url("desk")).context["questions"]
        return {topic.entry.key: topic.hotkey for topic in questions.topics}

    assert (keys()["elections"], keys()["other"]) == ("e", "")
    coding = body(desk_project, monitor, topic=["other"])
    signed_in.post(url("save"), coding)
    assert keys()["other"] == ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE coding_coding SET made_at = made_at - interval '2 days'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert (keys()["elections"], keys()["other"] != "") == ("e", True)
    # What others choose would tell how they coded.
    other = desk_project.member("other")
    desk_project.assign(other)
    signed_in.force_login(other)
    assert keys()["other"] == ""


def test_no_two_answers_of_the_page_share_a_key(signed_in: Client) -> None:
    questions = signed_in.get(url("desk")).context["questions"]
    keys = [each.hotkey for each in (*questions.topics, *questions.tones) if each.hotkey]
    assert len(keys) == len(set(keys)) == 17 + 3
    assert not set(keys) & set("afgmst0123456789")


def test_counters_are_in_the_form_of_the_readers_language(
    desk_project: DeskProject, monitor: User, signed_in: Client
) -> None:
    assert "1,065" in signed_in.get(url("next")).json()["sheets"][0]["card"]
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    assert "1\u00a0065" in signed_in.get(url("next")).json()["sheets"][0]["card"]
