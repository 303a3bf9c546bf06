"""Pictures of cases on the disk: under their hash, outside of all that is served as a file."""

import hashlib
import os
import uuid
from pathlib import Path

from django.conf import settings

from coding.models import Screenshot

FOLDER = "cases"


def keep(content: bytes) -> str:
    """Write a picture whole and flushed, and say its SHA-256. Raises OSError."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{uuid.uuid4().hex}")
        try:
            with partial.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return digest


def path_of(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / digest


def forget(*digests: str) -> None:
    """Remove pictures from the disk that no case shows any more."""
    for digest in filter(None, digests):
        is_used = (
            Screenshot.objects.filter(sha256=digest).exists()
            or Screenshot.objects.filter(published_sha256=digest).exists()
        )
        if not is_used:
            path_of(digest).unlink(missing_ok=True)
