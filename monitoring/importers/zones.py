"""Which clock a printed time was read from: zone abbreviations, stated zones, and both together.

Exports print local times with an abbreviation (``2020-08-13 14:14:18 EAT``). Some abbreviations
name one offset, some name several (``CST`` is Chicago and Taipei); the latter need the zone stated
by the person who imports. A stated zone is checked against what the file prints.
"""

import datetime
import re
import zoneinfo

from monitoring.importers.problems import UnreadableRow

# Hours east of Greenwich, and the abbreviations that mean nothing else.
_ONE_OFFSET = {
    0: "UTC GMT Z WET",
    1: "CET WAT WEST",
    2: "EET CEST CAT SAST",
    3: "EAT EEST MSK TRT IDT",
    3.5: "IRST",
    4: "AZT GET MSD SAMT",
    4.5: "IRDT AFT",
    5: "UZT TJT TMT PKT YEKT ORAT AQTT",
    5.75: "NPT",
    6: "KGT OMST",
    6.5: "MMT",
    7: "ICT WIB NOVT KRAT HOVT",
    8: "HKT SGT MYT PHT WITA AWST ULAT IRKT",
    9: "JST KST WIT YAKT",
    9.5: "ACST",
    10: "AEST VLAT CHST",
    10.5: "ACDT",
    11: "AEDT MAGT SAKT",
    12: "NZST PETT",
    13: "NZDT",
    -2: "BRST",
    -2.5: "NDT",
    -3: "BRT ART UYT CLST PYST",
    -3.5: "NST",
    -4: "EDT CLT BOT VET PYT GYT",
    -5: "EST COT PET",
    -6: "MDT",
    -7: "PDT",
    -8: "AKDT",
    -9: "AKST",
    -10: "HST",
}
_SEVERAL_OFFSETS: dict[str, tuple[float, ...]] = {
    "ADT": (-3, 4),
    "ALMT": (5, 6),
    "AMT": (-4, 4),
    "AST": (-4, 3),
    "BDT": (6, 8),
    "BST": (1, 6),
    "CDT": (-5, -4),
    "CST": (-6, 8, -5),
    "ECT": (-5, -4),
    "GST": (4, -2),
    "IST": (5.5, 2, 1),
    "MST": (-7, 8),
    "PST": (-8, 8),
    "SST": (-11, 8),
    "WST": (8, 13),
}
# Where people monitor and their tools print these; whoever is elsewhere names another zone.
ZONES_CALLED = {
    "ADT": ("America/Halifax",),
    "ALMT": ("Asia/Almaty",),
    "AMT": ("Asia/Yerevan", "America/Manaus"),
    "AST": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "BDT": ("Asia/Dhaka", "Asia/Brunei"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "CDT": ("America/Chicago", "America/Havana"),
    "CST": (
        "America/Chicago",
        "America/Mexico_City",
        "Asia/Taipei",
        "Asia/Shanghai",
        "America/Havana",
    ),
    "ECT": ("America/Guayaquil",),
    "GST": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "IST": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "MST": ("America/Denver", "America/Phoenix", "Asia/Kuala_Lumpur"),
    "PST": ("America/Los_Angeles", "Asia/Manila"),
    "SST": ("Asia/Singapore", "Pacific/Pago_Pago"),
    "WST": ("Australia/Perth", "Pacific/Apia"),
}
ABBREVIATIONS: dict[str, tuple[float, ...]] = _SEVERAL_OFFSETS | {
    name: (hours,) for hours, names in _ONE_OFFSET.items() for name in names.split()
}
# Of posts. Programs print the first day of the year 1, or of 1970, where they know of none.
YEARS = range(1990, 2100)
_NUMERIC = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?")
# ":00:00" to ":59:59"; looking one up is the quickest way to know that it is a time.
_MINUTES_AND_SECONDS = frozenset(
    f":{minute:02}:{second:02}" for minute in range(60) for second in range(60)
)


def offsets_of(abbreviation: str) -> tuple[datetime.timedelta, ...]:
    """Every offset an abbreviation or a printed offset (``+06``) can mean; none if unknown."""
    if numeric := _NUMERIC.fullmatch(abbreviation):
        sign, hours, minutes = numeric.groups()
        distance = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
        if distance >= datetime.timedelta(hours=16):
            return ()
        return (distance if sign == "+" else -distance,)
    return tuple(datetime.timedelta(hours=h) for h in ABBREVIATIONS.get(abbreviation.upper(), ()))


class Clock:
    """Turns printed times into moments, for one file.

    ``zone`` is the IANA zone that the import states, None where the file's own abbreviations are
    to be believed. Offsets are looked up once an hour of local time: no zone changes its clocks
    within an hour.
    """

    def __init__(self, zone: zoneinfo.ZoneInfo | None = None) -> None:
        self.zone = zone
        self._offsets: dict[tuple[str, str], str] = {}

    def instant(self, cell: str, column: str) -> str:
        """``2020-08-13 14:14:18 EAT`` as ``2020-08-13 14:14:18+03:00``.

        Raises UnreadableRow for what is no time, and for zones as the module says.
        """
        hour, rest = cell[:13], cell[19:]
        offset = self._offsets.get((hour, rest))
        if offset is None:
            offset = self._offsets[hour, rest] = self._offset(cell, column)
        if cell[13:19] not in _MINUTES_AND_SECONDS:
            raise UnreadableRow("bad_time", column, value=cell)
        return cell[:19] + offset

    def moment(
        self, local: datetime.datetime, abbreviation: str, column: str = ""
    ) -> datetime.datetime:
        """A naive local time and its abbreviation ("" for none) as a moment."""
        offset = self._resolve(local, abbreviation, column)
        return local.replace(tzinfo=datetime.timezone(offset))

    def _offset(self, cell: str, column: str) -> str:
        try:
            local = datetime.datetime.fromisoformat(cell[:19])
        except ValueError:
            raise UnreadableRow("bad_time", column, value=cell) from None
        if local.tzinfo is not None or len(cell) < 19 or local.year not in YEARS:
            raise UnreadableRow("bad_time", column, value=cell)
        offset = self._resolve(local, cell[19:].strip(), column)
        return str(datetime.timezone(offset))[3:] or "+00:00"

    def _resolve(
        self, local: datetime.datetime, abbreviation: str, column: str
    ) -> datetime.timedelta:
        possible = offsets_of(abbreviation)
        if self.zone is None:
            return _only(possible, abbreviation, local, column)
        readings = [local.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1)]
        if not abbreviation:
            return self._stated(readings[0], column)
        for reading in readings:
            if reading.tzname() == abbreviation:
                return _offset_at(reading)
        for reading in readings:
            # New York is at -5 like Cuba, whose winter is a CST, but prints EST: not its clock.
            if len(possible) > 1 and (reading.tzname() or "").isalpha():
                continue
            if not possible or _offset_at(reading) in possible:
                return _offset_at(reading)
        raise UnreadableRow("zone_mismatch", column, abbreviation=abbreviation, zone=self.zone.key)

    def _stated(self, reading: datetime.datetime, column: str) -> datetime.timedelta:
        there_and_back = reading.astimezone(datetime.UTC).astimezone(self.zone)
        if there_and_back.replace(tzinfo=None) != reading.replace(tzinfo=None):
            name = self.zone.key if self.zone else ""
            raise UnreadableRow("time_skipped", column, value=reading.isoformat()[:19], zone=name)
        return _offset_at(reading)


def _only(
    possible: tuple[datetime.timedelta, ...],
    abbreviation: str,
    local: datetime.datetime,
    column: str,
) -> datetime.timedelta:
    if not abbreviation:
        raise UnreadableRow("zone_missing", column, value=local.isoformat(" "))
    if not possible:
        raise UnreadableRow("zone_unknown", column, abbreviation=abbreviation)
    if len(possible) > 1:
        raise UnreadableRow("zone_ambiguous", column, abbreviation=abbreviation)
    return possible[0]


def _offset_at(reading: datetime.datetime) -> datetime.timedelta:
    offset = reading.utcoffset()
    return datetime.timedelta(0) if offset is None else offset


_EXPORT_MOMENT = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2})-(\d{2})-(\d{2})-(\d{2})-([A-Z]{1,5}|[+-]\d{2,4})(?![A-Za-z0-9])"
)


def prints_export_moment(file_name: str) -> bool:
    """Whether a file's name says when it was exported, on whatever clock."""
    return _EXPORT_MOMENT.search(file_name) is not None


def export_moment(file_name: str, zone: zoneinfo.ZoneInfo | None) -> datetime.datetime | None:
    """The moment that CrowdTangle wrote into a file's name; None where it is not there.

    Also None where its abbreviation is ambiguous and no zone is stated, or contradicts the zone.
    """
    found = _EXPORT_MOMENT.search(file_name)
    if found is None:
        return None
    day, hour, minute, second, abbreviation = found.groups()
    try:
        local = datetime.datetime.fromisoformat(f"{day} {hour}:{minute}:{second}")
        return Clock(zone).moment(local, abbreviation) if local.year in YEARS else None
    except (ValueError, UnreadableRow):
        return None
