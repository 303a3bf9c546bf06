"""The list of actors and their accounts, as a CSV that people keep in a spreadsheet.

Columns: actor, category, platform, kind, handle, native_id, display_name, url, aliases. Aliases are
parted by ``|`` or ``;``. A line without a platform names an actor that has no account.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import AccountSeen, ActorRow
from monitoring.importers.values import fits, native_id
from monitoring.interactions import PLATFORMS

COLUMNS = (
    "actor",
    "category",
    "platform",
    "kind",
    "handle",
    "native_id",
    "display_name",
    "url",
    "aliases",
)
_REQUIRED = ("actor", "category")
_KINDS = frozenset({"page", "group", "profile", "channel"})


class ActorList:
    """Reads one line: an actor, and an account of theirs."""

    source: ClassVar[str] = "actors"
    makes: ClassVar[str] = "actors"
    dated_by_export: ClassVar[bool] = False
    is_by_account: ClassVar[bool] = False
    id_columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, setting: Setting) -> None:
        self.accounts: list[AccountSeen] = []
        lowered = [name.lower() for name in setting.header]
        self.places = [lowered.index(name) if name in lowered else -1 for name in COLUMNS]

    @classmethod
    def recognises(cls, header: Iterable[str]) -> bool:
        return not cls.missing(header)

    @classmethod
    def missing(cls, header: Iterable[str]) -> list[str]:
        there = {name.lower() for name in header}
        return [name for name in _REQUIRED if name not in there]

    def row(self, cells: list[str]) -> ActorRow:
        values = [cells[place].strip() for place in self.places]
        actor, category, platform, kind, handle, printed_id, name, url, aliases = values
        if not actor:
            raise UnreadableRow("no_name", "actor")
        platform, kind = platform.lower(), kind.lower()
        handle = handle.removeprefix("@")
        account_id = native_id(printed_id, "native_id")
        if platform:
            _check_account(platform, kind, handle, account_id)
        return ActorRow(
            actor=fits(actor, "actor", 200),
            category=category.lower(),
            platform=platform,
            kind=kind or ("profile" if platform == "instagram" else "page"),
            handle=fits(handle, "handle", 200),
            native_id=account_id,
            display_name=fits(name, "display_name", 300),
            url=fits(url, "url", 500),
            aliases=tuple(
                fits(alias.strip(), "aliases", 200)
                for alias in re.split(r"[|;]", aliases)
                if alias.strip()
            ),
        )


def _check_account(platform: str, kind: str, handle: str, account_id: str) -> None:
    if platform not in PLATFORMS:
        raise UnreadableRow("unknown_platform", "platform", value=platform)
    if kind and kind not in _KINDS:
        raise UnreadableRow("unknown_kind", "kind", value=kind)
    if not handle and not account_id:
        raise UnreadableRow("no_account", "handle")
