"""How the web server runs: ``gunicorn --config python:config.gunicorn config.wsgi``."""

from pathlib import Path
from typing import Any

from django.conf import settings

from config.door import serve

# Before the first worker is made, so that a wrong setting ends the server with one line.
serve()

bind = f"{settings.HOST}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
threads = 8
# Uploads of hundreds of megabytes over a slow line: threads stay alive, only a stuck worker ends.
timeout = 120
graceful_timeout = 20
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
# Heartbeats in memory; a disk that stalls must not look like a worker that does.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def post_worker_init(worker: Any) -> None:
    # Not before: the application is loaded by each worker.
    from config.warm import warm_up

    warm_up()
