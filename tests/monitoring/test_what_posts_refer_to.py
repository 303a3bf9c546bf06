"""The database keeps what posts and observations refer to, without a foreign key for each row."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from monitoring.models import Account, Import, OtherObservation, Post
from tests import factories as make
from tests.monitoring.rivals import begin, comes_to_wait

pytestmark = pytest.mark.django_db

NOWHERE = 10**12


@pytest.fixture
def post() -> Post:
    return make.post(make.account(make.actor(make.project())))


@pytest.fixture
def stranger() -> Post:
    """A post of another project."""
    return make.post(make.account(make.actor(make.project("another"))))


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError, match="not there|referred to"), transaction.atomic():
        yield


def copy_of(post: Post, **changed: Any) -> Post:
    stored = [field for field in Post._meta.concrete_fields if not field.generated]
    values = {field.attname: getattr(post, field.attname) for field in stored}
    return Post(**{**values, "id": None, "native_id": "another", **changed})


def test_posts_are_of_accounts_and_imports_of_their_project(post: Post, stranger: Post) -> None:
    wrong = [
        {"account_id": NOWHERE},
        {"account_id": stranger.account_id},
        {"platform": "instagram"},
        {"project_id": stranger.project_id},
        {"first_import_id": NOWHERE},
        {"first_import_id": stranger.first_import_id},
        {"recounted_in_id": NOWHERE},
        {"recounted_in_id": stranger.first_import_id},
    ]
    right = copy_of(post, native_id="right", recounted_in_id=post.first_import_id)
    for changed in wrong:
        with refused():
            Post.objects.bulk_create([right, copy_of(post, **changed)])
        with refused():
            Post.objects.of(post.project).update(**changed)
    right.id = None
    Post.objects.bulk_create([right])


def test_observations_are_of_posts_and_imports(post: Post) -> None:
    right = OtherObservation(
        post=post, observed_at=make.NOON, source_import=post.first_import, likes=1
    )
    OtherObservation.objects.bulk_create([right])
    with refused():
        OtherObservation.objects.filter(post=post).update(source_import_id=NOWHERE)
    with refused():
        OtherObservation.objects.create(
            post=post, observed_at=make.NOON.replace(hour=1), source_import_id=NOWHERE
        )
    with refused():
        OtherObservation.objects.filter(post=post).update(post_id=NOWHERE)
    with refused():
        OtherObservation.objects.create(
            post_id=NOWHERE, observed_at=make.NOON, source_import=post.first_import
        )


def copy_of_stored(post: Post) -> Post:
    made = copy_of(post, native_id="alone")
    made.save()
    return made


def another(known: Import) -> Import:
    made = Import.objects.of(known.project).get(pk=known.pk)
    made.pk, made.token, made.sha256 = None, uuid.uuid4(), uuid.uuid4().hex
    made.save()
    return made


def delete(row: Account | Import | Post) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def test_what_is_referred_to_stays_as_it_is(post: Post) -> None:
    account, first, elsewhere = post.account, post.first_import, make.project("elsewhere")
    recounted, later = another(first), another(first)
    Post.objects.of(post.project).update(recounted_in=recounted)
    OtherObservation.objects.create(post=post, observed_at=make.NOON, source_import=later)
    for row in (account, first, recounted, later, post):
        with refused():
            delete(row)
    for row in (account, first, recounted, later):
        with refused():
            type(row).objects.of(post.project).filter(pk=row.pk).update(project=elsewhere)
    with refused():
        Account.objects.of(post.project).filter(pk=account.pk).update(platform="instagram")
    Account.objects.of(post.project).filter(pk=account.pk).update(name="Another name")


def test_what_nothing_refers_to_can_go(post: Post) -> None:
    delete(copy_of_stored(post))
    delete(another(post.first_import))
    delete(make.account(make.actor(post.project)))


@pytest.mark.django_db(transaction=True)
def test_who_deletes_an_account_waits_for_who_stores_its_posts_and_then_sees_them(
    post: Post,
) -> None:
    account = make.account(make.actor(post.project))

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            copy_of(post, account_id=account.pk).save()
            deleted = begin(thread, lambda: delete(account))
            assert comes_to_wait(deleted), "the account was deleted under a post"
        with pytest.raises(IntegrityError, match="referred to"):
            deleted.result()
