"""Moments as the exports of many tools print them: ISO, seconds since 1970, names of months.

``07/01/2026`` is two days: it is read only where the order is stated or a number over 12 shows it.
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

ORDERS = ("", "dmy", "mdy")
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
_NUMBERS = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})[-/.](?P<year>\d{4})" + _CLOCK
)
_WRITTEN = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK),
    re.compile(r"(?P<day>\d{1,2})[-/ .]+(?P<name>[A-Za-z]{3,9})[-/ .,]+(?P<year>\d{4})" + _CLOCK),
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
    one zone, ``order`` of day and month where both are numbers: "dmy", "mdy" or "" (not stated).
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
            year, month, day = int(parts["year"]), *_month_and_day(parts, cell, column, order)
            hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
            if parts["half"] and 1 <= hour <= 12:
                hour = hour % 12 + 12 * (parts["half"][0] in "Pp")
            try:
                moment = datetime.datetime.fromisoformat(
                    f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}"
                ).replace(second=int(parts["second"] or 0))
            except ValueError:
                break
            if moment.year not in YEARS:
                break
            return moment, parts["zone"] or ""
    raise UnreadableRow("bad_time", column, value=cell)


def order_shown(cells: Iterable[str]) -> str:
    """The order of day and month in times of one column, where a number over 12 shows it."""
    for cell in cells:
        if found := _NUMBERS.fullmatch(cell.strip()):
            if int(found["one"]) > 12:
                return "dmy"
            if int(found["two"]) > 12:
                return "mdy"
    return ""


def _month_and_day(parts: dict[str, str], cell: str, column: str, order: str) -> tuple[int, int]:
    if "name" in parts:
        return _MONTHS.get(parts["name"][:3].lower(), 0), int(parts["day"])
    if "month" in parts:
        return int(parts["month"]), int(parts["day"])
    one, two = int(parts["one"]), int(parts["two"])
    if parts["mark"] == "." or one > 12 or one == two:
        return two, one
    if two > 12:
        return one, two
    if not order:
        raise UnreadableRow("day_or_month", column, value=cell)
    return (two, one) if order == "dmy" else (one, two)
