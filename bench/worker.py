"""A worker that does one import and says how much memory it took: ``python -m bench.worker``.

It is ready before it is told what to do, as workers are.
"""

import os
import resource
import subprocess
import sys
import time

import django
from django.conf import settings

READY = "ready"


def start(database_url: str) -> subprocess.Popen[str]:
    """A worker process on that database that waits to be told what to do."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.worker"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": settings.REDIS.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    while READY not in (line := process.stdout.readline()):
        assert line, "the worker did not start"
    return process


def tell(process: subprocess.Popen[str], project_id: int, import_id: int) -> None:
    assert process.stdin
    process.stdin.write(f"{project_id} {import_id}\n")
    process.stdin.flush()


def megabytes_of(process: subprocess.Popen[str]) -> float:
    """Wait for the worker to end; the most memory it held."""
    answer, _nothing = process.communicate()
    return int(answer.split()[-1]) / 1024


def main() -> None:
    django.setup()
    from django.db import connection

    from monitoring.services import ledger

    connection.ensure_connection()
    print(READY, flush=True)
    project_id, import_id = map(int, sys.stdin.readline().split())
    source_import = None
    while source_import is None or source_import.is_open:
        ledger.work(project_id=project_id, import_id=import_id, seconds=20)
        source_import = ledger.begin(project_id=project_id, import_id=import_id)
        time.sleep(0.01)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
