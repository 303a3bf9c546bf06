"""JSON as the internal form: one object a line, a list of objects, or an API's answer around one.

Objects within objects become columns with dotted names (``statistics.actual.likeCount``), which is
also how others flatten them; lists stay JSON in their cell. Numbers stay as they are printed. The
columns are those of all objects: exports leave out what is empty.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from monitoring.importers.internal import Writer
from monitoring.importers.json_objects import objects
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, part, unwatched

MOST_COLUMNS = 900
_DEPTH = 8


def rewrite_json(path: Path, target: Path, step: Step = unwatched) -> None:
    """Write the objects of a UTF-8 text to ``target``. Raises UnreadableFile."""
    names: Counter[str] = Counter()
    for _number, found in objects(path, part(step, 0, 0.5)):
        if isinstance(found, dict):
            names.update(flat(found).keys())
    if not names:
        raise UnreadableFile("no_objects")
    # Of more columns than a table may have, the commonest.
    header = list(names)
    if len(header) > MOST_COLUMNS:
        common = {name for name, _times in names.most_common(MOST_COLUMNS)}
        header = [name for name in header if name in common]
    with Writer(target, header) as written:
        for number, found in objects(path, part(step, 0.5, 1)):
            if isinstance(found, str):
                written.broken(number, found)
                continue
            cells = flat(found)
            written.row(number, [cells.get(name, "") for name in header])


def flat(found: dict[str, Any]) -> dict[str, str]:
    """An object as columns and cells."""
    cells: dict[str, str] = {}
    _flatten(found, "", cells, _DEPTH)
    return cells


def _flatten(found: dict[str, Any], prefix: str, cells: dict[str, str], depth: int) -> None:
    for key, value in found.items():
        name = f"{prefix}{key.strip()}"
        if isinstance(value, dict) and depth:
            _flatten(value, f"{name}.", cells, depth - 1)
        elif isinstance(value, dict | list):
            cells[name] = json.dumps(value, ensure_ascii=False) if value else ""
        elif isinstance(value, bool):
            cells[name] = "true" if value else "false"
        else:
            cells[name] = "" if value is None else value
    cells.pop("", None)
