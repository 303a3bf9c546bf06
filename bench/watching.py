"""Open dashboards, in a process of their own as browsers are: ``python -m bench.watching``.

Told on its first line what to watch (``Watched``, as JSON); asks as ``static/js/live.js`` does, and
takes over what it is told, until its standard input ends. Then it prints the milliseconds of its
questions, as JSON. In every other turn the pages are not looked at, and ask nothing.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypedDict
from urllib.parse import urlencode

EVERY = 2.5
TURN = 10.0  # seconds


class Watched(TypedDict):
    """One page that is open many times: its server's port, its address, and the charts it shows."""

    port: int
    path: str
    session: str
    hashes: dict[str, str]
    pages: int


def is_looked_at(moment: float) -> bool:
    """Whether the pages ask at this moment of the clock that all processes share."""
    return int(moment / TURN) % 2 == 1


@contextmanager
def watching(watched: Watched) -> Iterator[list[float]]:
    """The pages, there until the block ends; then holds the milliseconds of their questions."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.watching"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(json.dumps(watched) + "\n")
    process.stdin.flush()
    spent = list[float]()
    try:
        yield spent
    finally:
        answer, _nothing = process.communicate()
    assert process.returncode == 0, "the dashboards failed"
    spent += json.loads(answer)


def main() -> None:
    watched: Watched = json.loads(sys.stdin.readline())
    closing, spent = threading.Event(), list[float]()
    with ThreadPoolExecutor(watched["pages"]) as pages:
        open_pages = [
            pages.submit(watch, watched, place, closing, spent) for place in range(watched["pages"])
        ]
        sys.stdin.read()
        closing.set()
    for page in open_pages:
        page.result()
    print(json.dumps(spent))


def watch(watched: Watched, place: int, closing: threading.Event, spent: list[float]) -> None:
    """One open page; they were not opened at one moment."""
    hashes, revision = dict(watched["hashes"]), 0
    line = http.client.HTTPConnection("127.0.0.1", watched["port"], timeout=30)
    headers = {"Cookie": f"sessionid={watched['session']}"}
    closing.wait(EVERY * place / watched["pages"])
    while not closing.wait(EVERY):
        if not is_looked_at(time.monotonic()):
            continue
        words = [("revision", revision), *(("chart", f"{k}:{v}") for k, v in hashes.items())]
        began = time.monotonic()
        line.request("GET", f"{watched['path']}?{urlencode(words)}", headers=headers)
        response = line.getresponse()
        text = response.read()
        spent.append(1000 * (time.monotonic() - began))
        line.close()
        assert response.status in (200, 204), response.status
        if response.status == 200:
            told = json.loads(text)
            revision = told["revision"]
            hashes |= {one["number"]: one["hash"] for one in told["charts"]}


if __name__ == "__main__":
    main()
