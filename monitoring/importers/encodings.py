"""In which encoding a file was written; UTF-8 out of any.

Everything after this module reads UTF-8: another encoding is rewritten once, when the file comes.
"""

import codecs
import re
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from monitoring.importers.evidence import ENCODINGS, likeliest
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, unwatched

_BLOCK = 1 << 18  # fits the cache of a processor: larger ones took half as long again
_HEAD = 1 << 16
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format", "a database"),
)
_MARKUP = re.compile(rb"<(?:!doctype|\?xml|html|head|body|table|svg|meta|script)\b", re.IGNORECASE)
_HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def encoding_of(path: Path, stated: str = "") -> str:
    """The encoding of a file, by its mark, by its validity, or as ``stated``, or by evidence.

    ``utf-8`` is also the answer for UTF-8 with a few broken places: their rows are refused one by
    one, not the file. Raises UnreadableFile for what is no text at all.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        refuse_other_kinds(head)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for place, pairs in enumerate(("utf-16-be", "utf-16-le")):
            if head[place:40:2].count(0) > 10:  # of Latin letters, without a mark
                return pairs
        file.seek(0)
        broken_at = _first_invalid_utf8(file)
    if broken_at is None or _is_damaged_utf8(path):
        return "utf-8"
    if found := stated or likeliest(path):
        return found
    raise UnreadableFile("encoding", byte=broken_at)


def rewrite_as_utf8(path: Path, encoding: str, target: Path, step: Step = unwatched) -> None:
    """Write ``target`` as UTF-8. Half a surrogate pair stays, and is refused with its row."""
    errors = "surrogatepass" if encoding.startswith("utf-16") else "strict"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    at, size = 0, path.stat().st_size
    with path.open("rb") as source, target.open("wb") as written:
        while block := source.read(_BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                raise UnreadableFile("encoding", byte=at + error.start) from None
            written.write(text.encode("utf-8", "surrogatepass"))
            at += len(block)
            step(at / size)
        written.write(_rest_of(decoder).encode("utf-8", "surrogatepass"))


def reread(path: Path, target: Path, *, before: str, now: str) -> None:
    """Write a text that was read as one of ENCODINGS as if it had been read as another.

    Raises UnreadableFile where the other has no letter for one of its bytes.
    """
    with path.open(encoding="utf-8", newline="") as source, target.open("wb") as written:
        at = 0
        while block := source.read(_BLOCK):
            received = block.encode(before)
            try:
                written.write(received.decode(now).encode())
            except UnicodeDecodeError as error:
                raise UnreadableFile("encoding", byte=at + error.start) from None
            at += len(received)


def readings(text: str, before: str) -> dict[str, str]:
    """How a text that was read as one of ENCODINGS reads in each that it can be in, that first."""
    received = text.encode(before)
    found = {before: text}
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            found[encoding] = received.decode(encoding)
    return found


def refuse_other_kinds(head: bytes) -> None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnreadableFile("empty")
    for magic, kind in _KINDS:
        if head.startswith(magic):
            raise UnreadableFile("not_a_table", kind=kind)
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8).lstrip()):
        raise UnreadableFile("not_a_table", kind="a web page")


def _first_invalid_utf8(file: BinaryIO) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
            at += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(0, at + error.start)
    return None


def _is_damaged_utf8(path: Path) -> bool:
    """Whether the text is UTF-8 but for a few broken places: under one in a hundred letters."""
    good = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            # Half a surrogate pair is a fault of its row, and no sign of another encoding.
            broken -= 3 * len(_HALF_PAIR.findall(block))
            for character in re.findall("[^\x00-\x7f]", decoder.decode(block)):
                if "\udc80" <= character <= "\udcff":
                    broken += 1
                else:
                    good += 1
    return broken * 100 <= good


def _rest_of(decoder: codecs.IncrementalDecoder) -> str:
    try:
        return decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "\udcff"  # half a character at the end of half a file: its row is refused
