"""JSON as the internal form: one object a line, a list of objects, or an API's answer around one.

Objects within objects become columns with dotted names (``statistics.actual.likeCount``), which is
also how others flatten them; lists stay JSON in their cell. Numbers stay as they are printed. The
columns are those of all objects: exports leave out what is empty.
"""

import codecs
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitoring.importers.internal import Writer
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, part, unwatched
from monitoring.importers.splitting import RECORD_LIMIT

MOST_COLUMNS = 900
_DEPTH = 8
_BLOCK = 1 << 20
_OFTEN = 500  # objects
_LIST = re.compile(r'"(?:posts|data|items|results|rows|links)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _name: None)
_Numbered = Iterator[tuple[int, dict[str, Any] | str]]


def is_json(head: bytes) -> bool:
    """Whether a text begins as JSON does."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def rewrite_json(path: Path, target: Path, step: Step = unwatched) -> None:
    """Write the objects of a UTF-8 text to ``target``. Raises UnreadableFile."""
    names: Counter[str] = Counter()
    for _number, found in _objects(path, part(step, 0, 0.5)):
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
        for number, found in _objects(path, part(step, 0.5, 1)):
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


def check_objects(path: Path) -> None:
    """Refuse a UTF-8 text in whose beginning no list of objects begins. Raises UnreadableFile."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
        _form_of(file.read(_BLOCK))


def _form_of(head: str) -> tuple[bool, int]:
    """Whether objects stand one a line, and where the list of them begins otherwise."""
    first_line = head.lstrip().partition("\n")[0]
    if head.lstrip().startswith("{") and isinstance(_parsed(first_line), dict):
        return True, 0
    start = 1 if head.lstrip().startswith("[") else _start_of_list(head)
    if start < 0:
        raise UnreadableFile("no_objects")
    return False, start


def _objects(path: Path, step: Step) -> _Numbered:
    size = path.stat().st_size
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="\n") as file,
    ):
        is_lines, start = _form_of(file.read(_BLOCK))
        file.seek(0)
        found = _of_lines(file) if is_lines else _of_list(file, start)
        for place, one in enumerate(found):
            if place % _OFTEN == 0:
                step(min(1, raw.tell() / size))
            yield one


def _start_of_list(head: str) -> int:
    found = _LIST.search(head)
    return found.end() if found else -1


def _of_lines(lines: Any) -> _Numbered:
    """Objects by their line; where the first line is an answer, all by their place among all."""
    numbers: Iterator[int] | None = None
    is_first = True
    for line_number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = _parsed(line)
        inner = _inner(found) if isinstance(found, dict) else None
        if is_first:
            numbers = itertools.count(1) if inner is not None else None
            is_first = False
        if inner is not None and numbers is not None:
            for element in inner:
                yield next(numbers), element
        else:
            number = next(numbers) if numbers is not None else line_number
            yield number, found if isinstance(found, dict) else line.rstrip("\r\n")


def _inner(found: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The objects that an API's answer is wrapped around; None for what is no such answer."""
    holder = found["result"] if isinstance(found.get("result"), dict) else found
    for name in ("posts", "data", "items", "results"):
        inner = holder.get(name)
        is_answer = holder is not found or "paging" in found or len(found) <= 3
        if isinstance(inner, list) and is_answer:
            return [one for one in inner if isinstance(one, dict)]
    return None


def _of_list(file: Any, start: int) -> _Numbered:
    """The elements of one list, read as they come, so that its length does not matter."""
    text = file.read(_BLOCK)
    at = text.index("[") + 1 if start == 1 else start
    number = 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
        if text[at : at + 1] == "]":
            return
        try:
            found, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            more = file.read(_BLOCK)
            if not more or len(text) - at > RECORD_LIMIT:
                raise UnreadableFile("json_broken", number=number) from None
            text, at = text[at:] + more, 0
            continue
        yield number, found if isinstance(found, dict) else str(found)
        number += 1


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line.strip())
    except (ValueError, RecursionError):
        return None
