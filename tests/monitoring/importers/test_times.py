"""Moments as tools print them, on the clock that is meant."""

import zoneinfo

import pytest

from monitoring.importers.problems import UnreadableRow
from monitoring.importers.times import Times, likely_orders
from monitoring.importers.zones import export_moment

BISHKEK = zoneinfo.ZoneInfo("Asia/Bishkek")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "printed",
    [
        "2026-01-07T18:27:00+06:00",
        "2026-01-07 12:27:00 UTC",
        "2026-01-07T12:27:00.000Z",
        "1767788820",
        "1767788820000",
        "2026-01-07 18:27",
        "07-Jan-2026 06:27PM",
        "Jan 7, 2026 @ 18:27:00.000",
        "7 January 2026 18:27",
        "07.01.2026 18:27",
        "7.1.26 18:27",
        "07-Jan-26 18:27",
        "46029.76875",  # a workbook's, in a cell that was not told it holds a day
        "Wed Jan 07 12:27:00 +0000 2026",
    ],
)
def test_a_moment_is_the_same_however_it_is_printed(printed: str) -> None:
    from datetime import datetime

    moment = datetime.fromisoformat(Times(BISHKEK).instant(printed, "Date"))
    assert moment == datetime.fromisoformat("2026-01-07T12:27:00+00:00")


def code_of(times: Times, printed: str) -> str:
    with pytest.raises(UnreadableRow) as refusal:
        times.instant(printed, "Date")
    return refusal.value.code


def test_a_day_or_month_is_not_guessed() -> None:
    assert code_of(Times(BISHKEK), "03/04/2026") == "day_or_month"
    assert Times(BISHKEK, order="dmy").instant("03/04/2026", "").startswith("2026-04-03")
    assert Times(BISHKEK, order="mdy").instant("03/04/2026", "").startswith("2026-03-04")
    assert Times(BISHKEK).instant("3/14/2026", "").startswith("2026-03-14")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1/15/21 9:30", "2021-01-15"),  # as Excel saves it in the United States
        ("5/23/21 9:30", "2021-05-23"),
        ("23/1/32", "2032-01-23"),  # the year cannot be first: January has no 32nd
        ("12/31/68", "2068-12-31"),
        ("12/31/99", "1999-12-31"),
        ("05/05/05", "2005-05-05"),
        ("5.1.21", "2021-01-05"),
    ],
)
def test_a_year_of_two_digits_is_read_where_the_date_is_one_day(printed: str, day: str) -> None:
    assert Times(BISHKEK).instant(printed, "Date").startswith(day)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("1/5/21", "day_or_month"),
        ("12/05/21", "day_month_or_year"),
        ("21/01/15", "day_month_or_year"),
        ("15.01.21", "day_month_or_year"),
        ("15/1/21", "day_month_or_year"),
        ("99/01/15", "day_month_or_year"),  # only a year can be first: it is asked all the same
        ("12/31/69", "bad_time"),
        ("1/15/211", "bad_time"),
    ],
)
def test_what_comes_first_before_a_year_of_two_digits_is_not_guessed(
    printed: str, code: str
) -> None:
    assert code_of(Times(BISHKEK), printed) == code


def test_of_a_year_of_two_digits_the_order_is_stated() -> None:
    meant = {"dmy": "2021-05-12", "mdy": "2021-12-05", "ymd": "2012-05-21"}
    for order, day in meant.items():
        assert Times(BISHKEK, order=order).instant("12/05/21 9:30", "").startswith(day)


def test_the_likeliest_order_reads_most_of_a_column_and_makes_the_fewest_years() -> None:
    assert likely_orders(["21/01/15", "21/02/28"]) == ["ymd", "dmy"]
    assert likely_orders(["15/01/21", "28/02/21"]) == ["dmy", "ymd"]
    assert likely_orders(["03/04/2026", "03/25/2026"]) == ["mdy", "dmy"]
    assert likely_orders(["03/04/2026"]) == ["dmy", "mdy"]
    assert likely_orders(["soon"]) == []


def test_a_zone_that_is_not_printed_must_be_stated() -> None:
    assert code_of(Times(), "2026-01-07 18:27") == "zone_missing"
    assert Times(printed_in="UTC").instant("2026-01-07 18:27", "").endswith("+00:00")


@pytest.mark.parametrize("abbreviation", ["CST", "IST"])
def test_an_abbreviation_of_several_zones_must_be_explained(abbreviation: str) -> None:
    assert code_of(Times(), f"2026-01-07 18:27 {abbreviation}") == "zone_ambiguous"


def test_an_abbreviation_is_checked_against_the_stated_zone() -> None:
    assert code_of(Times(BISHKEK), "2026-01-07 18:27 EST") == "zone_mismatch"
    assert code_of(Times(NEW_YORK), "2026-01-07 18:27 CST") == "zone_mismatch"


def test_summer_and_winter_are_told_apart_on_the_day_the_clocks_change() -> None:
    times = Times(NEW_YORK)
    assert times.instant("2020-11-01 01:30:00 EDT", "") == "2020-11-01 01:30:00-04:00"
    assert times.instant("2020-11-01 01:30:00 EST", "") == "2020-11-01 01:30:00-05:00"
    assert code_of(times, "2020-03-08 02:30:00") == "time_skipped"


@pytest.mark.parametrize(
    "printed",
    [
        *("", "yesterday", "2026-13-01", "2026-02-30", "25:00", "1e9", "07-Foo-2026", "99/99/2026"),
        # What programs print where they know of no moment, and what no clock can show.
        *("0001-01-01 00:00:00", "0001-01-01T00:00:00Z", "1970-01-01 00:00", "9999-12-31 23:59:59"),
        *("100000000", "9999999999"),
    ],
)
def test_what_is_no_moment_is_refused(printed: str) -> None:
    assert code_of(Times(BISHKEK), printed) == "bad_time"


def test_the_moment_of_export_stands_in_the_files_name() -> None:
    name = "2021-07-05-22-49-20-BRT-search-csv-export.csv"
    moment = export_moment(name, None)
    assert moment is not None
    assert moment.isoformat() == "2021-07-05T22:49:20-03:00"
    assert export_moment("export.csv", None) is None
    assert export_moment(name.replace("BRT", "CST"), None) is None
