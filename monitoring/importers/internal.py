"""The internal form of what is no CSV: a CSV in UTF-8 whose first column is the row's number.

A row of a workbook, a line of NDJSON, an element of a JSON list: each becomes a record, so that
they are cut into chunks, read, refused and resumed like those of any CSV.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

# The number of the row, line or element in what was sent: problems are reported by it.
NUMBER = "#row"


class Writer:
    """Writes the internal form; half surrogate pairs pass, and are refused with their row."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._file: TextIO = path.open("w", encoding="utf-8", errors="surrogatepass", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow([NUMBER, *header])

    def row(self, number: int, cells: Iterable[str]) -> None:
        self._rows.writerow([number, *cells])

    def broken(self, number: int, text: str) -> None:
        """A row that could not be taken apart: it is refused when it is read."""
        self._rows.writerow([number, text])

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()
