"""Bytes that somebody sends, read as an import reads them, without a database."""

import json
import zoneinfo
from pathlib import Path
from typing import Any, NamedTuple

from monitoring.importers import AUTO, READERS, reader_for
from monitoring.importers.conversion import table_text
from monitoring.importers.files import table_of
from monitoring.importers.mapping import Mapping
from monitoring.importers.questions import open_questions
from monitoring.importers.reading import Setting, piece_of, read_piece
from monitoring.importers.records import AccountSeen, BadRow
from monitoring.importers.splitting import spans
from monitoring.importers.tokens import without_tokens


class Read(NamedTuple):
    """What became of a file: how it was taken, and its rows."""

    source: str
    encoding: str
    delimiter: str
    rows: list[Any]
    accounts: list[AccountSeen]  # of the rows, in their order, where they are posts
    bad: list[BadRow]
    records: int

    @property
    def codes(self) -> list[tuple[int, str]]:
        return [(row.line, row.code) for row in self.bad]


def read(
    content: bytes,
    folder: Path,
    *,
    name: str = "export.csv",
    source: str = AUTO,
    zone: str = "",
    mapping: Mapping | None = None,
    size: int = 1 << 20,
) -> Read:
    """Read a file whole, in chunks of about ``size`` bytes. Raises UnreadableFile."""
    path = folder / "received"
    path.write_bytes(b"".join(without_tokens([content])))
    text, encoding, _left_out = table_text(path, folder / "table")
    table = table_of(text, encoding)
    stated = zoneinfo.ZoneInfo(zone) if zone else None
    kind = READERS["table"] if mapping else reader_for(table.header, source)
    setting = Setting(table.header, name, stated, mapping)
    rows, accounts, bad, records = [], [], [], 0
    with text.open("rb") as file:
        found = list(
            spans(
                file,
                delimiter=table.delimiter,
                body_from=table.body_from,
                first_line=table.first_line,
                size=size,
            )
        )
        for number, span in enumerate(found):
            file.seek(span.byte_from)
            data = file.read(span.byte_to - span.byte_from)
            piece = piece_of(table, data, span.first_line)
            if not number:
                for question in open_questions(kind, setting, piece):
                    raise question.as_refusal
            parsed = read_piece(kind(setting), piece, expected=span.records)
            assert parsed.records == span.records
            rows += parsed.rows
            bad += parsed.bad
            records += span.records
            if kind.makes == "posts":
                accounts += [parsed.accounts[int(row.account)] for row in parsed.rows]
    return Read(kind.source, encoding, table.delimiter, rows, accounts, bad, records)


def ndjson(*objects: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects).encode()


def csv_of(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()
