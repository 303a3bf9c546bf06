"""The chunk that comes next is read while the database works on the last one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from monitoring.importers.records import Parsed
from monitoring.models import Import, ImportChunk

# Reads a chunk without asking the database anything.
Read = Callable[[Import, ImportChunk], Parsed]


class Ahead:
    """A chunk that is being read in a thread."""

    def __init__(self, chunk: ImportChunk, parsed: Future[Parsed]) -> None:
        self._place = _place(chunk)
        self._parsed = parsed

    @classmethod
    def begin(
        cls, thread: ThreadPoolExecutor, read: Read, source_import: Import, chunk: ImportChunk
    ) -> Self:
        return cls(chunk, thread.submit(read, source_import, chunk))

    def of(self, chunk: ImportChunk) -> Parsed | None:
        """What is in a chunk; None where it was halved since it was handed out."""
        return self._parsed.result() if self._place == _place(chunk) else None


def _place(chunk: ImportChunk) -> tuple[int, int, int]:
    return chunk.number, chunk.byte_from, chunk.byte_to
