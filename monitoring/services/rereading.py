"""In which encoding a text was read can be seen, and changed as long as its import asks something.

Letters of one byte lose nothing by being read wrongly: the table is written anew from itself.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitoring.importers.encodings import readings, reread
from monitoring.importers.evidence import ENCODINGS
from monitoring.importers.problems import UnreadableFile
from monitoring.models import Import
from monitoring.services.received import forget, place_of_table, stored

_LOOKED_AT = 1 << 18
_WORD = re.compile(r"\w*[^\W\x00-\x7f]\w*")
_SHOWN = 5


def as_read_in_each(source_import: Import) -> dict[str, str]:
    """Some words of an import's text as they read in each encoding; empty where that is certain."""
    if source_import.encoding not in ENCODINGS:
        return {}
    try:
        with stored(source_import.stored_path).open("rb") as file:
            text = file.read(_LOOKED_AT).decode("utf-8", "ignore")
    except OSError:
        return {}
    words = [word[:40] for word in dict.fromkeys(_WORD.findall(text))][:_SHOWN]
    return readings(" ".join(words), source_import.encoding)


@contextmanager
def reread_as(source_import: Import, encoding: str) -> Iterator[tuple[Path, str]]:
    """The table of an import as it is read in an encoding, "" for the one it was read in.

    One that is written anew is removed where what follows fails. Raises UnreadableFile.
    """
    path, before = stored(source_import.stored_path), source_import.encoding
    if encoding in ("", before) or before not in ENCODINGS:
        yield path, before
        return
    target = place_of_table(source_import.sha256, encoding)
    try:
        reread(path, target, before=before, now=encoding)
        yield target, encoding
    except UnreadableFile:
        forget(target)
        raise
