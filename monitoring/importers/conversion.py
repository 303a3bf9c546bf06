"""Every received file as one table in UTF-8: as it is, decoded, or converted to the internal form.

That happens once, when the file has come; whoever reads it later reads the outcome.
"""

from pathlib import Path
from typing import NamedTuple

from monitoring.importers.archives import ZIP_MAGIC, workbook_kind
from monitoring.importers.encodings import encoding_of, rewrite_as_utf8
from monitoring.importers.json_objects import is_json
from monitoring.importers.json_records import rewrite_json
from monitoring.importers.progress import Step, part, unwatched
from monitoring.importers.workbooks import rewrite_workbook

WORKBOOKS = ("xlsx", "ods")
PLAIN = ("utf-8", "utf-8-sig")
_HEAD = 1 << 12


class Text(NamedTuple):
    """A table as text: where it is, and what the received file was: an encoding or a kind."""

    path: Path
    kind: str
    left_out: tuple[str, ...] = ()  # sheets of the workbook that hold tables too


def table_text(path: Path, target: Path, step: Step = unwatched, stated: str = "") -> Text:
    """The text of a received file: the file itself, or ``target``, written anew.

    ``stated`` is the encoding that its sender says; ``step`` hears how far that is. Raises
    UnreadableFile.
    """
    if head_of(path).startswith(ZIP_MAGIC) and (kind := workbook_kind(path)):
        return Text(target, kind, rewrite_workbook(path, target, step))
    encoding = encoding_of(path, stated)
    text = path
    if encoding not in PLAIN:
        rewrite_as_utf8(path, encoding, target, part(step, 0, 0.5))
        text = target
    if not is_json(head_of(text)):
        return Text(text, encoding)
    written = target.with_suffix(".json-rows")
    try:
        rewrite_json(text, written, step if text == path else part(step, 0.5, 1))
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)
    return Text(target, "json")


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
