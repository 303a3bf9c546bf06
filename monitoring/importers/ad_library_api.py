"""Ads of Meta's Ad Library API (``ads_archive``): its JSON, and the flat CSV that Radlibrary makes.

What was spent and how often an ad was shown is known within bounds only; the top bucket has no
upper one. Addresses of snapshots carry the access token of whoever asked: it was taken out before
the file was stored (``tokens``), and the address is not kept, since the ad's id leads to it.
"""

import datetime
import json
import re
from typing import ClassVar

from monitoring.importers.post_reader import PostReader
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import AdSeen
from monitoring.importers.values import MOST_VIEWS, count, fits, native_id


class AdLibraryApi(PostReader):
    """One ad a record."""

    source: ClassVar[str] = "ad-library-api"
    makes: ClassVar[str] = "ads"
    id_columns: ClassVar[tuple[str, ...]] = ("id", "_id")
    required: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("id", "_id"),
        ("page_id",),
        ("page_name",),
        ("ad_delivery_start_time", "ad_creation_time"),
        (
            "ad_snapshot_url",
            "ad_creative_bodies",
            "ad_creative_body",
            "publisher_platforms",
            "spend.lower_bound",
            "spend_lower",
        ),
    )

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.own = self.at("id", "_id")
        self.starts = self.at("ad_delivery_start_time"), self.at("ad_creation_time")
        self.ends = self.at("ad_delivery_stop_time")
        self.page_id, self.page_name = self.at("page_id"), self.at("page_name")
        self.paid_by = self.at("bylines", "funding_entity")
        self.text = self.at("ad_creative_bodies", "ad_creative_body")
        self.platforms = self.at("publisher_platforms", "publisher_platform")
        self.currency = self.at("currency")
        self.spend = self._bounds("spend")
        self.impressions = self._bounds("impressions")

    def row(self, cells: list[str]) -> AdSeen:
        own = native_id(cells[self.own], "id")
        if not own:
            raise UnreadableRow("bad_id", "id", value=cells[self.own])
        name = cells[self.page_name].strip()
        if not name:
            raise UnreadableRow("no_name", "page_name")
        starts = _day(cells, *self.starts)
        if starts is None:
            raise UnreadableRow("no_ad_dates", "ad_delivery_start_time")
        spend = self._interval(cells, self.spend)
        shown = self._interval(cells, self.impressions)
        return AdSeen(
            native_id=own,
            page_id=native_id(cells[self.page_id], "page_id"),
            page_name=fits(name, "page_name", 300),
            disclaimer=cells[self.paid_by].strip(),
            text="\n\n".join(_listed(cells[self.text])),
            platforms=_platforms(cells[self.platforms]),
            currency=fits(cells[self.currency].strip().upper(), "currency", 3),
            starts_on=starts,
            ends_on=_day(cells, self.ends),
            spend_lower=spend[0] or 0,
            spend_upper=spend[1],
            impressions_lower=shown[0],
            impressions_upper=shown[1],
        )

    def _bounds(self, name: str) -> tuple[int, int]:
        return (
            self.at(f"{name}.lower_bound", f"{name}_lower"),
            self.at(f"{name}.upper_bound", f"{name}_upper"),
        )

    def _interval(self, cells: list[str], places: tuple[int, int]) -> tuple[int | None, int | None]:
        lower, upper = (
            None
            if (cell := count(cells[place], self.header[place], most=MOST_VIEWS)) is None
            else int(cell)
            for place in places
        )
        if lower is not None and upper is not None and upper < lower:
            raise UnreadableRow("bad_interval", self.header[places[1]], lower=lower, upper=upper)
        return lower, upper


def _listed(cell: str) -> list[str]:
    """The parts of a cell that holds a JSON list; other text is one part."""
    cell = cell.strip()
    if cell.startswith("["):
        try:
            return [str(one).strip() for one in json.loads(cell) if one]
        except ValueError:
            return [cell]
    return [cell] if cell and cell != "NA" else []


def _platforms(cell: str) -> tuple[str, ...]:
    """Flat tables part the names by commas or bars."""
    names = [name for part in _listed(cell) for name in re.split(r"[,|;]", part)]
    return tuple(name.strip().lower()[:24] for name in names if name.strip())


def _day(cells: list[str], *places: int) -> datetime.date | None:
    for place in places:
        cell = cells[place].strip()
        if cell and cell != "NA":
            try:
                return datetime.date.fromisoformat(cell[:10])
            except ValueError:
                raise UnreadableRow("bad_time", "ad_delivery_start_time", value=cell) from None
    return None
