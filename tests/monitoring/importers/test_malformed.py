"""The malformed files that come in, each with its verdict: refused whole, row by row, or accepted.

Built by code, so that each fault can be seen. For all of them: never another error than a refusal
with its reason, and every record is a row or a refused one.
"""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitoring.importers.problems import FILE_PROBLEMS, ROW_PROBLEMS, UnreadableFile
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.importers.files import ndjson, read
from tests.monitoring.importers.test_formats import API_POST

BOM = b"\xef\xbb\xbf"


def export(*posts: dict[str, Any], delimiter: str = ",") -> bytes:
    rows = [page_post(1), *posts, page_post(9)]
    return as_csv(PAGES_2020, rows, delimiter=delimiter).removeprefix(BOM)


def with_text(text: str) -> bytes:
    return export(page_post(2, Message=text))


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def around(line: bytes) -> bytes:
    """A sound export with one more line between its two posts."""
    head, first, last = lines(export())
    return head + first + line + last


def as_one_cell(content: bytes) -> bytes:
    """As Excel writes it back where the delimiter is a semicolon."""
    head, *rows = content.decode().splitlines()
    return "\n".join([head, *(f'"{row.replace(chr(34), chr(34) * 2)}"' for row in rows)]).encode()


PLAIN = export()
HEADER, FIRST, LAST = lines(PLAIN)
SOUND = FIRST.rstrip(b"\n")
LONG = lines(with_text("Шайлоо күнү " * 20))[2]

REFUSED = {
    "empty": (b"", "empty"),
    "only a mark of its encoding": (BOM, "empty"),
    "only blank lines": (b"\n\r\n  \n", "empty"),
    "header only": (HEADER, "no_rows"),
    "a gzip that was renamed": (gzip.compress(PLAIN), "not_a_table"),
    "a PDF": (b"%PDF-1.7 ...", "not_a_table"),
    "an old Excel workbook": (b"\xd0\xcf\x11\xe0" + bytes(64), "not_a_table"),
    "a workbook cut short": (b"PK\x03\x04" + bytes(64), "archive_broken"),
    "a login page": (b"<!DOCTYPE html><html><body>Log in</body></html>", "not_a_table"),
    "JSON without a list": (b'{"status": 200, "error": "rate limit"}', "unknown_header"),
    "JSON cut short": (json.dumps([API_POST]).encode()[:-40], "json_broken"),
    "JSON of nested lists without end": (b"[" * 200_000, "json_broken"),
    "a hundred thousand columns": (b",".join([b"a"] * 100_000) + b"\n1\n", "header_too_long"),
    "a column that is missing": (PLAIN.replace(b"Facebook Id", b"Fb Id", 1), "missing_columns"),
    "a column twice": (HEADER.replace(b"Love", b"Likes") + FIRST, "duplicate_column"),
    "a column without a name": (HEADER.replace(b"Love", b"") + FIRST, "blank_column"),
    "a quotation mark open in the header": (b'"' + PLAIN, "header_unclosed"),
    "bytes of no encoding": (HEADER + bytes(range(128, 256)) * 20, "encoding"),
}
ACCEPTED = {
    "UTF-8 with a mark": BOM + PLAIN,
    "UTF-8 without": PLAIN,
    "UTF-16, little end first": PLAIN.decode().encode("utf-16"),
    "UTF-16 without a mark": PLAIN.decode().encode("utf-16-le"),
    "UTF-16 without a mark, big end first": PLAIN.decode().encode("utf-16-be"),
    "rows that became one cell": as_one_cell(PLAIN),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
    "Windows-1251": PLAIN.decode().encode("windows-1251"),
    "Windows line ends": PLAIN.replace(b"\n", b"\r\n"),
    "line ends of old Macs": PLAIN.replace(b"\n", b"\r"),
    "line ends of all kinds": HEADER.replace(b"\n", b"\r\n") + FIRST.replace(b"\n", b"\r") + LAST,
    "no line end at the end": PLAIN.rstrip(b"\n"),
    "newlines within quotes": with_text("One\nTwo\r\nThree\rFour"),
    "quotation marks within quotes": with_text('He said "no", twice: ""'),
    "semicolons": export(delimiter=";"),
    "tabs": export(delimiter="\t"),
    "bars": export(delimiter="|"),
    "a line that names the delimiter": b"sep=;\n" + export(delimiter=";"),
    "a comma at each line's end": PLAIN.replace(b"\n", b",\n"),
    "blank lines": b"\n\n" + HEADER + b"\n" + FIRST + b"\n\r\n" + LAST + b"\n",
    "separators of lines in Unicode": with_text("One\u2028Two\u2029Three\x85Four"),
    "vertical tabs and form feeds": with_text("One\x0bTwo\x0cThree\x1cFour"),
    "emoji joined by nothing": with_text("👩‍👩‍👧‍👦 🇰🇬 👍🏽"),
    "text that turns its direction": with_text("abc \u202edef\u202c \u200fאבג"),
    "cells that a spreadsheet would run": with_text('=HYPERLINK("http://a","b")'),
    "cells that a browser would run": with_text("<script>alert(1)</script><img src=x onerror=1>"),
    "quoted where nothing needs it": PLAIN.replace(b"Photo", b'"Photo"'),
}
ROWS = {
    "fewer cells": (around(b"a,b,c\n"), [(3, "columns")]),
    "more cells": (around(SOUND + b",1,2\n"), [(3, "columns")]),
    "NUL": (with_text("a\0b"), [(3, "nul")]),
    "a byte that is no UTF-8": (
        around(LONG.replace(b"Photo", b"Ph\xff")),
        [(3, "broken_text")],
    ),
    "half of a pair": (
        around(LONG.replace(b"Photo", b"\xed\xa0\xbd")),
        [(3, "broken_text")],
    ),
    "a cell without end": (with_text("x" * 100_001), [(3, "field_too_long")]),
    "a number beyond all": (export(page_post(2, Likes=10**20)), [(3, "count_too_large")]),
    "an id that was rounded": (
        export(page_post(2, URL="https://www.facebook.com/a/posts/1.78E+18")),
        [(3, "no_post_id")],
    ),
    "an account that was rounded": (
        export(page_post(2, **{"Facebook Id": "1.0005E+14"})),
        [(3, "damaged_id")],
    ),
    "a day that is none": (
        export(page_post(2, Created="2021-02-30 11:00:00 EST")),
        [(3, "bad_time")],
    ),
    "a date of a spreadsheet": (export(page_post(2, Created="########")), [(3, "bad_time")]),
    "an unclosed quotation mark": (around(b'a,"b,c\n'), [(3, "quote_unclosed")]),
    "a mark within a word": (
        around(SOUND.replace(b"Post", b'"Po"st') + b"\n"),
        [(3, "quote_unclosed")],
    ),
    "empty cells": (around(b"," * (len(PAGES_2020) - 1) + b"\n"), [(3, "row_empty")]),
    "the header once more": (around(HEADER), [(3, "header_again")]),
    "a fraction of a like": (export(page_post(2, Likes="1.57")), [(3, "bad_count")]),
    "less than no likes": (export(page_post(2, Likes=-1)), [(3, "negative_count")]),
    "an address of nothing": (export(page_post(2, URL="")), [(3, "no_post_id")]),
}


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(REFUSED) + len(ACCEPTED) + len(ROWS) >= 46


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_is_refused_whole_and_says_why(fault: str, tmp_path: Path) -> None:
    content, code = REFUSED[fault]
    with pytest.raises(UnreadableFile) as refusal:
        read(content, tmp_path)
    assert refusal.value.code == code
    assert "%(" not in str(refusal.value)


@pytest.mark.parametrize("form", ACCEPTED)
def test_a_file_is_accepted_as_it_is(form: str, tmp_path: Path) -> None:
    found = read(ACCEPTED[form], tmp_path)
    assert found.bad == []
    assert [row.native_id for row in found.rows] in (["1", "9"], ["1", "2", "9"])


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_is_refused_with_its_line_and_the_others_come_in(fault: str, tmp_path: Path) -> None:
    content, codes = ROWS[fault]
    found = read(content, tmp_path)
    assert found.codes == codes
    assert [row.native_id for row in found.rows] == ["1", "9"]


def test_windows_1252_is_told_from_windows_1251(tmp_path: Path) -> None:
    post = page_post(1, **{"Page Name": "Müller", "Message": "Ça va très bien à Genève, señor?"})
    content = as_csv(PAGES_2020, [post]).decode("utf-8-sig").encode("windows-1252")
    found = read(content, tmp_path)
    assert (found.encoding, found.accounts[0].name) == ("windows-1252", "Müller")
    assert found.rows[0].text == post["Message"]
    assert read(ACCEPTED["Windows-1251"], tmp_path).encoding == "windows-1251"


TURKISH = "Cumhurbaşkanı adayı için oy kullanın, değişim şimdi. İstanbul'da çok kişi vardı"
ICELANDIC = (
    "Ég þakka öllum sem komu í gær. Það var gaman að sjá ykkur og heyra ný sjónarmið um bæinn"
)
POLISH = "Głosujmy na zmianę już w niedzielę, bo każdy głos się liczy. Dziękuję wam, Łódź!"
CZECH = "Děkuji všem, kteří přišli. Příští týden jedeme do Žďáru a jsme šťastni"
GERMAN = "Wir wählen für die Zukunft. Sigurður, Þór und Guðmundur grüßen größere Städte: schön!"


@pytest.mark.parametrize(
    ("text", "written", "read_as"),
    [
        (TURKISH, "windows-1254", "windows-1254"),
        (f"{TURKISH} {GERMAN.replace('Þ', 'T').replace('ð', 'd')}", "windows-1254", "windows-1254"),
        (ICELANDIC, "windows-1252", "windows-1252"),
        (GERMAN, "windows-1252", "windows-1252"),
        (POLISH, "windows-1250", "windows-1250"),
        (CZECH, "windows-1250", "windows-1250"),
    ],
    ids=["Turkish", "Turkish and German", "Icelandic", "a name", "Polish", "Czech"],
)
def test_encodings_of_latin_letters_are_told_apart(
    text: str, written: str, read_as: str, tmp_path: Path
) -> None:
    post = page_post(1, **{"Page Name": "Ainura", "Message": text})
    content = as_csv(PAGES_2020, [post]).decode("utf-8-sig").encode(written)
    found = read(content, tmp_path)
    assert (found.encoding, found.rows[0].text) == (read_as, text)


def test_a_file_cut_within_a_letter_loses_its_last_row_only(tmp_path: Path) -> None:
    found = read(PLAIN.decode().encode("utf-16")[:-1], tmp_path)
    assert found.codes == [(3, "broken_text")]


@pytest.mark.parametrize("encoding", ["windows-1251", "mac-cyrillic", "koi8-r"])
def test_encodings_that_share_their_letters_are_told_apart(encoding: str, tmp_path: Path) -> None:
    text = "Сегодня в Бишкеке прошли Выборы. Кыргыз Республикасы: КТРК, Ысык-Көл".replace("ө", "о")
    content = with_text(text).decode().replace("—", "-")
    found = read(content.encode(encoding), tmp_path)
    assert (found.encoding, found.rows[1].text) == (encoding, text)


def test_a_broken_line_of_ndjson_is_refused_alone(tmp_path: Path) -> None:
    sound = ndjson(API_POST)
    content = sound + b'{"platformId": "1_2", "date\n' + b"\n" + sound
    found = read(content, tmp_path)
    assert (found.codes, len(found.rows)) == ([(2, "broken_json")], 2)
    assert '"platformId"' in found.bad[0].record.replace('""', '"')


def test_each_refused_row_of_converted_json_has_a_number_of_its_own(tmp_path: Path) -> None:
    broken = {**API_POST, "date": "never"}
    answers = (
        ndjson({"result": {"posts": [API_POST, broken]}})
        + b"{\n"
        + ndjson({"result": {"posts": [broken]}})
    )
    assert [line for line, _code in read(answers, tmp_path).codes] == [2, 3, 4]


def test_a_column_of_the_senders_that_is_named_like_ours_numbers_nothing(tmp_path: Path) -> None:
    rows = [{"#row": 7, **page_post(1, Created="never")}, {"#row": 7, **page_post(2, Created="")}]
    found = read(as_csv(["#row", *PAGES_2020], rows), tmp_path)
    assert [line for line, _code in found.codes] == [2, 3]


OTHER_POST = {
    **API_POST,
    "platformId": "1584793948440088_9",
    "postUrl": "https://www.facebook.com/groups/1584793948440088/permalink/9",
}
POSTS = [API_POST, OTHER_POST]


@pytest.mark.parametrize(
    "content",
    [
        b"\n".join(json.dumps({"result": {"posts": [one]}}, indent=1).encode() for one in POSTS),
        b"\n".join(json.dumps([one], indent=1).encode() for one in POSTS),
        json.dumps([{"result": {"posts": [one]}} for one in POSTS]).encode(),
        json.dumps({"name": "A", "type": "b", "id": 1, "messages": POSTS}).encode(),
    ],
    ids=["answers behind each other", "lists behind each other", "list of answers", "messages"],
)
def test_of_several_answers_in_one_file_none_is_left_out(content: bytes, tmp_path: Path) -> None:
    found = read(content, tmp_path)
    assert [post.native_id for post in found.rows] == ["2468424023410405", "9"]


def test_what_stands_behind_a_json_list_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Element 2"):
        read(json.dumps([API_POST]).encode() + b" {", tmp_path)


def test_a_broken_first_line_of_ndjson_is_refused_alone(tmp_path: Path) -> None:
    found = read(b'{"platformId": "1_2", "date\n' + ndjson(*POSTS), tmp_path)
    assert (found.codes, len(found.rows)) == ([(1, "broken_json")], 2)


def test_half_a_pair_and_nul_in_json_are_refused_with_their_line(tmp_path: Path) -> None:
    posts = [{**API_POST, "message": text} for text in ("whole", "half \ud83d", "nul \0")]
    content = "\n".join(json.dumps(post) for post in posts).encode()
    assert read(content, tmp_path).codes == [(2, "broken_text"), (3, "nul")]


# Mutations ------------------------------------------------------------------------------------

SOUND_FILES = [
    export(page_post(2, Message='With "quotes",\nlines and Шайлоо')),
    ndjson(API_POST, API_POST),
    json.dumps({"result": {"posts": [API_POST, API_POST]}}, indent=1).encode(),
    PLAIN.decode().encode("utf-16"),
]
PIECES = [
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\0",
    b"\xff",
    b"{",
    b"]",
    b"\\",
    b"\xed\xa0\xbd",
    b"",
    b"\xfe",
]


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    content=st.sampled_from(SOUND_FILES),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    ),
)
def test_whatever_is_done_to_a_file_each_record_is_accounted_for(
    content: bytes, changes: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    for where, cut, piece in changes:
        at = int(where * len(content))
        content = content[:at] + piece + content[at + cut :]
    try:
        found = read(content, tmp_path)
    except UnreadableFile as refusal:
        assert refusal.code in FILE_PROBLEMS  # noqa: PT017  # either outcome is right
    else:
        assert len(found.rows) + len(found.bad) == found.records
        assert {row.code for row in found.bad} <= set(ROW_PROBLEMS)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(
        st.text(alphabet=st.sampled_from('a,;"\n\r\tЖ😀\u2028 \0'), max_size=12),
        min_size=1,
        max_size=8,
    ),
    ends=st.sampled_from([b"\n", b"\r\n"]),
    broken=st.booleans(),
    size=st.integers(64, 3000),
)
@example(texts=["\r,\r"], ends=b"\n", broken=True, size=64)
def test_any_size_of_chunks_gives_the_same_records(
    texts: list[str], ends: bytes, broken: bool, size: int, tmp_path: Path
) -> None:
    posts = [page_post(number, Message=text) for number, text in enumerate(texts, start=1)]
    content = as_csv(PAGES_2020, posts)
    if broken:
        content = content.replace(b"Photo", b'"Pho', 1)
    content = content.replace(b"\n", ends) if not any("\n" in text for text in texts) else content
    whole = read(content, tmp_path)
    cut = read(content, tmp_path, size=size)
    assert [row[1:] for row in cut.rows] == [row[1:] for row in whole.rows]
    assert cut.accounts == whole.accounts
    # Of what was refused the text may be quoted otherwise; it is the same record.
    assert [row[:4] for row in cut.bad] == [row[:4] for row in whole.bad]


def test_a_zip_of_zips_is_not_read_as_a_table(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("inner.zip", b"PK")
    with pytest.raises(UnreadableFile):
        read(content.getvalue(), tmp_path)
