"""What every test stands on. Fixtures of one room are in that room's folder."""

import pytest
from django.conf import settings
from django.core.management.commands import flush
from redis import Redis


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
