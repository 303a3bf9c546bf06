"""The history of codings cannot be changed, and whoever can do it all the same is found out."""

import io
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from coding.models import ChainHead, Coding, CodingTopic, Flag, Mention
from coding.services.codings import Answers, FlagAnswer, save_coding, verify_history
from monitoring.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db

TABLES = ["coding_coding", "coding_mention", "coding_codingtopic", "coding_flag"]


def five_codings() -> Project:
    """A project with five codings in its history."""
    project = make.project()
    actor = make.actor(project)
    account = make.account(actor)
    monitor = make.member(project)
    version = make.published_codebook(project)
    for number in range(5):
        post = make.post(account)
        make.assignment(post, monitor)
        save_coding(
            project=project,
            post=post,
            coder=monitor,
            version=version,
            request_id=uuid.uuid4(),
            base_number=0,
            answers=Answers(
                topics=("media", "politics"),
                mentions=((actor.pk, "positive"),),
                flags=(FlagAnswer("manipulation", f"quote {number}"),),
            ),
            seconds=number,
            at=make.NOON,
        )
    with connection.cursor() as cursor:
        # Keys are checked when a transaction ends; a test's never does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return project


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(five_codings)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


@contextmanager
def as_owner_of_the_database() -> Iterator[None]:
    """With the triggers asleep, as only a superuser of PostgreSQL can put them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_the_database_refuses_to_change_what_was_decided(
    project: Project, table: str, statement: str
) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Coding.objects.of(project).count() == 5


def test_an_untouched_history_is_as_it_was_stored(project: Project) -> None:
    verdict = verify_history(project=project)
    assert (verdict.rows, verdict.first_broken) == (5, None)


def test_a_project_without_codings_has_a_sound_history() -> None:
    assert verify_history(project=make.project("silent")).first_broken is None


def nth(project: Project, number: int) -> Coding:
    return Coding.objects.of(project).get(chain_number=number)


CHANGES: dict[str, Callable[[Coding], object]] = {
    "its comment": lambda row: Coding.objects.filter(pk=row.pk).update(reason="x"),
    "its time": lambda row: Coding.objects.filter(pk=row.pk).update(seconds=999),
    "its kind": lambda row: Coding.objects.filter(pk=row.pk).update(kind="skip"),
    "its person": lambda row: Coding.objects.filter(pk=row.pk).update(coder=make.user()),
    "its hash": lambda row: Coding.objects.filter(pk=row.pk).update(hash="0" * 64),
    "a topic": lambda row: CodingTopic.objects.filter(coding=row)[0].delete(),
    "a tone": lambda row: row.mentions.update(
        tone=row.version.tone_grades.get(key="negative"),
    ),
    "a mention": lambda row: Mention.objects.filter(coding=row).delete(),
    "a quote": lambda row: Flag.objects.filter(coding=row).update(quote="another"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_row_that_was_changed_behind_the_application_is_named(
    project: Project, change: Callable[[Coding], object]
) -> None:
    with as_owner_of_the_database():
        change(nth(project, 3))
    verdict = verify_history(project=project)
    assert (verdict.rows, verdict.first_broken) == (2, 3)
    assert verdict.message == "Row 3 is not as it was stored."


def remove(project: Project, *numbers: int) -> None:
    with as_owner_of_the_database(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM coding_coding WHERE project_id = %s AND chain_number = ANY(%s)",
            [project.pk, list(numbers)],
        )


def test_a_row_that_was_removed_is_named(project: Project) -> None:
    remove(project, 2)
    verdict = verify_history(project=project)
    assert (verdict.rows, verdict.first_broken) == (1, 2)
    assert verdict.message == "Row 2 is missing."


def test_an_end_that_was_cut_off_shows(project: Project) -> None:
    remove(project, 4, 5)
    verdict = verify_history(project=project)
    assert (verdict.rows, verdict.first_broken) == (3, 4)
    assert verdict.message == "Rows are missing after row 3."


def test_a_history_whose_head_was_removed_is_not_sound(project: Project) -> None:
    ChainHead.objects.filter(project=project).delete()
    assert verify_history(project=project).first_broken == 6


def test_a_changed_row_with_a_fitting_hash_breaks_the_one_after_it(project: Project) -> None:
    first, second = nth(project, 1), nth(project, 2)
    with as_owner_of_the_database():
        Coding.objects.filter(pk=second.pk).update(previous_hash=first.previous_hash)
    assert verify_history(project=project).first_broken == 2


def test_the_command_tells_scripts_and_ends_with_an_error_where_the_chain_is_broken(
    project: Project,
) -> None:
    out = io.StringIO()
    call_command("verify_history", project=project.slug, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"rows": 5, "first_broken": None, "guard": "role"}
    remove(project, 2)
    out = io.StringIO()
    with pytest.raises(CommandError, match="Row 2 is missing"):
        call_command("verify_history", project=project.slug, json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"rows": 1, "first_broken": 2, "guard": "role"}
