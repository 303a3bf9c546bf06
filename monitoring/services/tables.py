"""The table of an import as it is stored: a text in UTF-8, of which chunks are read."""

import functools
from pathlib import Path

from monitoring.importers.files import Table, table_of
from monitoring.models import Import, ImportChunk
from monitoring.services.received import stored


@functools.lru_cache(maxsize=16)
def _table(path: Path, encoding: str) -> Table:
    """A stored file is named by its hash, so what is known of it never changes."""
    return table_of(path, encoding)


def table_of_import(source_import: Import) -> Table:
    return _table(stored(source_import.stored_path), source_import.encoding)


def data_of(source_import: Import, chunk: ImportChunk) -> bytes:
    with stored(source_import.stored_path).open("rb") as file:
        file.seek(chunk.byte_from)
        return file.read(chunk.byte_to - chunk.byte_from)
