"""A chunk that an earlier import of the same file brought in is counted, and read no further.

The bytes are the same, for imports of one hash are meant. What was read from them is the same when
it was read the same way: the same code, told the same of the file. After a reader was mended, a
file is worth importing again.
"""

import functools
import hashlib
from pathlib import Path

from monitoring import importers, interactions
from monitoring.importers.reading import Setting
from monitoring.models import Import, ImportChunk, ImportState


def way_of_reading(source_import: Import, setting: Setting) -> str:
    """A digest of all that decides what the rows of a file become, but for the rows."""
    told = (source_import.source, source_import.encoding, source_import.delimiter, setting)
    return hashlib.blake2b(repr(told).encode(), key=_readers(), digest_size=16).hexdigest()


@functools.cache
def _readers() -> bytes:
    """A digest of the code that reads."""
    digest = hashlib.blake2b(digest_size=16)
    readers = sorted(Path(importers.__file__).parent.glob("*.py"))
    for module in (*readers, Path(interactions.__file__)):
        digest.update(module.read_bytes())
    return digest.digest()


def seen_before(source_import: Import, chunk: ImportChunk) -> dict[str, list[str]] | None:
    """What was seen in the chunk, whose ``digest`` is set; None where it may say something new.

    One with refused rows is read, for they are to be shown again.
    """
    if source_import.repeats_id is None:
        return None
    earlier = ImportChunk.objects.filter(
        source_import_id=source_import.repeats_id,
        source_import__state=ImportState.DONE,
        source_import__exported_at=source_import.exported_at,
        rows_rejected=0,
    )
    same = ("number", "byte_from", "byte_to", "records", "digest")
    found = earlier.filter(**{name: getattr(chunk, name) for name in same})
    return found.values_list("seen", flat=True).first()
