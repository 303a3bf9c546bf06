"""Any table of posts, by a mapping that says which of its columns is what."""

from typing import ClassVar

from monitoring.importers.addresses import Address, address_of, platform_of
from monitoring.importers.mapping import Mapping
from monitoring.importers.post_reader import (
    USUAL_KIND,
    PostReader,
    account_at,
    post_row,
    whole_reactions,
)
from monitoring.importers.problems import UnreadableFile, UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import PostRow
from monitoring.importers.times import Times
from monitoring.importers.values import MOST_VIEWS, count, native_id, post_id
from monitoring.interactions import COUNTERS, PLATFORMS


class Table(PostReader):
    """Reads a table whose columns a person explained. No header is recognised without."""

    source: ClassVar[str] = "table"
    required: ClassVar[tuple[tuple[str, ...], ...]] = (("a mapping",),)
    nothing: ClassVar[str] = ""  # what a tool prints into empty cells

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        if setting.mapping is None:
            raise UnreadableFile("mapping_missing")
        self.mapping: Mapping = setting.mapping
        self.mapping.check(self.header)
        order = self.mapping.dates or setting.day_order
        self.times = Times(setting.zone, printed_in=self.printed_in, order=order)
        self.place = {field: self.at(name) for field, name in self.mapping.columns.items()}
        self.tells(self.place)
        counters = {field: (name,) for field, name in self.mapping.columns.items()}
        self.counter_places = self.places(
            {name: counters[name] for name in COUNTERS if name in counters}
        )

    def row(self, cells: list[str]) -> PostRow:
        address = self._address(cells)
        account = account_at(address, **self.account_cells(address, cells))
        published = self._cell(cells, "published")
        if not published:
            raise UnreadableRow("no_time", self._name("published"))
        return post_row(
            self.number_of(account),
            self._post_id(cells, address, account.handle or account.native_id),
            self.times.instant(published, self._name("published")),
            platform=address.platform,
            counters=self.counters(address, cells),
            followers=count(self._cell(cells, "followers"), "followers", most=MOST_VIEWS),
            text=self.text(cells),
            **{name: self._cell(cells, name) for name in ("url", "type", "link")},
        )

    def account_cells(self, address: Address, cells: list[str]) -> dict[str, str]:
        """What the row says of its account; what it leaves open the address may say."""
        return {
            "native_id": native_id(self._cell(cells, "account_id"), self._name("account_id")),
            "handle": self._cell(cells, "handle"),
            "name": self._cell(cells, "account"),
        }

    def counters(self, address: Address, cells: list[str]) -> dict[str, str | None]:
        total = count(self._cell(cells, "reactions"), self._name("reactions"))
        found = self.counts(cells, self.counter_places)
        return whole_reactions(address.platform, found, total)

    def _name(self, field: str) -> str:
        return self.mapping.columns.get(field, "")

    def text(self, cells: list[str]) -> str:
        return cells[self.place.get("text", -1)]

    def _cell(self, cells: list[str], field: str) -> str:
        cell = cells[self.place.get(field, -1)].strip()
        return "" if cell == self.nothing else cell

    def _address(self, cells: list[str]) -> Address:
        """What the row's address says, where it is one of the row's platform."""
        found = address_of(self._cell(cells, "url"))
        printed = self._cell(cells, "platform")
        platform = (
            platform_of(printed) or self.mapping.platform or (found.platform if found else "")
        )
        if platform not in PLATFORMS:
            column = self._name("platform") or self._name("url")
            raise UnreadableRow("unknown_platform", column, value=printed)
        kind = self.mapping.kind or USUAL_KIND.get(platform, "profile")
        if found is None or found.platform != platform:
            return Address(platform, "", "", "", kind)
        return found._replace(kind=self.mapping.kind or found.kind)

    def _post_id(self, cells: list[str], address: Address, owner: str) -> str:
        """The address decides, so that two exports of one post agree; else the id that is given."""
        if address.post:
            return address.post
        column = self._name("post_id")
        if not column:
            raise UnreadableRow("no_post_id", self._name("url"), value=self._cell(cells, "url"))
        given = post_id(self._cell(cells, "post_id"), column)
        if address.platform == "telegram" and "/" not in given:
            given = post_id(f"{owner.lower()}/{given}", column)
        return given


class KnownTable(Table):
    """The export of a tool that prints one address a row: a table whose mapping is known.

    ``fields`` name the columns of each field, of which the first that is there is read. Such tools
    collect by search or by scrolling.
    """

    is_by_account: ClassVar[bool] = False
    fields: ClassVar[dict[str, tuple[str, ...]]]
    of_platform: ClassVar[str] = ""
    dates: ClassVar[str] = ""

    def __init__(self, setting: Setting) -> None:
        columns = {
            field: next(name for name in names if name in setting.header)
            for field, names in self.fields.items()
            if not set(names).isdisjoint(setting.header)
        }
        mapping = Mapping(columns, self.of_platform, "", self.dates)
        super().__init__(setting._replace(mapping=mapping))
