"""In which encoding a file was written, by its mark, its validity, or evidence; UTF-8 out of any.

Everything after this module reads UTF-8: another encoding is rewritten once, when the file comes.
"""

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.progress import Step, unwatched

_BLOCK = 1 << 20
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
_RUSSIAN = re.compile(r"(?<![A-Za-z])(?:[А-Яа-яЁё][а-яё]+|[А-ЯЁ]{2,})(?![A-Za-z])")
_WORD = re.compile(r"(?<!\w)(?:[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]{2,})(?!\w)")


def encoding_of(path: Path) -> str:
    """The encoding of a file, by its mark, by its validity, or by evidence.

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
    if _is_windows_1251(path):
        return _likeliest_cyrillic(path)
    if _is_windows_1252(path):
        return "windows-1252"
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


def _is_windows_1251(path: Path) -> bool:
    """Whether the bytes above ASCII are Russian words when read as Windows-1251.

    Evidence: three in four stand in words of Cyrillic letters alone. Western text read this way
    is single letters between Latin ones.
    """
    with path.open("rb") as file:
        sample = file.read(1 << 22)
    text = sample.decode("windows-1251", "replace")
    high = len(re.findall("[^\x00-\x7f]", text))
    in_words = sum(len(word) for word in _RUSSIAN.findall(text))
    return high >= 4 and in_words * 4 >= high * 3 and "�" not in text


def _likeliest_cyrillic(path: Path) -> str:
    """Which of the encodings that share their letters makes whole words of a text.

    Read as another one, its capitals are marks, or stand within words. Excel on a Mac saves the
    second.
    """
    with path.open("rb") as file:
        sample = file.read(1 << 22)
    in_words = {
        encoding: sum(map(len, _WORD.findall(sample.decode(encoding, "replace"))))
        for encoding in ("windows-1251", "mac-cyrillic", "koi8-r")
    }
    best = max(in_words, key=lambda one: in_words[one])
    is_clear = in_words[best] * 10 > in_words["windows-1251"] * 11
    return best if is_clear else "windows-1251"


def _is_windows_1252(path: Path) -> bool:
    """Whether the bytes above ASCII are letters of Western words, or the marks around them.

    Evidence: nine in ten are, and half or more touch a Latin letter.
    """
    with path.open("rb") as file:
        sample = file.read(1 << 22)
    try:
        text = sample.decode("windows-1252")
    except UnicodeDecodeError:
        return False
    high = len(re.findall("[^\x00-\x7f]", text))
    western = len(re.findall("[À-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”„–—…•€«»¿¡°·\xa0]", text))
    in_words = len(re.findall("(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])", text))
    return high >= 2 and western * 10 >= high * 9 and in_words * 2 >= high


def _rest_of(decoder: codecs.IncrementalDecoder) -> str:
    try:
        return decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "\udcff"  # half a character at the end of half a file: its row is refused
