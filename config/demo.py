"""``make demo``: from nothing to the reference project in a browser, and again in seconds.

Every step looks first whether it is done, so a run that was killed is simply run again.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from rich.console import Console

from config import embedded, static
from config.door import load_settings

CHILDREN = {
    "web": ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
    "worker": ["config.worker"],
}
SECONDS_TO_SERVE = 60
SECONDS_TO_FINISH = 20

console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="end when the data is in")
    is_serving = not parser.parse_args().no_serve
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ``kill`` is as good as Ctrl-C
    load_settings()
    port = settings.PORT
    if is_serving and is_taken(port):
        sys.exit(f"daana: port {port} is taken; PORT={port + 1000} make demo takes another")
    try:
        load_data()
        if is_serving:
            serve(port)
    except (CommandError, OperationalError, OSError) as problem:  # a full disk, most likely
        sys.exit(f"daana: {problem}")
    except KeyboardInterrupt:
        console.print("\nStopped. Nothing is lost: the next [bold]make demo[/] goes on from here.")
    finally:
        stop_servers()


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def load_data() -> None:
    django.setup()
    from config import reference_project  # it imports models, so not before the setup

    with console.status("Preparing the database"):
        call_command("migrate", verbosity=0, interactive=False)
    reference_project.load(console)


def serve(port: int) -> None:
    """Run web and worker until Ctrl-C, or until one of them ends by itself."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    address = f"http://127.0.0.1:{port}/"
    try:
        with console.status("Starting web and worker"):
            static.collect()
            for name, command in CHILDREN.items():
                children[name] = start_child(name, command, port)
            wait_until_healthy(address, children)
        greet(address)
        while True:
            refuse_dead(children)
            time.sleep(1)
    finally:
        stop_children(children)


def greet(address: str) -> None:
    from config import reference_project

    names, password = reference_project.accounts()
    console.print(f"\n[bold]Daana[/]      {address}   (Ctrl-C stops it)")
    console.print(f"Sign in as {', '.join(names)}")
    console.print(f"Password   [bold]{password}[/]   (the same for all)")
    console.print(f"Logs       {log_of('web')}, {log_of('worker').name}")


def start_child(name: str, command: list[str], port: int) -> subprocess.Popen[bytes]:
    """A process that Ctrl-C does not reach, so that it is we who end it, in good order."""
    with log_of(name).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=settings.BASE_DIR,
            env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )


def end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the demo itself is killed: it could not send one."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def wait_until_healthy(address: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_SERVE
    while True:
        refuse_dead(children)
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, OSError) as problem:
            if time.monotonic() > deadline:
                sys.exit(f"daana: the web server does not answer ({problem}); see {log_of('web')}")
        time.sleep(0.2)


def refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            sys.exit(f"daana: {name} ended by itself (code {child.returncode}); see {log_of(name)}")


def stop_children(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Let them finish what they are at; what a killed worker leaves undone is done again later."""
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_FINISH
    for child in children.values():
        try:
            child.wait(timeout=max(0, deadline - time.monotonic()))
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def log_of(name: str) -> Path:
    return settings.HOME / f"{name}.log"


def stop_servers() -> None:
    """Stop the embedded servers, unless somebody else is at work on one of them, or about to be."""
    connections.close_all()
    with embedded.unless_in_use(embedded.home()) as is_free:
        servers = [server for server in embedded.both() if is_free and server.answers()]
        if not any(server.has_clients() for server in servers):
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
