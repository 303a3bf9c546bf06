"""The reference project's files, built once for all processes of a test run."""

import dataclasses
import fcntl
import json
from pathlib import Path

import pytest

from monitoring.reference.kyrgyzstan_2021.build import Reference, build


def built_once(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Whoever comes first builds them; the others wait, and find them."""
    place = _shared_by_processes(tmp_path_factory) / "kyrgyzstan_2021"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = place.with_suffix(".json")
        if not note.exists():
            note.write_text(json.dumps(dataclasses.asdict(build(place)), default=str))
        kept = json.loads(note.read_text())
    return Reference(
        **{key: Path(value) if isinstance(value, str) else value for key, value in kept.items()}
    )


def _shared_by_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.getbasetemp()
    # pytest-xdist gives each process a folder in that of the run.
    return own.parent if own.name.startswith("popen-") else own
