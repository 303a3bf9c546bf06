"""Meta's Ad Library Report: what advertisers, places, and advertisers in a region spent.

The country of a report and the days it covers stand only in its file's name
(``FacebookAdLibraryReport_2021-01-16_KG_last_90_days_advertisers.csv``: Kyrgyzstan, 90 days, the
last of them 16 January). The currency stands in the name of a column, and the 2019 layout has none.
``≤100`` is the interval from 0 to 100; it is neither.
"""

import datetime
import re
from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from monitoring.importers.problems import UnreadableFile, UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import AccountSeen, AdRow
from monitoring.importers.values import MOST_VIEWS, count, fits, native_id

_AMOUNT = re.compile(r"Amount [Ss]pent(?: \((\w{3})\))?")
# Windows-1251 has no ≤: saved in it, ≤100 is =100 or ?100. No amount of theirs is below 101.
_AT_MOST = re.compile(r"(?:(?:≤|<=)\s*|[=?](?=100\Z))(.+)")
_WINDOW = re.compile(
    r"(\d{4}-\d{2}-\d{2})_([A-Z]{2})_(yesterday|last_7_days|last_30_days|last_90_days|lifelong)"
    r"(?:_([^/\\]*?))?(?: ?\(\d+\))?(?:\.(?:csv|tsv|txt|xlsx|ods))?\Z",
    re.IGNORECASE,
)
_DAYS = {"yesterday": 1, "last_7_days": 7, "last_30_days": 30, "last_90_days": 90}
# The library's first ads, in the United States; other countries followed.
_LIBRARY_OPENED = datetime.date(2018, 5, 7)


class AdLibraryReport:
    """One CSV of the report: advertisers, locations, or one region's advertisers."""

    source: ClassVar[str] = "ad-library-report"
    makes: ClassVar[str] = "ad lines"
    dated_by_export: ClassVar[bool] = False
    is_by_account: ClassVar[bool] = False
    id_columns: ClassVar[tuple[str, ...]] = ("Page ID",)

    def __init__(self, setting: Setting) -> None:
        self.accounts: list[AccountSeen] = []
        lowered = [name.lower() for name in setting.header]

        def place(name: str) -> int:
            return lowered.index(name) if name in lowered else -1

        self.amount = next(
            number for number, name in enumerate(setting.header) if _AMOUNT.fullmatch(name)
        )
        currency = _AMOUNT.fullmatch(setting.header[self.amount])
        self.currency = (currency[1] or "").upper() if currency else ""
        self.page_id, self.page_name = place("page id"), place("page name")
        self.disclaimer, self.ads = place("disclaimer"), place("number of ads in library")
        self.location = place("location name")
        said = report_of(setting.file_name)
        self.country, self.covers_from, self.covers_to = said.country, said.first, said.last
        if self.location >= 0:
            self.kind, self.region = "location", ""
        elif self.ads >= 0:
            self.kind, self.region = "advertiser", ""
        else:
            self.kind, self.region = "region", said.rest

    @classmethod
    def recognises(cls, header: Iterable[str]) -> bool:
        return not cls.missing(header)

    @classmethod
    def missing(cls, header: Iterable[str]) -> list[str]:
        there = {name.lower() for name in header}
        missing = [] if any(map(_AMOUNT.fullmatch, header)) else ["Amount spent"]
        if "location name" not in there:
            missing += [name for name in ("Page name", "Disclaimer") if name.lower() not in there]
        return missing

    def row(self, cells: list[str]) -> AdRow:
        lower, upper = spending(cells[self.amount])
        ads = count(cells[self.ads], "Number of ads in Library")
        place = cells[self.location].strip() if self.kind == "location" else self.region
        name = cells[self.page_name].strip()
        if not (place if self.kind == "location" else name):
            raise UnreadableRow("no_name", "Location name" if self.location >= 0 else "Page name")
        return AdRow(
            kind=self.kind,
            country=self.country,
            page_id=native_id(cells[self.page_id], "Page ID"),
            page_name=fits(name, "Page name", 300),
            location=fits(place, "Location name", 200),
            disclaimer=cells[self.disclaimer].strip(),
            currency=self.currency,
            spend_lower=lower,
            spend_upper=upper,
            ads=None if ads is None else int(ads),
            covers_from=self.covers_from,
            covers_to=self.covers_to,
        )


def spending(cell: str) -> tuple[int, int]:
    """An amount as its bounds: ``6357`` is (6357, 6357), ``≤100`` is (0, 100)."""
    bound = _AT_MOST.fullmatch(cell.strip())
    amount = count(bound[1] if bound else cell, "Amount spent", most=MOST_VIEWS)
    if amount is None:
        raise UnreadableRow("bad_count", "Amount spent", value=cell)
    return (0 if bound else int(amount)), int(amount)


class ReportName(NamedTuple):
    """What the name of a report's file says."""

    country: str  # in two capitals: KG
    first: datetime.date
    last: datetime.date
    rest: str  # a region's name, or advertisers, or locations


def report_of(file_name: str) -> ReportName:
    """The country and the days of a report.

    Raises UnreadableFile where the name does not say.
    """
    found = _WINDOW.search(file_name)
    try:
        last = datetime.date.fromisoformat(found[1]) if found else None
    except ValueError:
        last = None
    if found is None or last is None:
        raise UnreadableFile("window_unknown")
    days = _DAYS.get(found[3].lower())
    first = last - datetime.timedelta(days=days - 1) if days else min(_LIBRARY_OPENED, last)
    return ReportName(found[2].upper(), first, last, (found[4] or "").strip())
