"""The application's settings, on a database and a Redis of this run's own, with fast passwords."""

import fcntl
from dataclasses import replace
from itertools import count
from typing import TextIO

from config.settings import *  # noqa: F403
from config.settings import CACHES, DATABASES, HOME, REDIS, STORAGES


def take_slot() -> tuple[int, TextIO]:
    """A number that no other run has, for as long as the file beside it stays open."""
    for number in count():
        lock = (HOME / f"tests-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise AssertionError("count() does not end")


SLOT, SLOT_LOCK = take_slot()
DATABASES["default"]["ENGINE"] = "tests.database"
# What a test writes need not outlive a power cut, so its commits do not wait for the disk.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
DATABASES["default"]["TEST"] = {"NAME": f"test_daana_{SLOT}"}
REDIS = replace(REDIS, number=REDIS.number + 2 + 2 * SLOT)
CELERY_BROKER_URL = REDIS.broker_url
CACHES["default"]["LOCATION"] = REDIS.cache_url
MEDIA_ROOT = HOME / f"tests-{SLOT}" / "media"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests change rows behind the services' backs; those of the memory itself set it again.
MEASURES_REMEMBERED_SECONDS = 0
LIVE_ANSWERS_SHARED_SECONDS = 0
# Files are served from where they are written, under their own names.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
