"""Regular rows of CrowdTangle's Facebook exports are read many at once, to the same posts."""

import csv
import io
import zoneinfo
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitoring.importers.crowdtangle import CrowdTangleFacebook
from monitoring.importers.reading import Piece, Setting, each_record, read_piece
from monitoring.importers.records import BadRow, Parsed, PostBlock
from tests.monitoring.exports import FACEBOOK_COUNTS, PAGES_2020, PAGES_2021, as_csv, page_post

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
# As they come; as some tables, hidden counters and damaged files have them; and wrong ones.
COUNTS = ["0", "7", "1234", "999999999", "", "N/A", "1,234", "2147483647", "-1", "x", "12.5"]
CELLS = {
    **dict.fromkeys(FACEBOOK_COUNTS, st.sampled_from(COUNTS)),
    "Total Views": st.sampled_from([*COUNTS, "9223372036854775807"]),
    "Total Views For All Crossposts": st.sampled_from(["0", "", "88", "x"]),
    "Total Interactions": st.sampled_from(["0", "1,234", "1.234", "", "5"]),
    "Followers at Posting": st.sampled_from(["", "5100", "5.100", "N/A", "9" * 19]),
    "Likes at Posting": st.sampled_from(["", "5000", "N/A"]),
    "Facebook Id": st.sampled_from(["100000000000001", "1.00000E+14", "", "100000000000002"]),
    "User Name": st.sampled_from(["ainura", "", "another"]),
    "URL": st.sampled_from(
        [
            "https://www.facebook.com/ainura/posts/246",
            "https://www.facebook.com/100000000000001/posts/247",
            "https://www.facebook.com/ainura",
            "",
        ]
    ),
    "Created": st.sampled_from(
        ["2021-01-05 11:00:00 EST", "2021-07-05 11:00:00 EDT", "2021-01-05 11:00:00 CET", "soon"]
    ),
    "Type": st.sampled_from(["Photo", "", "x" * 41]),
    "Message": st.sampled_from(["", "two\nlines", 'a "quoted" word', "Шайлоо\r\nкүнү"]),
}
ROWS = st.lists(
    st.dictionaries(st.sampled_from([*CELLS]), st.none(), max_size=2).flatmap(
        lambda changed: st.fixed_dictionaries({name: CELLS[name] for name in changed})
    ),
    min_size=1,
    max_size=6,
)


def piece_of(header: list[str], rows: list[dict[str, Any]]) -> Piece:
    content = as_csv(header, rows).removeprefix(b"\xef\xbb\xbf")
    first = len(next(csv.reader(io.StringIO(content.decode()))))
    assert first == len(header)
    return Piece(content.partition(b"\n")[2], ",", len(header), 2, tuple(header))


def reader_for(piece: Piece) -> CrowdTangleFacebook:
    return CrowdTangleFacebook(Setting(piece.header, zone=NEW_YORK))


def at_once(piece: Piece, *, records: int) -> Parsed:
    return read_piece(reader_for(piece), piece, expected=records)


def one_by_one(piece: Piece) -> tuple[list[Any], list[tuple[int, str, str]]]:
    reader = reader_for(piece)
    good, bad = [], []
    for line, _text, row in each_record(reader, piece):
        if isinstance(row, Exception):
            bad.append((line, row.code, row.column))  # type: ignore[attr-defined]
        else:
            good.append((reader.accounts[int(row.account)], *row[1:]))
    return good, bad


def shown(parsed: Parsed) -> tuple[list[Any], list[tuple[int, str, str]]]:
    def place(row: BadRow) -> tuple[int, str, str]:
        return row.line, row.code, row.column

    good = [(parsed.accounts[int(row.account)], *row[1:]) for row in parsed.rows]
    return good, [*map(place, parsed.bad)]


@settings(max_examples=300, deadline=None)
@given(
    changes=ROWS,
    header=st.sampled_from([PAGES_2020, PAGES_2021]),
    absent=st.sets(
        st.sampled_from(["Care", "Total Views", "Total Interactions", "Followers at Posting"])
    ),
)
@example(
    changes=[dict.fromkeys(FACEBOOK_COUNTS, "999999999")],
    header=PAGES_2021,
    absent={"Total Interactions"},
)
def test_many_at_once_are_read_as_they_are_one_by_one(
    changes: list[dict[str, str]], header: list[str], absent: set[str]
) -> None:
    columns = [name for name in header if name not in absent]
    rows = [page_post(number, **changed) for number, changed in enumerate(changes)]
    piece = piece_of(columns, rows)
    assert shown(at_once(piece, records=len(rows))) == one_by_one(piece)


@pytest.mark.parametrize("header", [PAGES_2020, PAGES_2021])
@pytest.mark.parametrize("absent", ["", "Care", "Total Interactions"])
def test_regular_rows_are_read_in_columns(header: list[str], absent: str) -> None:
    columns = [name for name in header if name != absent]
    rows = [page_post(n, Likes=n, Message="two\nlines") for n in range(1200)]
    piece = piece_of(columns, rows)
    parsed = at_once(piece, records=1200)
    assert [len(block) for block in parsed.blocks] == [500, 500, 200]
    assert all(isinstance(block, PostBlock) for block in parsed.blocks)
    assert shown(parsed) == one_by_one(piece)
    assert {row.care for row in parsed.rows} == {None if absent == "Care" else "0"}


def test_a_bad_row_is_named_by_its_line_behind_thousands_of_regular_ones() -> None:
    rows = [page_post(n, Message="two\nlines") for n in range(700)]
    rows[650]["Likes"] = rows[690]["Likes"] = "many"
    parsed = at_once(piece_of(PAGES_2021, rows), records=700)
    assert [isinstance(block, PostBlock) for block in parsed.blocks] == [True, False]
    assert [(row.line, row.code) for row in parsed.bad] == [
        (2 + 2 * 650, "bad_count"),
        (2 + 2 * 690, "bad_count"),
    ]
    assert len(parsed.rows) == 698
