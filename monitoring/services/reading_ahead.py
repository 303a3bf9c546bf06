"""The chunk that comes next is read while the database works on the last one."""

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from monitoring.importers.records import BadRow
from monitoring.models import Import, ImportChunk


class ReadChunk(NamedTuple):
    """A chunk, read as far as it goes without the database: what is to be stored, and bad rows."""

    content: Any
    bad: list[BadRow]


Read = Callable[[Import, ImportChunk], ReadChunk]

# Python lets a thread run for 5 ms before another gets its turn: every answer of the database would
# wait so long for the thread that reads.
_SECONDS_OF_A_TURN = 0.0005


@contextmanager
def thread_to_read_in() -> Iterator[ThreadPoolExecutor]:
    """One thread that gives way quickly to the one that talks with the database.

    Rows are many and refer to nothing in circles: looking for such took a tenth of the time, so
    nobody looks meanwhile.
    """
    usual, was_collecting = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(_SECONDS_OF_A_TURN)
    gc.disable()
    try:
        with ThreadPoolExecutor(1) as thread:
            yield thread
    finally:
        sys.setswitchinterval(usual)
        if was_collecting:
            gc.enable()


class Ahead:
    """A chunk that is being read in a thread."""

    def __init__(self, chunk: ImportChunk, read: Future[ReadChunk]) -> None:
        self._place = _place(chunk)
        self._read = read

    @classmethod
    def begin(
        cls, thread: ThreadPoolExecutor, read: Read, source_import: Import, chunk: ImportChunk
    ) -> Self:
        return cls(chunk, thread.submit(read, source_import, chunk))

    def of(self, chunk: ImportChunk) -> ReadChunk | None:
        """What is in a chunk; None where it was halved since it was handed out."""
        return self._read.result() if self._place == _place(chunk) else None


def _place(chunk: ImportChunk) -> tuple[int, int, int]:
    return chunk.number, chunk.byte_from, chunk.byte_to
