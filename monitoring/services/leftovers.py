"""Files on the disk that no import knows are removed: what a kill or a full disk left behind.

Between storing a file and writing down its import, and between writing down what became of it and
removing it, a process can be killed. What is young may still be on its way.
"""

import datetime
import logging
from pathlib import Path

from django.conf import settings

from monitoring.models import Import
from monitoring.services.received import FOLDER

logger = logging.getLogger(__name__)

# Longer than any upload or conversion takes, of which a byte is written now and then.
KEPT_FOR = datetime.timedelta(days=1)


def remove_leftovers(*, now: datetime.datetime) -> int:
    """Remove files that were last written ``KEPT_FOR`` ago and belong to nothing; how many."""
    before = (now - KEPT_FOR).timestamp()
    old = [path for path in _files() if path.stat().st_mtime < before]
    if not old:
        return 0
    paths = Import._base_manager.exclude(stored_path="").values_list("stored_path", flat=True)
    known = {Path(path).name for path in paths}
    left = [path for path in old if not _belongs(path.name, known)]
    for path in left:
        path.unlink(missing_ok=True)
    if left:
        logger.info("removed %s files that belonged to no import", len(left))
    return len(left)


def _files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _belongs(name: str, known: set[str]) -> bool:
    """Whether an import knows the file, or the one whose conversion has written it."""
    while name:
        if name in known:
            return True
        name = name.rpartition(".")[0]
    return False
