"""What every test stands on. Fixtures of one room are in that room's folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import transaction
from pytest_django import DjangoDbBlocker
from redis import Redis

# A long file that comes last leaves the other cores with nothing to do. The second needs no
# database, while the process that has the first makes the one that is copied (tests/database).
LONGEST_FIRST = [
    "tests/test_reference_project.py",
    "tests/monitoring/reference/",
    "tests/chaos/",
    "tests/config/test_embedded.py",
    "tests/browser/",
    "tests/dashboards/",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tab-kills", type=int, default=3, help="how often a tab is killed after Enter (0-500 ms)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        starts = map(item.nodeid.startswith, LONGEST_FIRST)
        return next((place for place, is_there in enumerate(starts) if is_there), 99)

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def nothing_made_again_after_each_flush() -> None:
    """Emptying the tables leaves content types and permissions (tests/database/base.py)."""
    flush.emit_post_migrate_signal = lambda *_, **__: None


@pytest.fixture(scope="session", autouse=True)
def empty_redis() -> None:
    """Start without the jobs and counters that an earlier run left in this run's slot."""
    for url in (settings.REDIS.url, settings.REDIS.cache_url):
        with Redis.from_url(url) as client:
            client.flushdb()


@pytest.fixture(autouse=True)
def uploads_in_a_folder_of_the_test(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="module")
def once_for_the_file(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[..., Any]]:
    """Writes rows that every test of the file starts from: ``once_for_the_file(coded_mission, 1)``.

    They are in a transaction that stays open until the last test of the file, and what a test does
    to them is rolled back with the test; give it a deep copy of the objects, too. Not for files
    with tests that commit (``transaction=True``, live servers), nor with tests in which answers are
    remembered: the project keeps its key and its revision from test to test.
    """

    def write(make: Callable[..., Any], *arguments: Any) -> Any:
        with django_db_blocker.unblock():
            return make(*arguments)

    opened = ExitStack()
    write(opened.enter_context, transaction.atomic())
    yield write
    write(transaction.set_rollback, True)
    write(opened.close)
