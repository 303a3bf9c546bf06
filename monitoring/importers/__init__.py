"""Text in, records out: one module for each kind of export. No Django in this package.

A new format is a module with a ``Reader`` and a line in ``READERS``.
"""

from collections.abc import Sequence

from monitoring.importers.ad_library import AdLibraryReport
from monitoring.importers.ad_library_api import AdLibraryApi
from monitoring.importers.brandwatch import Brandwatch
from monitoring.importers.content_library import ContentLibrary
from monitoring.importers.crowdtangle import CrowdTangleFacebook, CrowdTangleInstagram
from monitoring.importers.crowdtangle_api import CrowdTangleApi
from monitoring.importers.crowdtangle_history import CrowdTangleHistory
from monitoring.importers.four_cat import FourCatFacebook, FourCatInstagram
from monitoring.importers.internal import NUMBER
from monitoring.importers.junkipedia import Junkipedia
from monitoring.importers.meltwater import Meltwater
from monitoring.importers.open_measures import OpenMeasures, OpenMeasuresTelegram
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.reading import Reader
from monitoring.importers.table import Table
from monitoring.importers.zeeschuimer import Zeeschuimer

AUTO = "auto"
READERS: dict[str, type[Reader]] = {
    reader.source: reader
    for reader in (
        CrowdTangleFacebook,
        CrowdTangleInstagram,
        CrowdTangleApi,
        CrowdTangleHistory,
        ContentLibrary,
        AdLibraryReport,
        AdLibraryApi,
        Zeeschuimer,
        Junkipedia,
        FourCatFacebook,
        FourCatInstagram,
        OpenMeasuresTelegram,
        OpenMeasures,
        Meltwater,
        Brandwatch,
        Table,
    )
}

# The sources that hold what a search or a capture found, and not all of what accounts published.
SEARCHES = tuple(reader.source for reader in READERS.values() if not reader.is_by_account)


def reader_for(header: Sequence[str], source: str = AUTO) -> type[Reader]:
    """The reader of files with this header; ``source`` insists on one.

    Raises UnreadableFile where the header is of another kind, or of none that is known.
    """
    recognised = [reader for reader in READERS.values() if reader.recognises(header)]
    if source == Table.source:
        return Table
    if source != AUTO:
        wanted = READERS[source]
        if wanted in recognised:
            return wanted
        if recognised:
            raise UnreadableFile("wrong_source", source=source, found=recognised[0].source)
        raise UnreadableFile("missing_columns", columns=", ".join(wanted.missing(header)))
    if not recognised:
        raise _unknown(header)
    return recognised[0]


class UnknownTable(UnreadableFile):
    """A table of no kind that is known: a mapping can explain it."""


def _unknown(header: Sequence[str]) -> UnknownTable:
    """Say which columns are missing where a file is nearly of a known kind."""
    for reader in (CrowdTangleFacebook, CrowdTangleInstagram, AdLibraryReport):
        missing = reader.missing(header)
        if len(missing) <= 2 and len(header) >= 10:
            return UnknownTable("missing_columns", columns=", ".join(missing))
    shown = ", ".join(name for name in header if name != NUMBER)
    return UnknownTable("unknown_header", header=shown[:120] + ("…" if len(shown) > 120 else ""))
