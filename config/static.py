"""Collects the static files for the web server, but only when one of them has changed."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.door import load_settings


def fingerprint() -> str:
    """A digest of the names, sizes and times of all static files."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(None), key=lambda found: found[0]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect() -> None:
    """Bring STATIC_ROOT up to date.

    What was collected is told by a stamp among the files themselves: it goes where they go, also
    when they are cleared to be collected anew.
    """
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    current = fingerprint()
    if not stamp.exists() or stamp.read_text() != current:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(current)


if __name__ == "__main__":
    load_settings()
    django.setup()
    collect()
