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

# Characters in one cell, and bytes in one record, after which a file is taken for damaged.
FIELD_LIMIT = 100_000
RECORD_LIMIT = 8 << 20
CHUNK_BYTES = 3 << 20


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
    """Cut the rows of a file into spans of about ``size`` bytes, never inside a record."""
    mark = delimiter.encode()
    at, line, rest = body_from, first_line, b""
    file.seek(body_from)
    complete = False
    while not complete:
        block = file.read(size)
        complete = len(block) < size
        if block.endswith(b"\r"):
            block += file.read(1)  # the two halves of a Windows line end belong together
        data = rest + block
        end, records = _whole_records(data, mark, complete=complete)
        if records:
            yield Span(at, at + end, line, records)
        line += count_lines(data[:end])
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


def _whole_records(data: bytes, delimiter: bytes, *, complete: bool) -> tuple[int, int]:
    """Where the last whole record of the block ends, and how many there are."""
    if len(data) <= RECORD_LIMIT:
        regular = _by_parity(data, delimiter, complete=complete)
        if regular is not None:
            return regular
    end = number = 0
    for record in records(data, delimiter, complete=complete):
        end, number = record.end, number + 1
    return (len(data) if complete else end), number


def _by_parity(data: bytes, delimiter: bytes, *, complete: bool) -> tuple[int, int] | None:
    """``_whole_records`` of a regular block; None where byte by byte is needed.

    Between every second pair of quotation marks lies text outside of quotes. In a regular block it
    begins and ends with a delimiter or a line's end; blank lines and lone carriage returns are
    irregular too.
    """
    if data.count(b"\r") != data.count(b"\r\n") or data[:1] in (b"\r", b"\n"):
        return None
    parts = data.split(b'"')
    last = len(parts) - 1
    inside_at_end = last % 2 == 1
    before, after = (delimiter, b"\n"), (delimiter, b"\n", b"\r")
    number = 0
    for position in range(0, last + 1, 2):
        text = parts[position]
        if not text:
            continue  # two quotation marks in a row: one, inside quotes
        if position and text[:1] not in after:
            return None
        if position < last and text[-1:] not in before:
            return None
        if b"\n" in text:
            if b"\n\n" in text or b"\n\r\n" in text:
                return None
            number += text.count(b"\n")
    if not complete:
        return _last_line_end(parts, len(data)), number
    if inside_at_end:
        return None
    return len(data), number + (bool(data) and not data.endswith(b"\n"))


def _last_line_end(parts: list[bytes], end: int) -> int:
    """Behind the last newline outside of quotes; 0 where there is none."""
    for position in range(len(parts) - 1, -1, -1):
        end -= len(parts[position])
        newline = parts[position].rfind(b"\n") if position % 2 == 0 else -1
        if newline >= 0:
            return end + newline + 1
        end -= 1  # the quotation mark before
    return 0
