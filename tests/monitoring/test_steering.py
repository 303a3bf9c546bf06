"""Imports are paused, resumed and cancelled; what others count on stays."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import Assignment
from monitoring.models import (
    Account,
    DailyLanguage,
    DailyTotal,
    Import,
    ImportChunk,
    Membership,
    Observation,
    Post,
    Project,
)
from monitoring.services.imports import SentFile, open_import
from monitoring.services.ledger import hand_out, load_chunk, unattended, work
from monitoring.services.loading import rebuild_daily_totals
from monitoring.services.steering import NotPossible, cancel, pause, resume
from monitoring.tasks import sweep_imports
from tests import factories as make
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.test_imports import NOW, everything, take_in, totals

pytestmark = pytest.mark.django_db

LATER = "2021-01-20-09-15-00-EST-Historical-Report.csv"
STRANGER = {"Facebook Id": "100000000000009", "User Name": "bekov", "Page Name": "Беков"}


@pytest.fixture
def admin(project: Project) -> User:
    user = User.objects.create_user("admin")
    Membership.objects.create(project=project, user=user, role="admin")
    return user


def posts(first: int, last: int, **cells: Any) -> bytes:
    return as_csv(PAGES_2020, [page_post(n, Likes=n % 50, **cells) for n in range(first, last)])


def half_done(project: Project) -> Import:
    """An import of 20 posts in several chunks, the first of which is loaded."""
    opened = open_import(project=project, file=SentFile(STABLE, [posts(0, 20)]), received_at=NOW)
    pk = opened.source_import.pk
    work(project_id=project.pk, import_id=pk, seconds=-1, chunk_bytes=1000)
    found = Import.objects.of(project).get(pk=pk)
    assert 0 < found.rows_read < 20
    return found


def finish(one: Import) -> Import:
    while work(project_id=one.project_id, import_id=one.pk, seconds=60):
        pass
    return Import.objects.of(one.project).get(pk=one.pk)


def test_a_paused_import_stands_still_and_goes_on_where_it_was(
    project: Project, admin: User
) -> None:
    started = half_done(project)
    paused = pause(source_import=started, by=admin)
    assert finish(paused).rows_read == started.rows_read
    assert unattended(quiet=datetime.timedelta(0)) == []
    done = finish(resume(source_import=paused))
    assert (done.state, done.rows_created) == ("done", 20)
    assert Post.objects.of(project).count() == 20


def test_an_import_paused_before_its_file_was_read_is_read_when_it_goes_on(
    project: Project, admin: User
) -> None:
    opened = open_import(project=project, file=SentFile(STABLE, [posts(0, 3)]), received_at=NOW)
    paused = finish(pause(source_import=opened.source_import, by=admin))
    assert (paused.state, paused.chunks.count()) == ("paused", 0)
    assert finish(resume(source_import=paused)).rows_created == 3


def test_the_file_of_a_paused_import_is_known_as_being_imported(
    project: Project, admin: User
) -> None:
    paused = pause(source_import=half_done(project), by=admin)
    again = open_import(project=project, file=SentFile("x.csv", [posts(0, 20)]), received_at=NOW)
    assert (again.source_import, again.is_new) == (paused, False)


def test_a_chunk_handed_out_before_the_cancellation_loads_nothing_after_it(
    project: Project, admin: User
) -> None:
    started = half_done(project)
    chunk = hand_out(started)
    assert chunk is not None
    cancel(source_import=started, by=admin)
    load_chunk(started, chunk.number)
    assert ImportChunk.objects.get(source_import=started, number=chunk.number).rows_read == 0


@pytest.mark.parametrize("is_done", [False, True])
def test_a_cancelled_import_leaves_the_project_as_it_was(
    project: Project, admin: User, is_done: bool
) -> None:
    take_in(project, posts(100, 110), name=LATER)
    before = everything(project)
    started = half_done(project)
    if is_done:
        started = finish(started)
    cancelled = finish(cancel(source_import=started, by=admin))
    assert cancelled.state == "cancelled"
    assert cancelled.rows_taken_back == cancelled.rows_created == started.rows_created
    assert everything(project) == before
    assert not DailyTotal.objects.filter(posts=0).exists()
    assert not DailyLanguage.objects.filter(posts=0).exists()
    again = take_in(project, posts(0, 20))
    assert (again.rows_created, again.repeats) == (20, None)


def test_posts_that_were_coded_sampled_or_read_by_others_stay_and_are_named(
    project: Project, admin: User
) -> None:
    first = take_in(project, posts(0, 20), chunk_bytes=1000)
    take_in(project, posts(0, 3), name=LATER)
    coded = Post.objects.of(project).get(native_id="7")
    Assignment.objects.create(project=project, post=coded, monitor=admin, position=0)
    cancelled = finish(cancel(source_import=first, by=admin))
    assert (cancelled.rows_taken_back, cancelled.kept_in_use, cancelled.kept_shared) == (16, 1, 3)
    assert set(Post.objects.of(project).values_list("native_id", flat=True)) == set("0127")
    before = totals(project)
    rebuild_daily_totals(project=project)
    assert totals(project) == before


def test_posts_stay_that_another_import_read_at_the_very_same_moment(
    project: Project, admin: User
) -> None:
    first = take_in(project, posts(0, 5))
    second = take_in(project, posts(0, 5))
    assert finish(cancel(source_import=first, by=admin)).kept_shared == 5
    assert second.imported_accounts.count() == 1  # what it covers is not taken back with the first
    assert finish(cancel(source_import=second, by=admin)).rows_taken_back == 0
    assert Post.objects.of(project).count() == 5


def test_an_import_of_the_same_moment_spares_only_what_it_may_have_read(
    project: Project, admin: User
) -> None:
    """People state one moment for several files."""
    wrong = take_in(project, posts(0, 5))
    take_in(project, posts(20, 23, **STRANGER))
    take_in(project, posts(30, 32, Created="2021-01-02 11:00:00 EST"))
    cancelled = finish(cancel(source_import=wrong, by=admin))
    assert (cancelled.rows_taken_back, cancelled.kept_shared) == (5, 0)
    assert Post.objects.of(project).count() == 5


def test_accounts_that_wait_for_no_post_any_more_are_forgotten(
    project: Project, admin: User
) -> None:
    wrong = take_in(project, posts(0, 3, **STRANGER))
    assert Account.objects.of(project).waiting().count() == 1
    finish(cancel(source_import=wrong, by=admin))
    assert Account.objects.of(project).waiting().count() == 0


def test_readings_given_to_posts_of_others_stay(project: Project, admin: User) -> None:
    take_in(project, posts(0, 3))
    newer = take_in(project, as_csv(PAGES_2020, [page_post(1, Likes=40)]), name=LATER)
    cancelled = finish(cancel(source_import=newer, by=admin))
    assert (cancelled.rows_updated, cancelled.rows_taken_back) == (1, 0)
    assert Observation.objects.filter(post__native_id="1").count() == 2


def test_a_state_that_does_not_allow_it_is_named(project: Project, admin: User) -> None:
    done = take_in(project, posts(0, 3))
    with pytest.raises(NotPossible, match="done"):
        pause(source_import=done, by=admin)
    with pytest.raises(NotPossible, match="done"):
        resume(source_import=done)


def test_an_import_whose_file_had_vanished_goes_on_when_it_is_back(
    project: Project, settings: Any
) -> None:
    started = half_done(project)
    path = settings.MEDIA_ROOT / started.stored_path
    path.rename(path.with_suffix(".away"))
    failed = finish(started)
    assert failed.state == "failed"
    path.with_suffix(".away").rename(path)
    assert finish(resume(source_import=failed)).rows_created == 20


def test_taking_back_a_chunk_takes_as_many_statements_however_many_posts_it_has(
    project: Project, admin: User
) -> None:
    statements = []
    for first, last in ((0, 2), (100, 160)):
        done = cancel(source_import=take_in(project, posts(first, last)), by=admin)
        with CaptureQueriesContext(connection) as queries:
            finish(done)
        statements.append(len(queries))
    assert statements[0] == statements[1]


@pytest.mark.parametrize(
    ("role", "expected"), [("viewer", 403), ("monitor", 403), ("lead", 403), ("admin", 302)]
)
@pytest.mark.parametrize("page", ["pause_import", "resume_import", "cancel_import"])
def test_only_admins_steer_imports(
    client: Client, project: Project, role: str, expected: int, page: str
) -> None:
    user = User.objects.create_user(role)
    Membership.objects.create(project=project, user=user, role=role)
    client.force_login(user)
    url = reverse(f"monitoring:{page}", args=[project.slug, half_done(project).pk])
    assert client.post(url).status_code == expected
    assert client.get(url).status_code == 405


def test_the_page_of_imports_says_whether_a_worker_is_there(
    client: Client, project: Project, admin: User
) -> None:
    client.force_login(admin)
    url = reverse("monitoring:imports", args=[project.slug])
    cache.clear()
    assert "No worker has answered" in client.get(url).content.decode()
    sweep_imports()
    assert "No worker has answered" not in client.get(url).content.decode()
    cache.clear()


def test_imports_of_mended_rows_are_listed_with_the_import_they_mend(
    client: Client, project: Project, admin: User
) -> None:
    first = take_in(project, posts(0, 2))
    Import.objects.of(project).create(
        project=project,
        repairs=first,
        file_name="Book1.csv",
        stored_path="x",
        sha256="1" * 64,
        size=1,
        source=first.source,
        exported_at=NOW,
    )
    client.force_login(admin)
    everywhere = client.get(reverse("monitoring:imports", args=[project.slug]))
    assert "Book1.csv" not in everywhere.content.decode()
    its_own = client.get(reverse("monitoring:import", args=[project.slug, first.pk]))
    assert "Book1.csv" in its_own.content.decode()


@pytest.mark.parametrize(("role", "status"), [("lead", 403), ("admin", 200)])
def test_programs_steer_imports_as_pages_do(project: Project, role: str, status: int) -> None:
    started = half_done(project)
    client = Client()
    client.force_login(make.member(project, role))
    address = f"/api/v1/projects/{project.slug}/imports/{started.pk}"
    assert client.post(f"{address}/pause/").status_code == status
    if status == 200:
        assert client.post(f"{address}/pause/").status_code == 409
        assert client.post(f"{address}/resume/").json()["state"] == "running"
        assert client.post(f"{address}/cancel/").json()["state"] == "cancelling"
