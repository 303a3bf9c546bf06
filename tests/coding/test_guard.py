"""Web and worker cannot rewrite the history of codings, whatever they are made to send."""

import importlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.core.checks import run_checks
from django.db import ProgrammingError, connection, transaction

from coding.models import Coding
from coding.services.codings import Answers, FlagAnswer, save_coding, verify_history, withdraw
from coding.services.guard import ROLE, guard_of_history
from monitoring.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db

migration = importlib.import_module("coding.migrations.0009_a_role_that_cannot_rewrite_history")


@contextmanager
def as_role(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def one_coding_taken_back() -> Project:
    """A project whose one post was coded, and taken back, by the role of the application."""
    project = make.project()
    actor = make.actor(project)
    post, monitor = make.post(make.account(actor)), make.member(project)
    version = make.published_codebook(project)
    make.assignment(post, monitor)
    row = {"project": project, "post": post, "coder": monitor, "at": make.NOON}
    with as_role(ROLE):
        save_coding(
            **row,
            version=version,
            request_id=uuid.uuid4(),
            base_number=0,
            answers=Answers(
                ("media",), ((actor.pk, "positive"),), (FlagAnswer("manipulation", "quote"),)
            ),
            seconds=5,
        )
        withdraw(**row, request_id=uuid.uuid4(), base_number=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return project


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(one_coding_taken_back)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


def test_the_application_codes_and_takes_back_under_its_role(project: Project) -> None:
    assert verify_history(project=project).rows == 2


@pytest.mark.parametrize("table", migration.HISTORY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {} CASCADE",
        "SET LOCAL session_replication_role = replica",
    ],
    ids=["update", "delete", "truncate", "triggers", "drop", "replica"],
)
def test_the_role_is_refused_what_would_rewrite_the_history(
    project: Project, table: str, statement: str
) -> None:
    if table not in connection.introspection.table_names():
        pytest.skip(f"there is no {table}")
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        as_role(ROLE),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Coding.objects.of(project).count() == 2


def test_every_table_that_refuses_changes_is_guarded_by_the_role_too() -> None:
    guard = guard_of_history()
    assert guard.has_role
    assert guard.tables == len(set(migration.HISTORY) & set(connection.introspection.table_names()))


def test_a_role_that_may_too_much_is_told_by_the_check(settings) -> None:
    settings.IS_EMBEDDED = False
    assert [found.id for found in run_checks(tags=["database"], databases=["default"])] == [
        "coding.W002"
    ]
    with as_role(ROLE):
        assert run_checks(tags=["database"], databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE ON coding_flag TO {ROLE}")
    assert [found.id for found in run_checks(tags=["database"], databases=["default"])] == [
        "coding.W001"
    ]


def test_an_owner_who_may_not_make_roles_migrates_all_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE small_owner NOLOGIN")
        with as_role("small_owner"):
            cursor.execute(migration.make_role("role_nobody_may_make"))
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'role_nobody_may_make'")
        assert cursor.fetchone() == (0,)
