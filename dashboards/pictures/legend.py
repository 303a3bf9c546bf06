"""The legend of a picture: a swatch and a name for each series, in as many lines as it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.pictures.lettering import cut
from dashboards.pictures.sheet import SIZE, Sheet

_SWATCH, _GAP, _LINE = 14.0, 18.0, 20.0


@dataclass(frozen=True)
class Entry:
    name: str
    role: str
    pattern: str = ""
    is_line: bool = False


def entries_of(traces: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """One for each name; grey where the series of that name are of several colours."""
    found: dict[str, Entry] = {}
    for trace in traces:
        is_line = trace["type"] == "scatter"
        look = trace["line"] if is_line else trace["marker"]
        entry = Entry(trace["name"], look["color"], pattern_of(look), is_line)
        known = found.setdefault(entry.name, entry)
        if known.role != entry.role:
            found[entry.name] = Entry(entry.name, "border-strong", entry.pattern, is_line)
    return list(found.values())


def pattern_of(look: Mapping[str, Any]) -> str:
    return str(look.get("pattern", {}).get("shape", ""))


def legend(sheet: Sheet, entries: Iterable[Entry], top: float) -> float:
    """Draw it from ``top`` on; returns where it ends."""
    x, y = 4.0, top
    for entry in entries:
        name = cut(entry.name, sheet.width - _SWATCH - _GAP, SIZE)
        width = _SWATCH + 6 + sheet.width_of(name) + _GAP
        if x > 4 and x + width - _GAP > sheet.width:
            x, y = 4.0, y + _LINE
        if entry.is_line:
            sheet.line([(x, y + 8), (x + _SWATCH, y + 8)], colour=entry.role, width=1.5)
        else:
            sheet.box(x, y + 3, _SWATCH, 10, fill=entry.role, pattern=entry.pattern)
        sheet.text(x + _SWATCH + 6, y + 12, name)
        x += width
    return y + _LINE + 4
