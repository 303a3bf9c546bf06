"""The leads' board, and giving a monitor's posts to others."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from coding.models import Assignment, AssignmentState
from coding.pace import TooFast
from coding.services.handing_out import next_assignments
from coding.services.overlaps import draw_overlap
from coding.services.pool import open_pool
from coding.services.reassignment import reassign
from coding.services.refusals import CodingRefused
from coding.services.returns import return_coding
from coding.services.samples import draw_samples
from coding.services.team import Teammate, team_of
from monitoring.models import Membership, Role
from tests.coding.coded_twice import code, make_coded_twice
from tests.coding.desk_project import NOON, DeskProject, make_desk_project

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def of(made: DeskProject, name: str, now: datetime.datetime = NOON + HOUR) -> Teammate:
    return next(one for one in team_of(project=made.project, now=now).people if one.name == name)


def test_each_monitor_has_what_is_done_and_left_and_an_end() -> None:
    made = make_desk_project()
    aida, _resting = made.member("aida"), made.member("bakyt")
    made.assign(aida)
    for post in made.posts[:2]:
        code(made, aida, post, flags=("manipulation",), at=NOON)
    code(made, aida, made.posts[2], at=NOON - datetime.timedelta(days=4))
    one = of(made, "aida")
    assert (one.done, one.left, one.flagged, one.recent, one.seconds) == (3, 5, 2, 2, 20)
    # Five are left, at two in three days.
    assert one.end == NOON + HOUR + datetime.timedelta(days=7.5)
    assert (of(made, "bakyt").end, of(made, "bakyt").seconds) == (NOON + HOUR, None)


def test_what_lies_in_the_pool_or_with_nobody_is_left_too() -> None:
    made = make_desk_project()
    aida = made.member("aida")
    draw_samples(project=made.project, at=NOON)
    draw_overlap(project=made.project, size=2, at=NOON)
    team = team_of(project=made.project, now=NOON)
    assert (team.left, team.unheld) == (10, (0, 10))
    open_pool(project=made.project)
    next_assignments(project=made.project, monitor=aida, count=2, at=NOON)
    code(made, aida, Assignment.objects.earliest("position").post)
    team = team_of(project=made.project, now=NOON + HOUR / 12)
    assert (team.done, team.left, team.unheld) == (1, 9, (8, 0))
    # One in the day since work began, and nine are left.
    assert team.end == NOON + HOUR / 12 + datetime.timedelta(days=9)
    # What lay in a tab and was not coded in time is in the pool again.
    assert team_of(project=made.project, now=NOON + HOUR).unheld == (9, 0)


def test_whose_membership_ended_is_on_the_board_and_their_posts_go_to_others(
    client: Client,
) -> None:
    made = make_desk_project()
    gone = made.member("gone")
    made.assign(gone)
    code(made, gone, made.posts[0])
    made.member("idle")
    gone.memberships.all().delete()
    one = of(made, "gone")
    assert (one.has_left, one.may_code, one.done, one.left) == (True, False, 1, 7)
    client.force_login(made.member("lead", Role.LEAD))
    assert give(client, "gone", "idle") == ["7 posts given to others."]


def test_agreement_is_that_with_everybody_else() -> None:
    made, _aida, _bakyt = make_coded_twice()
    assert of(made, "aida").tone == pytest.approx(of(made, "bakyt").tone)
    assert of(made, "aida").topics is None


def test_who_differs_from_two_that_agree_is_told_apart() -> None:
    made, aida, _bakyt = make_coded_twice()
    third = made.member("third")
    made.assign(third)
    for post in made.posts:
        said = {row.coder: row.mentions.get().tone.key for row in post.codings.all()}
        code(made, third, post, tone=said[aida])
    aida_now, bakyt_now, third_now = (of(made, name).tone for name in ("aida", "bakyt", "third"))
    assert aida_now is not None
    assert bakyt_now is not None
    assert aida_now == pytest.approx(third_now)
    assert bakyt_now < aida_now


def test_who_is_quicker_than_anybody_reads_is_noticed() -> None:
    made = make_desk_project(texts=["слово " * 200] * 20)
    quick, slow = made.member("quick"), made.member("slow")
    for user, seconds in ((quick, 4), (slow, 60)):
        made.assign(user)
        for post in made.posts:
            code(made, user, post, seconds=seconds)
    assert (of(made, "quick").too_fast, of(made, "slow").too_fast) == (TooFast.READING, None)


def test_the_board_asks_as_often_for_many_monitors_as_for_few(
    django_assert_num_queries: Any,
) -> None:
    made, _aida, _bakyt = make_coded_twice(2)
    with django_assert_num_queries(14):
        team_of(project=made.project, now=NOON)
    for number in range(5):
        user = made.member(f"more-{number}")
        made.assign(user)
        code(made, user, made.posts[0])
    with django_assert_num_queries(14):
        team_of(project=made.project, now=NOON)


def test_open_posts_go_to_those_with_the_fewest_and_never_twice_to_one() -> None:
    made = make_desk_project()
    gone, busy, idle = (made.member(name) for name in ("gone", "busy", "idle"))
    made.assign(gone)
    made.assign(busy, made.posts[:4])
    code(made, gone, made.posts[7])
    done = reassign(project=made.project, monitor=gone, to=[busy, idle], at=NOON)
    assert done == (7, 0)
    rows = Assignment.objects.of(made.project)
    assert rows.filter(monitor=gone).count() == 1  # the coded one
    assert rows.filter(monitor=busy, state=AssignmentState.OPEN).count() == 6
    assert rows.filter(monitor=idle, state=AssignmentState.OPEN).count() == 5


def test_a_post_that_all_of_them_have_stays() -> None:
    made = make_desk_project()
    gone, other = made.member("gone"), made.member("other")
    made.assign(gone, made.posts[:2])
    made.assign(other, made.posts[:1])
    code(made, other, made.posts[0])
    assert reassign(project=made.project, monitor=gone, to=[other], at=NOON) == (1, 1)


def test_what_the_monitor_s_tab_holds_and_what_came_back_to_them_stays() -> None:
    made, aida, _bakyt = make_coded_twice(4)
    other = made.member("other")
    lead = made.member("lead", Role.LEAD)
    coding = aida.codings.get(post=made.posts[0])
    return_coding(project=made.project, coding=coding.pk, lead=lead, note="Again?", at=NOON)
    assert reassign(project=made.project, monitor=aida, to=[other], at=NOON) == (0, 0)
    held = Assignment.objects.of(made.project).filter(monitor=aida, post=made.posts[1])
    held.update(state=AssignmentState.OPEN, leased_until=NOON + HOUR)
    assert reassign(project=made.project, monitor=aida, to=[other], at=NOON) == (0, 0)
    assert reassign(project=made.project, monitor=aida, to=[other], at=NOON + 2 * HOUR).moved == 1


def test_what_was_answered_without_a_line_before_the_post_went_to_another_is_stored() -> None:
    made = make_desk_project()
    offline, other = made.member("offline"), made.member("other")
    made.assign(offline, made.posts[:2])
    next_assignments(project=made.project, monitor=offline, count=1, at=NOON)
    done = reassign(project=made.project, monitor=offline, to=[other], at=NOON + HOUR)
    assert done.moved == 2
    assert (of(made, "offline").left, of(made, "other").left) == (0, 2)
    code(made, offline, made.posts[0], at=NOON + HOUR)
    assert of(made, "offline").done == 1
    # What they never saw is not theirs any more.
    with pytest.raises(CodingRefused):
        code(made, offline, made.posts[1], at=NOON + HOUR)


def test_what_was_given_to_others_can_be_given_back() -> None:
    made = make_desk_project(texts=["слово"])
    ill, other = made.member("ill"), made.member("other")
    made.assign(ill)
    next_assignments(project=made.project, monitor=ill, count=1, at=NOON)
    assert reassign(project=made.project, monitor=ill, to=[other], at=NOON + HOUR) == (1, 0)
    assert reassign(project=made.project, monitor=other, to=[ill], at=NOON + HOUR) == (1, 0)
    assert (of(made, "ill").left, of(made, "other").left) == (1, 0)


@pytest.fixture
def open_project(client: Client) -> DeskProject:
    made = make_desk_project()
    made.assign(made.member("gone"))
    made.member("idle")
    made.member("viewer", Role.VIEWER)
    client.force_login(made.member("lead", Role.LEAD))
    return made


def give(client: Client, monitor: str, *to: str) -> list[str]:
    ids = dict(User.objects.values_list("username", "pk"))
    data = {"monitor": ids[monitor], "to": [ids[name] for name in to]}
    page = client.post(reverse("coding:reassign", args=["mission"]), data, follow=True)
    return [str(message) for message in page.context["messages"]]


def test_a_lead_reassigns_from_the_board(open_project: DeskProject, client: Client) -> None:
    assert "Reassign" in client.get(reverse("coding:progress", args=["mission"])).content.decode()
    assert give(client, "gone", "idle") == ["8 posts given to others."]


@pytest.mark.parametrize("to", [[], ["viewer"], ["gone"], ["stranger"]])
def test_posts_go_only_to_others_who_code(
    open_project: DeskProject, client: Client, to: list[str]
) -> None:
    User.objects.create_user("stranger")
    assert give(client, "gone", *to)
    assert Assignment.objects.of(open_project.project).filter(monitor__username="gone").count() == 8


@pytest.mark.parametrize(("role", "status"), [(Role.MONITOR, 403), (Role.VIEWER, 403), ("", 404)])
def test_nobody_but_leads_reassigns(
    open_project: DeskProject, client: Client, role: str, status: int
) -> None:
    lead = Membership.objects.filter(user__username="lead")
    lead.update(role=role) if role else lead.delete()
    data = {"monitor": 1, "to": [2]}
    response = client.post(reverse("coding:reassign", args=["mission"]), data)
    assert response.status_code == status
