"""Assigning posts to monitors, and how far they are."""

import datetime
import uuid
from typing import Any

import pytest

from coding.models import Assignment
from coding.services.assignments import Progress, assign, progress
from coding.services.codings import Answers, save_coding, skip
from coding.services.handing_out import next_assignments
from coding.services.samples import draw_samples
from monitoring.models import Account, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def account(project: Project) -> Account:
    return make.account(make.actor(project))


def sampled(account: Account, number: int) -> None:
    for _ in range(number):
        make.post(account)
    draw_samples(project=account.project, at=make.NOON)


def test_assigning_deals_the_sample_and_a_fraction_of_it_twice(
    project: Project, account: Account
) -> None:
    sampled(account, 10)
    monitors = [make.member(project), make.member(project)]
    assert assign(project=project, monitors=monitors, overlap=0.2, seed=1, at=make.NOON) == 12
    assert Assignment.objects.of(project).filter(is_overlap=True).count() == 4


def test_assigning_again_only_adds(project: Project, account: Account) -> None:
    monitors = [make.member(project), make.member(project)]
    sampled(account, 5)
    assign(project=project, monitors=monitors, overlap=0, at=make.NOON)
    before = set(Assignment.objects.of(project).values_list("pk", "post", "monitor"))
    assert assign(project=project, monitors=monitors, overlap=0, at=make.NOON) == 0
    sampled(account, 3)
    assert assign(project=project, monitors=monitors, overlap=0, at=make.NOON) == 3
    assert before < set(Assignment.objects.of(project).values_list("pk", "post", "monitor"))


def test_posts_that_were_ranked_out_are_not_dealt(project: Project, account: Account) -> None:
    sampled(account, 3)
    Account.objects.of(project).update(actor=None, state="ignored")
    draw_samples(project=project, at=make.NOON)
    assert assign(project=project, monitors=[make.member(project)], at=make.NOON) == 0


def test_what_comes_next_is_ones_own_open_posts_in_order(
    project: Project, account: Account
) -> None:
    monitor, other = make.member(project), make.member(project)
    posts = [make.post(account) for _ in range(3)]
    for position, post in enumerate(reversed(posts)):
        make.assignment(post, monitor, position=position)
    make.assignment(posts[0], other)
    following = next_assignments(project=project, monitor=monitor, count=2, at=make.NOON)
    assert [one.post for one in following] == [posts[2], posts[1]]
    behind = next_assignments(
        project=project, monitor=monitor, count=2, after=following[1].pk, at=make.NOON
    )
    assert [one.post for one in behind] == [posts[0]]


def test_progress_counts_the_day_in_the_zone_of_the_project(
    project: Project, account: Account
) -> None:
    monitor = make.member(project)
    version = make.published_codebook(project)
    # 23:30, 00:30 and 00:45 in Bishkek.
    moments = [make.NOON.replace(hour=hour, minute=m) for hour, m in [(17, 30), (18, 30), (18, 45)]]
    for at in moments:
        post = make.post(account)
        make.assignment(post, monitor)
        row: dict[str, Any] = {
            "project": project,
            "post": post,
            "coder": monitor,
            "version": version,
            "request_id": uuid.uuid4(),
            "base_number": 0,
            "seconds": 1,
            "at": at,
        }
        if at == moments[-1]:
            skip(**row, reason="not in a language I read")
        else:
            save_coding(**row, answers=Answers(topics=("media",)))
    make.assignment(make.post(account), monitor)
    now = moments[-1] + datetime.timedelta(minutes=30)
    assert progress(project=project, monitor=monitor, now=now) == Progress(
        done=2, left=1, skipped=1, today=2, last_hour=2
    )
