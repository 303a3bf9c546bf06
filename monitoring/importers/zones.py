"""Which clock a printed time was read from: zone abbreviations, stated zones, and both together.

Exports print local times with an abbreviation (``2020-08-13 14:14:18 EAT``). Some abbreviations
name one offset, some name several (``CST`` is Chicago and Taipei); the latter need the zone stated
by the person who imports. A stated zone is checked against what the file prints.
"""

import datetime
import re
import zoneinfo

from monitoring.importers.problems import UnreadableRow

# Hours east of Greenwich of each abbreviation; more than one makes it ambiguous.
ABBREVIATIONS: dict[str, tuple[float, ...]] = {
    **{name: (0.0,) for name in ("UTC", "GMT", "Z", "WET")},
    **{name: (1.0,) for name in ("CET", "WAT", "WEST")},
    **{name: (2.0,) for name in ("EET", "CEST", "CAT", "SAST")},
    **{name: (3.0,) for name in ("EAT", "EEST", "MSK", "TRT", "IDT")},
    **{name: (4.0,) for name in ("AZT", "GET", "MSD", "SAMT")},
    **{name: (5.0,) for name in ("UZT", "TJT", "TMT", "PKT", "YEKT", "ORAT", "AQTT")},
    **{name: (6.0,) for name in ("KGT", "OMST")},
    **{name: (7.0,) for name in ("ICT", "WIB", "NOVT", "KRAT", "HOVT")},
    **{name: (8.0,) for name in ("HKT", "SGT", "MYT", "PHT", "WITA", "AWST", "ULAT", "IRKT")},
    **{name: (9.0,) for name in ("JST", "KST", "WIT", "YAKT")},
    **{name: (10.0,) for name in ("AEST", "VLAT", "CHST")},
    **{name: (11.0,) for name in ("AEDT", "MAGT", "SAKT")},
    **{name: (12.0,) for name in ("NZST", "PETT")},
    "NZDT": (13.0,),
    "IRST": (3.5,),
    "IRDT": (4.5,),
    "AFT": (4.5,),
    "NPT": (5.75,),
    "MMT": (6.5,),
    "ACST": (9.5,),
    "ACDT": (10.5,),
    "NST": (-3.5,),
    "NDT": (-2.5,),
    **{name: (-3.0,) for name in ("BRT", "ART", "UYT", "CLST", "PYST")},
    "BRST": (-2.0,),
    **{name: (-4.0,) for name in ("EDT", "CLT", "BOT", "VET", "PYT", "GYT")},
    **{name: (-5.0,) for name in ("EST", "COT", "PET")},
    "MDT": (-6.0,),
    "PDT": (-7.0,),
    "AKDT": (-8.0,),
    "AKST": (-9.0,),
    "HST": (-10.0,),
    "ADT": (-3.0, 4.0),
    "ALMT": (5.0, 6.0),
    "AMT": (-4.0, 4.0),
    "AST": (-4.0, 3.0),
    "BDT": (6.0, 8.0),
    "BST": (1.0, 6.0),
    "CDT": (-5.0, -4.0),
    "CST": (-6.0, 8.0, -5.0),
    "ECT": (-5.0, -4.0),
    "GST": (4.0, -2.0),
    "IST": (5.5, 2.0, 1.0),
    "MST": (-7.0, 8.0),
    "PST": (-8.0, 8.0),
    "SST": (-11.0, 8.0),
    "WST": (8.0, 13.0),
}
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
        if local.tzinfo is not None or len(cell) < 19:
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
        return Clock(zone).moment(local, abbreviation)
    except (ValueError, UnreadableRow):
        return None
