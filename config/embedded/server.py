"""What both servers share: one folder, one lock, started by whoever comes first."""

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from config.embedded.accounts import account_of, as_account

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_ANSWER = 30
SECONDS_TO_LEAVE = 1
# Whoever is at work with the servers of a folder holds a shared lock on this file in it.
IN_USE = "in-use"
LEAST_FREE_BYTES = 256 * 1024**2


# Descriptors, held until the process ends.
_taking_part: dict[Path, int] = {}


class EmbeddedServerError(Exception):
    """Why a server does not come up, in one line for the person who started it."""


def home() -> Path:
    """The folder of the data: ``.daana/`` beside the code, or $DAANA_HOME."""
    return Path(os.environ.get("DAANA_HOME") or BASE_DIR / ".daana").absolute()


class Server:
    """A server that keeps its data in a folder and answers on a Unix socket."""

    name: ClassVar[str]
    command: ClassVar[str]  # as the kernel knows its process
    socket_name: ClassVar[str]

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self.log = self.folder / f"{self.name.lower()}.log"

    @property
    def pid_file(self) -> Path:
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Its address, in the form of DATABASE_URL or REDIS_URL."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether a client would be served now."""
        raise NotImplementedError

    def lists_clients(self) -> bool:
        """Whether it knows of anybody connected, while it answers."""
        raise NotImplementedError

    def launch(self) -> None:
        """Start it, alone under the lock, with the folder of the sockets made."""
        raise NotImplementedError

    def end(self) -> None:
        """Stop it, alone under the lock, when it is running."""
        raise NotImplementedError

    def start(self) -> str:
        """Its address, as soon as it answers there."""
        try:
            if not self.folder.exists():
                # Root's PostgreSQL runs under another account, which must get through, not look.
                mode = 0o711 if os.geteuid() == 0 else 0o700
                self.folder.mkdir(parents=True, mode=mode, exist_ok=True)
            if not self._left_to_owner("start"):
                self._take_part()
                if not self.answers():
                    with self._alone():
                        if not self.answers():
                            self._launch_and_wait()
                self.keep_current()
            else:
                self._take_part()
        except OSError as problem:
            raise EmbeddedServerError(f"{self.name} could not be started: {problem}") from problem
        return self.url

    def keep_current(self) -> None:
        """Tell a server that other code started what this code expects of it."""

    def stop(self) -> None:
        """Return when it has ended; one that does not run is fine too."""
        try:
            if self.folder.exists() and not self._left_to_owner("stop"):
                with self._alone():
                    if self.is_running():
                        self.end()
        except OSError as problem:
            raise EmbeddedServerError(f"{self.name} could not be stopped: {problem}") from problem

    def has_clients(self) -> bool:
        """Whether anybody stays connected: who has just left is listed for a moment yet."""
        deadline = time.monotonic() + SECONDS_TO_LEAVE
        while self.lists_clients():
            if time.monotonic() > deadline:
                return True
            time.sleep(0.02)
        return False

    def is_running(self) -> bool:
        """Whether there is a process; it may be starting or ending, and answer nobody."""
        forget_killed(self.pid_file, self.command)
        return self.pid_file.exists()

    @property
    def digest(self) -> str:
        """A short name for the folder, for places outside it."""
        return hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        """A short folder, for the path of a socket may not exceed 107 characters."""
        return Path("/tmp") / f"daana-{self.folder.stat().st_uid}-{self.digest}"  # noqa: S108

    def may_trust_sockets(self) -> bool:
        """Anybody can make a folder in /tmp; only one that is ours alone to write to will do."""
        with suppress(FileNotFoundError):
            found = self.sockets.lstat()
            is_ours = found.st_uid == self.folder.stat().st_uid
            return stat.S_ISDIR(found.st_mode) and is_ours and not found.st_mode & 0o022
        return False

    def _launch_and_wait(self) -> None:
        if shutil.disk_usage(self.folder).free < LEAST_FREE_BYTES:
            raise EmbeddedServerError(f"{self.name} was not started: no space in {self.folder}")
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o711)
        if not self.may_trust_sockets():
            raise EmbeddedServerError(f"{self.sockets} was made by somebody else: remove it")
        if self.is_running() and not (self.sockets / self.socket_name).exists():
            self.end()  # somebody swept its socket away: nobody can reach it any more
        self.wait_until(lambda: self.answers() or not self.is_running())
        if not self.answers():
            self.launch()
            self.wait_until(self.answers)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not is_so():
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"{self.name} is stuck; its log: {self.log}")
            time.sleep(0.02)

    def _take_part(self) -> None:
        """Say, until this process ends, that it is at work here: see ``unless_in_use``."""
        if self.folder not in _taking_part:
            place = self.folder / IN_USE
            with suppress(PermissionError):
                place.touch()
            sign = os.open(place, os.O_RDONLY)
            fcntl.flock(sign, fcntl.LOCK_SH)
            _taking_part[self.folder] = sign

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock under which the servers of this folder are started and stopped."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _left_to_owner(self, verb: str) -> bool:
        """In another person's folder, root has the servers run under that person's account."""
        owner = account_of(self.folder)
        if owner.pw_uid == os.geteuid():
            return False
        if os.geteuid() != 0:
            raise EmbeddedServerError(
                f"{self.folder} belongs to {owner.pw_name}: run as {owner.pw_name}, "
                "or set DAANA_HOME to a folder of your own"
            )
        outcome = subprocess.run(
            [sys.executable, "-m", "config.embedded", verb],
            cwd=BASE_DIR,
            env={**os.environ, "DAANA_HOME": str(self.folder)},
            stdout=subprocess.DEVNULL,
            check=False,
            **as_account(owner),
        )
        if outcome.returncode:
            raise EmbeddedServerError(f"{self.name}: could not {verb} it as {owner.pw_name}")
        return True


@contextmanager
def unless_in_use(folder: Path) -> Iterator[bool]:
    """Whether no other process is at work in a folder; none can begin to be while this is held.

    This process takes no part in it any more.
    """
    if folder in _taking_part:
        os.close(_taking_part.pop(folder))
    if not (folder / IN_USE).exists():
        yield False
        return
    with (folder / IN_USE).open() as sign:
        try:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def forget_killed(pid_file: Path, command: str) -> None:
    """Remove a pid file whose process is no more, so that the next start is not refused.

    After ``kill -9`` or a power cut its number may be that of a zombie nobody has waited for, or of
    some other program. Where there is no /proc, the server is left to judge by itself.
    """
    with suppress(FileNotFoundError):
        number = pid_file.read_text().partition("\n")[0].strip()
        if number and Path("/proc/self").exists() and not is_alive(number, command):
            pid_file.unlink()


def is_alive(number: str, command: str) -> bool:
    with suppress(OSError):
        status = Path(f"/proc/{number}/stat").read_text()
        return status.startswith(f"{number} ({command}) ") and f"({command}) Z" not in status
    return False
