"""Moments as the exports of many tools print them: ISO, seconds since 1970, names of months.

``07/01/2026`` is two days: it is read only where the order is stated or a number over 12 shows it.
``12/05/21`` is three, for the year may come first: that it does is never guessed. Years of two
digits are of this century up to 68, as POSIX has it.
``44201.4167`` is what a workbook prints of a day and an hour whose cell was not told it is one.
A moment without an offset is on the clock that the import states, unless the tool prints one known
zone. A day without an hour is its midnight.
"""

import datetime
import re
import zoneinfo
from collections.abc import Iterable

from monitoring.importers.problems import UnreadableRow
from monitoring.importers.zones import YEARS, Clock

ORDERS = ("dmy", "mdy", "ymd")  # of day, month and year, the usual ones first
_FIRST_OF_LAST_CENTURY = 69
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})(?:\.0+)?")
# Days since the last but one of 1899, from the year 2000 to 2099: nothing else is so short.
_OF_WORKBOOK = re.compile(r"(?:3[6-9]|[4-6]\d|7[0-2])\d{3}(?:[.,]\d+)?")
_FIRST_OF_WORKBOOK = datetime.datetime.fromisoformat("1899-12-30")
_CLOCK = (
    r"(?:(?:[T,]|\s|@)*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*\(?(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?\)?"
)
_YEAR = r"(?P<year>\d{4}|\d{2}(?!\d))"
_NUMBERS = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})[-/.]" + _YEAR + _CLOCK)
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK),
    re.compile(r"(?P<day>\d{1,2})[-/ .]+(?P<name>[A-Za-z]{3,9})[-/ .,]+" + _YEAR + _CLOCK),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})" + _CLOCK),
    _NUMBERS,
)
# As the interface of X prints it: Wed Oct 10 20:19:24 +0000 2018.
_OF_X = re.compile(
    r"[A-Za-z]{3} (?P<name>[A-Za-z]{3}) (?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2})"
    r":(?P<second>\d{2})(?P<half>)? (?P<zone>[+-]\d{4}) (?P<year>\d{4})"
)


class Times:
    """Reads the moments of one file.

    ``zone`` is what the import states, ``printed_in`` the abbreviation of a tool that always prints
    one zone, ``order`` of day and month where both are numbers: one of ORDERS or "" (not stated).
    """

    def __init__(
        self, zone: zoneinfo.ZoneInfo | None = None, *, printed_in: str = "", order: str = ""
    ) -> None:
        self._stated, self._printed = Clock(zone), Clock()
        self.printed_in, self.order = printed_in, order

    def instant(self, cell: str, column: str) -> str:
        """The moment as ISO 8601 with its offset. Raises UnreadableRow."""
        cell = cell.strip()
        if since := _SECONDS.fullmatch(cell):
            seconds = int(since[1]) if since[1] else int(since[2]) // 1000
            moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
            if moment.year not in YEARS:
                raise UnreadableRow("bad_time", column, value=cell)
            return moment.isoformat(" ")
        local, zone = written_time(cell, column, self.order)
        if not zone and self.printed_in:
            return self._printed.moment(local, self.printed_in, column).isoformat(" ")
        says_offset = zone[-1:].isdigit() or zone in ("Z", "UTC", "GMT")
        clock = self._printed if says_offset else self._stated
        return clock.moment(local, zone, column).isoformat(" ")


def written_time(cell: str, column: str, order: str = "") -> tuple[datetime.datetime, str]:
    """A local time and the zone printed with it ("" for none). Raises UnreadableRow."""
    if _OF_WORKBOOK.fullmatch(cell):
        seconds = round(float(cell.replace(",", ".")) * 86400)
        return _FIRST_OF_WORKBOOK + datetime.timedelta(seconds=seconds), ""
    for pattern in (*_WRITTEN, _OF_X):
        if found := pattern.fullmatch(cell):
            parts = found.groupdict()
            if (day := _day_of(parts, cell, column, order)) is None:
                break
            hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
            if parts["half"] and 1 <= hour <= 12:
                hour = hour % 12 + 12 * (parts["half"][0] in "Pp")
            try:
                clock = datetime.time(hour, minute, int(parts["second"] or 0))
            except ValueError:
                break
            return datetime.datetime.combine(day, clock), parts["zone"] or ""
    raise UnreadableRow("bad_time", column, value=cell)


def days_meant(cell: str) -> dict[str, datetime.date]:
    """The day that a date in numbers is by each order of day, month and year that makes it one."""
    found = _NUMBERS.fullmatch(cell.strip())
    return _days(found.groupdict()) if found else {}


def likely_orders(cells: Iterable[str]) -> list[str]:
    """The orders that times of one column may be in, the likeliest first.

    It is the one by which most of them are days at all, then the one that makes the fewest years.
    """
    days: dict[str, list[datetime.date]] = {}
    for cell in cells:
        for order, day in days_meant(cell).items():
            days.setdefault(order, []).append(day)
    return sorted(
        days,
        key=lambda one: (-len(days[one]), len({day.year for day in days[one]}), ORDERS.index(one)),
    )


def order_shown(cells: Iterable[str]) -> str:
    """The one order that all times of one column can be in; "" where several may be, or none."""
    possible = [frozenset(days_meant(cell)) for cell in cells]
    common = frozenset[str]().union(*possible).intersection(*possible)
    return next(iter(common)) if len(common) == 1 else ""


def _day_of(parts: dict[str, str], cell: str, column: str, order: str) -> datetime.date | None:
    """The day of a time; None where there is none. Raises UnreadableRow for what may be several."""
    if "one" not in parts:
        named = _MONTHS.get(parts["name"][:3].lower(), 0) if "name" in parts else parts["month"]
        return _date(parts["year"], named, parts["day"])
    days = _days(parts)
    if order in days:
        return days[order]
    if len(set(days.values())) > 1 or list(days) == ["ymd"]:
        code = "day_month_or_year" if "ymd" in days else "day_or_month"
        raise UnreadableRow(code, column, value=cell)
    return next(iter(days.values()), None)


def _days(parts: dict[str, str]) -> dict[str, datetime.date]:
    one, two, last = parts["one"], parts["two"], parts["year"]
    read = {"dmy": _date(last, two, one)}
    if parts["mark"] != ".":
        read["mdy"] = _date(last, one, two)
    if len(last) == len(one) == 2:
        read["ymd"] = _date(one, two, last)
    return {order: day for order, day in read.items() if day is not None}


def _date(year: str, month: str | int, day: str) -> datetime.date | None:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= _FIRST_OF_LAST_CENTURY else 2000
    try:
        return datetime.date(full, int(month), int(day)) if full in YEARS else None
    except ValueError:
        return None
