"""Where records begin and end in the bytes of a CSV file, so that several workers can share it.

A newline inside quotes ends no record. The rule is RFC 4180's, read strictly: a quotation mark
opens a quoted field only at the field's start, and after the closing one comes a delimiter or a
line's end. A record that breaks the rule is given back as its first line alone, marked as not
whole, and reading goes on at the next line: an unclosed quotation mark costs one row, not the rest
of the file.

Regular stretches, which is nearly all, are cut by the parity of quotation marks; others byte by
byte. Both give the same records, however the file is cut into chunks.
"""

import functools
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

# Characters in one cell, and bytes in one record, after which a file is taken for damaged.
FIELD_LIMIT = 100_000
RECORD_LIMIT = 8 << 20
CHUNK_BYTES = 5 << 20
_MARK, _NEWLINE, _RETURN = b'"\n\r'


class Span(NamedTuple):
    """A run of whole records: bytes of the file, the line of the first, and how many."""

    byte_from: int
    byte_to: int
    first_line: int
    records: int


class Record(NamedTuple):
    """One record in a block of bytes; not ``whole`` where its quotation marks are broken."""

    start: int
    end: int
    whole: bool


def spans(
    file: BinaryIO, *, delimiter: str, body_from: int, first_line: int, size: int = CHUNK_BYTES
) -> Iterator[Span]:
    """Cut the rows of a file into spans of about ``size`` bytes, never inside a record.

    The first is shorter: until it is read, the database that stores them has nothing to do.
    """
    mark = delimiter.encode()
    at, line, rest = body_from, first_line, b""
    file.seek(body_from)
    complete = False
    while not complete:
        most = size // 5 or 1 if at == body_from else size
        block = file.read(most)
        complete = len(block) < most
        if block.endswith(b"\r"):
            block += file.read(1)  # the two halves of a Windows line end belong together
        data = rest + block
        end, records, lines = _whole_records(data, mark, complete=complete)
        if records:
            yield Span(at, at + end, line, records)
        line += lines
        at += end
        rest = data[end:]


def count_lines(data: bytes) -> int:
    """Line ends of all three kinds; Windows' two characters are one."""
    returns = data.count(b"\r")
    return data.count(b"\n") + (returns - data.count(b"\r\n") if returns else 0)


def first_record(data: bytes, *, complete: bool) -> bytes | None:
    """The first record of a file, whatever its delimiter; None where it does not end."""
    found = re.match(rb'(?:"[^"]*+"|[^"\r\n])*+(?:\r\n|\n|\r|\Z)', data)
    if found is None or (found.end() == len(data) and not complete):
        return None
    return found[0]


def records(data: bytes, delimiter: bytes, *, complete: bool) -> Iterator[Record]:
    """The records of a block that begins at a record, byte by byte; blank lines are none.

    Stops before a record that the block may not hold to its end, unless it is ``complete``.
    """
    whole, unfinished = _patterns(delimiter)
    at, size = 0, len(data)
    while at < size:
        if data[at] in b"\r\n":
            at += 1
            continue
        found = whole.match(data, at)
        if found and found.end() - at <= RECORD_LIMIT:
            if found.end() == size and not complete and data[size - 1] not in b"\r\n":
                return
            yield Record(at, found.end(), True)
            at = found.end()
            continue
        if not complete and size - at <= RECORD_LIMIT and unfinished.match(data, at):
            return
        end = _end_of_line(data, at)
        if end == size and not complete and size - at <= RECORD_LIMIT and data[-1] not in b"\r\n":
            return  # the line goes on in the next block
        yield Record(at, end, False)
        at = end


@functools.cache
def _patterns(delimiter: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    mark = re.escape(delimiter)
    quoted = rb'"[^"]*+(?:""[^"]*+)*+"(?=' + mark + rb"|[\r\n]|\Z)"
    plain = rb'(?!")[^' + mark + rb"\r\n]*+"
    fields = rb"(?:" + quoted + rb"|" + plain + rb")"
    record = fields + rb"(?:" + mark + fields + rb")*+"
    # Everything fits, up to a quoted field that is still open at the end of the block.
    opened = rb'(?:"[^"]*+(?:""[^"]*+)*+"?)\Z'
    started = rb"(?:" + fields + mark + rb")*+" + opened
    return re.compile(record + rb"(?:\r\n|\n|\r|\Z)"), re.compile(started)


def _end_of_line(data: bytes, at: int) -> int:
    found = re.compile(rb"\r\n|\n|\r").search(data, at)
    return found.end() if found else len(data)


def _whole_records(data: bytes, delimiter: bytes, *, complete: bool) -> tuple[int, int, int]:
    """Where the last whole record of the block ends, how many there are, and in how many lines."""
    if len(data) <= RECORD_LIMIT:
        regular = _by_parity(data, delimiter, complete=complete)
        if regular is not None:
            return regular
    end = number = 0
    for record in records(data, delimiter, complete=complete):
        end, number = record.end, number + 1
    end = len(data) if complete else end
    return end, number, count_lines(data[:end])


def _by_parity(data: bytes, delimiter: bytes, *, complete: bool) -> tuple[int, int, int] | None:
    """``_whole_records`` of a regular block; None where byte by byte is needed.

    A newline behind an even number of quotation marks ends a record. That holds where each odd mark
    stands behind a delimiter or a line's end, and each even one before one; two marks in a row are
    one mark inside quotes. Lone carriage returns and blank lines are irregular too.
    """
    text = np.frombuffer(data, np.uint8)
    returns = np.count_nonzero(text == _RETURN)
    if (returns and returns != data.count(b"\r\n")) or data[:1] in (b"\r", b"\n"):
        return None
    marks = np.flatnonzero(text == _MARK)
    opening, closing = marks[0::2], marks[1::2]
    # The block begins and ends where a line does, as far as marks are concerned.
    before, after = text[opening[opening > 0] - 1], text[closing[closing < len(text) - 1] + 1]
    beside = (delimiter[0], _NEWLINE, _MARK)
    if not np.isin(before, beside).all() or not np.isin(after, (*beside, _RETURN)).all():
        return None
    newlines = np.flatnonzero(text == _NEWLINE)
    last = newlines[np.searchsorted(marks, newlines) % 2 == 0]
    previous = text[last - 1]
    if (previous == _NEWLINE).any() or (text[last[previous == _RETURN] - 2] == _NEWLINE).any():
        return None
    ends = last + 1
    if not complete:
        end = int(ends[-1]) if len(ends) else 0
        return end, len(ends), int(np.searchsorted(newlines, end))
    if len(marks) % 2:
        return None
    return len(data), len(ends) + (bool(data) and not data.endswith(b"\n")), len(newlines)
