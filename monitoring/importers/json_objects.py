"""The objects in a JSON text, each with its number: one a line, in lists, or in an API's answers.

A file may hold several answers, or lists, one after the other, as people put them together.
"""

import codecs
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step
from monitoring.importers.splitting import RECORD_LIMIT

_BLOCK = 1 << 20
_OFTEN = 500  # objects
_HOLDERS = ("posts", "data", "items", "results", "messages")  # of the objects, in an answer
_LIST = re.compile(rf'"({"|".join((*_HOLDERS, "rows", "links"))})"\s*:\s*\[')
_LONGEST_NAME = 100  # characters of a name and what stands around it
_FIRST_LINES = 5
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda _name: None)
Numbered = Iterator[tuple[int, dict[str, Any] | str]]


def is_json(head: bytes) -> bool:
    """Whether a text begins as JSON does."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b"[")


def check_objects(path: Path) -> None:
    """Refuse a UTF-8 text in whose beginning no list of objects begins. Raises UnreadableFile."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
        _form_of(file.read(_BLOCK))


def _form_of(head: str) -> tuple[bool, str, int]:
    """Whether objects stand one a line; else the name of their list, and where it begins."""
    head = head.lstrip("\ufeff")
    text = head.lstrip()
    if text.startswith("{") and _are_lines(text):
        return True, "", 0
    if text.startswith("["):
        return False, "", len(head) - len(text) + 1
    if found := _LIST.search(head):
        return False, found[1], found.end()
    raise UnreadableFile("no_objects")


def _are_lines(text: str) -> bool:
    """Whether the first line is an object, or most of the next ones are and it is broken."""
    lines = [line for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES] if line.strip()]
    are_objects = [isinstance(_parsed(line), dict) for line in lines]
    return are_objects[0] or sum(are_objects) > 1


def objects(path: Path, step: Step) -> Numbered:
    """The objects of a UTF-8 text; a broken line comes as it stands. Raises UnreadableFile."""
    size = path.stat().st_size
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, "utf-8-sig", errors="surrogateescape", newline="\n") as file,
    ):
        is_lines, name, start = _form_of(file.read(_BLOCK))
        file.seek(0)
        found = _of_lines(file) if is_lines else _of_lists(file, name, start)
        for place, one in enumerate(found):
            if place % _OFTEN == 0:
                step(min(1, raw.tell() / size))
            yield one


def _of_lines(lines: Any) -> Numbered:
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
    for name in _HOLDERS:
        inner = holder.get(name)
        is_answer = holder is not found or "paging" in found or len(found) <= 4
        if isinstance(inner, list) and is_answer:
            return [one for one in inner if isinstance(one, dict)]
    return None


def _of_lists(file: Any, name: str, start: int) -> Numbered:
    """The elements of every list, numbered through, read as they come: length does not matter.

    ``name`` is that of the lists in the answers around them, "" where nothing is around them. An
    element that is an answer itself stands for the objects in it.
    """
    text, at, number = file.read(_BLOCK), start, 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
        if text[at : at + 1] == "]":
            text, at = _next_list(file, text[at + 1 :], name, number)
            if not text:
                return
            continue
        try:
            found, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            more = file.read(_BLOCK)
            if not more or len(text) - at > RECORD_LIMIT:
                raise UnreadableFile("json_broken", number=number) from None
            text, at = text[at:] + more, 0
            continue
        inner = _inner(found) if isinstance(found, dict) else None
        for element in [found] if inner is None else inner:
            yield number, element if isinstance(element, dict) else str(element)
            number += 1


def _next_list(file: Any, text: str, name: str, number: int) -> tuple[str, int]:
    """The text in which the next list begins, and where; an empty one where there is none.

    Raises UnreadableFile for what stands behind a list that has nothing around it.
    """
    while True:
        if name:
            found = next((one for one in _LIST.finditer(text) if one[1] == name), None)
            if found:
                return text, found.end()
            rest = text[-_LONGEST_NAME:]
        else:
            rest = text[_BETWEEN.match(text).end() :]  # type: ignore[union-attr]
            if rest.startswith("["):
                return rest, 1
            if rest:
                raise UnreadableFile("json_broken", number=number)
        more = file.read(_BLOCK)
        if not more:
            return "", 0
        text = rest + more


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line.strip())
    except (ValueError, RecursionError):
        return None
