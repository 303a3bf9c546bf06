"""How a table becomes a file: CSV for spreadsheets or for analysis, XLSX, JSON lines."""

import csv
import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from dashboards.exports.cells import safe

# As the file format has it; the first row is the header.
XLSX_ROWS = 1_048_576
XLSX_LETTERS = 32_767
BETWEEN = " | "

Rows = Iterable[list[Any]]


class TooManyRows(Exception):
    """The table does not fit the format; the message says what to do."""


def write(path: Path, form: str, columns: list[str], rows: Rows) -> None:
    """Write a table. ``form`` is a key of FORMATS. Raises TooManyRows, OSError."""
    FORMATS[form](path, columns, rows)


def _plain(value: Any) -> Any:
    """A value as a cell of text holds it."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return BETWEEN.join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value


def _csv_for_spreadsheets(path: Path, columns: list[str], rows: Rows) -> None:
    """With a byte order mark, which Excel needs to see UTF-8, and without formulas."""
    _write_csv(path, columns, rows, encoding="utf-8-sig", cell=lambda value: safe(_plain(value)))


def _csv_for_analysis(path: Path, columns: list[str], rows: Rows) -> None:
    """Byte for byte what the posts say."""
    _write_csv(path, columns, rows, encoding="utf-8", cell=_plain)


def _write_csv(
    path: Path, columns: list[str], rows: Rows, *, encoding: str, cell: Callable[[Any], Any]
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)


def _xlsx(path: Path, columns: list[str], rows: Rows) -> None:
    """One sheet; no cell is a formula or a link, whatever it says."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, columns, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(_fitting(rows), start=1):
            for place, value in enumerate(row):
                plain = _plain(value)
                if isinstance(plain, str):
                    sheet.write_string(number, place, plain[:XLSX_LETTERS])
                elif plain is not None:
                    sheet.write(number, place, plain)


def _fitting(rows: Rows) -> Iterator[list[Any]]:
    for number, row in enumerate(rows, start=2):
        if number > XLSX_ROWS:
            raise TooManyRows(
                _("An Excel sheet holds %(rows)s rows at most. Choose CSV.")
                % {"rows": f"{XLSX_ROWS:,}"}
            )
        yield row


def _json_lines(path: Path, columns: list[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            record = dict(zip(columns, map(_in_json, row), strict=True))
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _in_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | list) else _plain(value)


FORMATS: dict[str, Callable[[Path, list[str], Rows], None]] = {
    "csv": _csv_for_spreadsheets,
    "csv-raw": _csv_for_analysis,
    "xlsx": _xlsx,
    "jsonl": _json_lines,
}
ENDINGS = {"csv": "csv", "csv-raw": "csv", "xlsx": "xlsx", "jsonl": "jsonl"}
