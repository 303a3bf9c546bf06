"""The Chromium that browser tests drive: found, or installed once, before any process needs it.

``make test`` runs ``python -m tests.browser.chromium`` first. It is no task of a test: several
processes would start the system's installer at once, and wait in it for each other.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, Error, Playwright, sync_playwright
from rich.console import Console

# A shell has no windows and tabs to draw: a page of a test costs it a third of a whole Chromium.
SHELLS = ["chromium-headless-shell", "chrome-headless-shell"]
WHOLE = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
MISSING = (
    "There is no Chromium here: the browser tests need one. `make test` installs it where it can; "
    "on Debian: apt-get install chromium-headless-shell"
)
APT_GET = ["apt-get", "--quiet", "--option", "DPkg::Lock::Timeout=300"]
INSTALL = [*APT_GET, "install", "--yes", "--no-install-recommends"]
SECONDS_TO_INSTALL = 600


def launch(playwright: Playwright) -> Browser | None:
    """The first of those installed here that starts; one whose libraries are missing does not."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    for path in installed():
        try:
            return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        except Error:
            continue
    return None


def installed() -> Iterator[str | None]:
    """Paths, the cheapest to run first; None is what Playwright has downloaded itself."""
    yield from filter(None, map(shutil.which, SHELLS))
    yield None
    yield from filter(None, map(shutil.which, WHOLE))


def is_ready() -> bool:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        if chromium:
            chromium.close()
        return chromium is not None


def install(log: Path) -> bool:
    """Try the system's package where we are root, which brings its libraries; then Playwright's."""
    commands = [[sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [[*INSTALL, "chromium-headless-shell"], [*INSTALL, "chromium"]]
        commands = [[*APT_GET, "update"], *packages, *commands]
    with log.open("wb") as output:
        for command in commands:
            if succeeds(command, output) and "install" in command and is_ready():
                return True
    return False


def succeeds(command: list[str], output: IO[bytes]) -> bool:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=SECONDS_TO_INSTALL,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> None:
    if is_ready():
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print("Installing a Chromium for the browser tests, a minute or two ...")
    log = Path(sys.prefix) / "chromium.log"
    if not install(log):
        console.print(f"None could be installed ({log} says why): browser tests cannot run.")


if __name__ == "__main__":
    main()
