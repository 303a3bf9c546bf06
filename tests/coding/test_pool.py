"""The common pool: nobody gets a post that has enough monitors, and no lease lasts forever."""

import datetime
import os
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from psycopg2.errors import LockNotAvailable

from coding.models import (
    Assignment,
    AssignmentState,
    Method,
    OverlapPost,
    Sample,
    SamplePost,
    Workload,
)
from coding.services.assignments import progress
from coding.services.codings import Answers, save_coding
from coding.services.handing_out import next_assignments, release
from coding.services.pool import close_pool, open_pool
from coding.services.samples import draw_samples
from monitoring.models import Account, Post, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def account(project: Project) -> Account:
    return make.account(make.actor(project))


def pooled(account: Account, number: int, **fields: str) -> list[Post]:
    posts = [make.post(account, **fields) for _ in range(number)]
    draw_samples(project=account.project, at=make.NOON)
    open_pool(project=account.project)
    return posts


def wanted_twice(post: Post) -> None:
    sample_post = SamplePost.objects.get(post=post)
    OverlapPost.objects.create(sample_post=sample_post, stratum="all", drawn_at=make.NOON)


def taken(monitor: User, project: Project, *, count: int = 9, later: int = 0) -> set[int]:
    at = make.NOON + datetime.timedelta(minutes=later)
    following = next_assignments(project=project, monitor=monitor, count=count, at=at)
    return {assignment.post_id for assignment in following}


def test_each_takes_other_posts_until_the_pool_is_empty(project: Project, account: Account) -> None:
    posts = pooled(account, 3)
    first, second = make.member(project), make.member(project)
    one, two = taken(first, project, count=2), taken(second, project, count=2)
    assert (len(one), len(two)) == (2, 1)
    assert one | two == {post.pk for post in posts}
    assert taken(make.member(project), project) == set()


def test_a_post_for_two_goes_to_two_and_never_twice_to_one(
    project: Project, account: Account
) -> None:
    [post] = pooled(account, 1)
    wanted_twice(post)
    first, second, third = (make.member(project) for _ in range(3))
    assert taken(first, project) == taken(first, project) == {post.pk}
    assert taken(second, project) == {post.pk}
    assert taken(third, project) == set()


def test_a_lease_ends_by_itself_and_the_post_goes_to_the_next(
    project: Project, account: Account
) -> None:
    [post] = pooled(account, 1)
    first, second = make.member(project), make.member(project)
    assert taken(first, project) == {post.pk}
    assert taken(second, project, later=14) == set()
    assert taken(second, project, later=16) == {post.pk}
    late = make.NOON + datetime.timedelta(minutes=16)
    assert progress(project=project, monitor=first, now=late).left == 0
    assert taken(first, project, later=16) == set()


def test_one_who_goes_on_keeps_what_lies_in_the_tab(project: Project, account: Account) -> None:
    pooled(account, 4)
    first, second = make.member(project), make.member(project)
    held = taken(first, project, count=2)
    assert taken(first, project, count=1, later=14) < held
    assert not taken(second, project, later=20) & held
    taken(first, project, count=0, later=28)
    assert not taken(second, project, later=40) & held


def test_one_who_comes_back_finds_their_post_where_nobody_took_it(
    project: Project, account: Account
) -> None:
    [post] = pooled(account, 1)
    monitor = make.member(project)
    taken(monitor, project)
    assert taken(monitor, project, later=120) == {post.pk}


def test_what_is_saved_after_the_lease_is_kept(project: Project, account: Account) -> None:
    [post] = pooled(account, 1)
    first, second = make.member(project), make.member(project)
    taken(first, project)
    taken(second, project, later=16)
    for number, coder in enumerate((first, second)):
        save_coding(
            project=project,
            post=post,
            coder=coder,
            version=make.published_codebook(project, name=str(number)),
            request_id=uuid.uuid4(),
            base_number=0,
            answers=Answers(topics=("media",)),
            seconds=1,
            at=make.NOON,
        )
    assert post.codings.count() == 2


def test_posts_that_were_dealt_are_held_and_a_closed_pool_gives_nothing(
    project: Project, account: Account
) -> None:
    dealt, free = pooled(account, 2)
    make.assignment(dealt, make.member(project))
    monitor = make.member(project)
    assert taken(monitor, project) == {free.pk}
    close_pool(project=project)
    assert taken(make.member(project), project, later=60) == set()


@pytest.mark.parametrize(
    ("work", "is_taken"),
    [
        ({"languages": ["ky"]}, True),
        ({"languages": ["ru", "other"]}, False),
        ({"categories": ["candidate"]}, True),
        ({"categories": ["media"]}, False),
        ({"share": 0}, False),
    ],
    ids=str,
)
def test_one_takes_only_what_the_lead_gave_them(
    project: Project, account: Account, work: dict, *, is_taken: bool
) -> None:
    pooled(account, 1, text="Шайлоо күнү")
    monitor = make.member(project)
    Workload.objects.create(project=project, monitor=monitor, **work)
    assert bool(taken(monitor, project)) == is_taken


def test_near_the_end_everybody_at_work_gets_a_share_and_one_who_comes_finds_something(
    project: Project, account: Account
) -> None:
    posts = pooled(account, 12)
    first, second, third = (make.member(project) for _ in range(3))
    assert len(taken(first, project, count=40)) == 6
    assert len(taken(second, project, count=40)) == 4
    assert len(taken(third, project, count=40)) == 2
    assert len(taken(first, project, count=40)) == 6
    done = Assignment.objects.filter(monitor=first).values("post")[:5]
    Assignment.objects.filter(post__in=done).update(state=AssignmentState.DONE)
    assert taken(make.member(project), project) == set()
    assert Assignment.objects.count() == len(posts)


def test_what_a_closed_tab_gives_back_is_free_at_once_and_nothing_of_others_is(
    project: Project, account: Account
) -> None:
    pooled(account, 3)
    first, second = make.member(project), make.member(project)
    held = taken(first, project)
    assert len(held) == 2
    rest = taken(second, project)
    leases = list(Assignment.objects.values_list("pk", flat=True))
    later = make.NOON + datetime.timedelta(minutes=1)
    assert release(project=project, monitor=first, assignments=leases, at=later) == 2
    assert taken(second, project, later=1) > rest
    assert release(project=project, monitor=first, assignments=leases, at=later) == 0


def test_taking_reads_what_is_still_to_be_taken_however_much_is_done(
    project: Project, account: Account
) -> None:
    posts = pooled(account, 60)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # small tables would be read whole
    for post in posts[:50]:
        make.assignment(post, make.member(project))
    Assignment.objects.of(project).update(state=AssignmentState.DONE)
    before = rows_read()
    assert len(taken(make.member(project), project, count=3)) == 3
    assert rows_read() - before < 20


def rows_read() -> int:
    """In this transaction, of the sample."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
            " WHERE relname = 'coding_samplepost'"
        )
        return cursor.fetchone()[0]


def test_the_database_knows_which_posts_have_enough_monitors(
    project: Project, account: Account
) -> None:
    [post] = pooled(account, 1)
    sampled = SamplePost.objects.get(post=post)

    def has_enough() -> bool:
        sampled.refresh_from_db()
        return sampled.has_enough_monitors

    first, second = make.member(project), make.member(project)
    taken(first, project)
    assert not has_enough()  # a lease ends by itself
    queue = Assignment.objects.of(project).filter(monitor=first)
    queue.update(state=AssignmentState.DONE)
    assert has_enough()
    queue.update(state=AssignmentState.OPEN)
    assert not has_enough()  # taken back
    queue.update(state=AssignmentState.SKIPPED)
    wanted_twice(post)
    assert not has_enough()
    dealt = make.assignment(post, second)
    assert has_enough()
    dealt.delete()
    assert not has_enough()
    OverlapPost.objects.all().delete()
    assert has_enough()
    SamplePost.objects.update(has_enough_monitors=False)
    assert has_enough()  # counted, not believed
    close_pool(project=project)
    assert not has_enough()
    open_pool(project=project)
    assert has_enough()


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_claim_a_thousand_posts_each_as_often_as_asked() -> None:
    project = make.project()
    account = make.account(make.actor(project))
    many_posts(account, 1000)
    crowds = [crowd()]
    with ThreadPoolExecutor(50) as threads:
        monitors = [make.member(project) for _ in range(50)]
        ready = threading.Barrier(50)
        began = perf_counter()
        claims = list(threads.map(lambda monitor: claim_all(project, monitor, ready), monitors))
        seconds = perf_counter() - began
    crowds.append(crowd())
    wanted = {
        row.post_id: row.overlap.coders if hasattr(row, "overlap") else 1
        for row in SamplePost.objects.select_related("overlap")
    }
    assert sum(wanted.values()) == 1200
    assert Counter(post for posts in claims for post in posts) == wanted
    assert Counter(Assignment.objects.of(project).values_list("post_id", flat=True)) == wanted
    assert seconds < 10 * max(1, *crowds)


def crowd() -> float:
    """How much wants to run on each core: everything takes that much longer."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def claim_all(project: Project, monitor: User, ready: threading.Barrier) -> list[int]:
    """The posts one monitor gets and codes, ten at a time, on a connection of their own."""
    try:
        ready.wait()
        posts: list[int] = []
        mine = Assignment.objects.of(project).waiting_for(monitor).order_by()
        while True:
            ask_until_answered(project, monitor)
            claimed = list(mine.values_list("post_id", flat=True))
            if not claimed:
                return posts
            mine.update(state=AssignmentState.DONE)
            posts += claimed
    finally:
        connection.close()


def ask_until_answered(project: Project, monitor: User) -> None:
    """Ask again, as a tab does, where a busy machine brings one's turn too late."""
    while True:
        try:
            next_assignments(project=project, monitor=monitor, count=10, at=make.NOON)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        else:
            return


def many_posts(account: Account, number: int) -> None:
    """A pool of posts, every fifth wanted by two."""
    project = account.project
    batch = make.source_import(project)
    posts = Post.objects.bulk_create(
        Post(
            project=project,
            account=account,
            platform="facebook",
            native_id=f"post-{place}",
            published_at=make.NOON,
            counted_at=make.NOON,
            is_provisional=False,
            first_import=batch,
        )
        for place in range(number)
    )
    sample = Sample.objects.create(
        project=project,
        category=account.actor.category,
        platform="facebook",
        method=Method.CENSUS,
        drawn_at=make.NOON,
    )
    rows = SamplePost.objects.bulk_create(
        SamplePost(sample=sample, post=post, rank=rank, interactions=0, place=rank)
        for rank, post in enumerate(posts)
    )
    OverlapPost.objects.bulk_create(
        OverlapPost(sample_post=row, stratum="all", drawn_at=make.NOON) for row in rows[::5]
    )
