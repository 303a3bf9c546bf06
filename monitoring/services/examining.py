"""How the table of an import will be read: as what kind, in which zone; and what is left open."""

import datetime
import zoneinfo
from pathlib import Path
from typing import Any, NamedTuple

from monitoring.importers import AUTO, READERS, UnknownTable, reader_for
from monitoring.importers.files import Table as TableText
from monitoring.importers.files import table_of
from monitoring.importers.mapping import Mapping, mapping_of
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.questions import (
    AS_PRINTED,
    COLUMNS,
    DAY_ORDER,
    MOMENT,
    TIMEZONE,
    Question,
    open_questions,
    order_told,
)
from monitoring.importers.reading import Reader, Setting
from monitoring.importers.table import Table
from monitoring.importers.zones import export_moment, prints_export_moment
from monitoring.models import Import, ImportState, Project
from monitoring.services.mappings import kept_mapping, trial_piece
from monitoring.services.received import relative, stored
from monitoring.services.repairs import repaired_import


class Stated(NamedTuple):
    """What the person who sends a file says of it, where the file itself does not."""

    source: str = AUTO
    timezone: str = ""  # the IANA zone of the times in the file, or AS_PRINTED
    exported_at: datetime.datetime | None = None
    mapping: Mapping | None = None  # of a table of no known kind
    day_order: str = ""  # of day and month in 03/04/2026: one of times.ORDERS
    encoding: str = ""  # of a text that is no Unicode: one of evidence.ENCODINGS

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        return zoneinfo.ZoneInfo(self.zone_name) if self.zone_name else None

    @property
    def zone_name(self) -> str:
        """The stated zone; "" where none is, or the times carry their own."""
        return "" if self.timezone == AS_PRINTED else self.timezone


NOTHING_STATED = Stated()


def stated_of(source_import: Import) -> Stated:
    """What was stated of an import so far."""
    one = source_import
    return Stated(
        one.source or AUTO,
        one.timezone,
        None if one.is_moment_assumed else one.exported_at,
        mapping_of(one.mapping) if one.mapping else None,
        one.day_order,
        one.stated_encoding,
    )


class FileOf(NamedTuple):
    """A file that can be read as text, of an import that may not be written down yet."""

    project: Project
    name: str
    sha256: str
    text: Path
    kind: str  # its encoding, or what it was converted from
    received_at: datetime.datetime
    may_ask: bool = False
    may_explain: bool = False
    mends: Import | None = None  # the import whose rows it must hold


def file_of(source_import: Import, text: Path, kind: str) -> FileOf:
    """The file of an import that is written down already."""
    one = source_import
    # As long as nothing says when it was exported, that is the moment it was received.
    received_at = one.exported_at if one.is_moment_assumed else one.created_at
    return FileOf(
        *(one.project, one.file_name, one.sha256, text, kind, received_at),
        may_ask=one.may_ask,
        may_explain=one.may_explain,
        mends=one.repairs,
    )


def examined(file: FileOf, stated: Stated) -> dict[str, Any]:
    """The fields of a file's import, its state and its open questions among them.

    The moment of export is the one in the file's name, else the stated one, else that of an earlier
    import of the same bytes; else it is asked for, where somebody can be asked, or taken for the
    moment the file was received. Raises UnreadableFile.
    """
    table = table_of(file.text, file.kind)
    found = {
        "stored_path": relative(file.text),
        "encoding": table.encoding,
        "stated_encoding": stated.encoding,
        "delimiter": table.delimiter,
        "timezone": stated.zone_name,
        "day_order": stated.day_order,
    }
    repaired = repaired_import(file.project, table.header)
    if file.mends is not None and file.mends != repaired:
        raise UnreadableFile("repair_other")
    if repaired is not None:
        return {**found, **_as_repair(repaired)}
    try:
        kind, mapping = _reader_for(file.project, table, stated)
    except UnknownTable as problem:
        if not file.may_explain:
            raise
        asks = [Question(COLUMNS, problem.code, problem.details)]
        return {**found, **_moment_of(file, stated, None), "source": "", **_asking(asks)}
    return {**found, **_read_by(kind, mapping, file, table, stated)}


def _as_repair(repaired: Import) -> dict[str, Any]:
    moment = {"exported_at": repaired.exported_at, "is_moment_assumed": False}
    return {
        "source": repaired.source,
        "repairs": repaired,
        "mapping": None,
        **moment,
        **_asking([]),
    }


def _read_by(
    kind: type[Reader], mapping: Mapping | None, file: FileOf, table: TableText, stated: Stated
) -> dict[str, Any]:
    """What follows from the kind of a file, and what its first rows leave open."""
    piece = trial_piece(file.text, table)
    order = stated.day_order
    setting = Setting(table.header, file.name, stated.zone, mapping, order)
    asks = open_questions(kind, setting, piece, own_zone=file.project.timezone)
    repeats = _repeated(file)
    moment = _moment_of(file, stated, repeats)
    moment["is_moment_assumed"] = moment["is_moment_assumed"] and kind.dated_by_export
    if moment["is_moment_assumed"] and file.may_ask and not _zone_will_tell(file, asks):
        asks.append(Question(MOMENT, "moment_missing", {}))
    if not order and not any(one.about == DAY_ORDER for one in asks):
        order = order_told(piece)  # later rows may leave open what these tell
    read_as = {"source": kind.source, "mapping": mapping and mapping.as_dict(), "day_order": order}
    return {**read_as, "repeats": repeats, **moment, **_asking(asks)}


def _asking(asks: list[Question]) -> dict[str, Any]:
    state = ImportState.ASKING if asks else ImportState.WAITING
    return {"state": state, "asks": [one._asdict() for one in asks]}


def _moment_of(file: FileOf, stated: Stated, repeats: Import | None) -> dict[str, Any]:
    known = export_moment(file.name, stated.zone) or stated.exported_at
    if known is None and repeats is not None:
        known = repeats.exported_at
    return {"exported_at": known or file.received_at, "is_moment_assumed": known is None}


def _zone_will_tell(file: FileOf, asks: list[Question]) -> bool:
    """Whether the file's name says the moment, on a clock that is being asked for."""
    return prints_export_moment(file.name) and any(one.about == TIMEZONE for one in asks)


def _repeated(file: FileOf) -> Import | None:
    """An earlier finished import of the same bytes, read as the same letters."""
    earlier = Import.objects.of(file.project).filter(sha256=file.sha256, state=ImportState.DONE)
    return earlier.filter(encoding=file.kind).order_by("pk").last()


def _reader_for(
    project: Project, table: TableText, stated: Stated
) -> tuple[type[Reader], Mapping | None]:
    """How a table is read: as what it is, by the mapping that is stated, or by one that is kept."""
    if stated.mapping is not None:
        return READERS[Table.source], stated.mapping
    try:
        reader = reader_for(table.header, stated.source)
    except UnknownTable:
        if kept := kept_mapping(project, table.header):
            return READERS[Table.source], kept
        raise
    if reader is not Table:
        return reader, None
    if kept := kept_mapping(project, table.header):
        return reader, kept
    raise UnknownTable("mapping_missing")


def header_of(source_import: Import) -> tuple[str, ...]:
    """The columns of an import's file; empty where the file is no longer kept."""
    try:
        return table_of(stored(source_import.stored_path), source_import.encoding).header
    except (OSError, UnreadableFile):
        return ()
