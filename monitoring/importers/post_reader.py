"""What readers of posts share: the accounts they met, columns found by name, rows put together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from monitoring.importers.addresses import Address, account_address
from monitoring.importers.problems import UnreadableRow
from monitoring.importers.reading import Setting
from monitoring.importers.records import AccountSeen, PostRow
from monitoring.importers.times import Times
from monitoring.importers.values import MOST_COUNT, MOST_VIEWS, count, fits
from monitoring.interactions import own_counters

# The kind of most accounts on a platform, where an export does not say.
USUAL_KIND = {
    "facebook": "page",
    "telegram": "channel",
    "youtube": "channel",
    "website": "page",
    "odnoklassniki": "group",
    "vk": "group",
}
TEXTS = PostRow._fields[PostRow._fields.index("text") : PostRow._fields.index("followers")]
_DESCRIPTION = ("type", *TEXTS, "followers")
_LARGE = ("views", "views_total")


class PostReader:
    """A reader that is made for one chunk and keeps the accounts it met.

    ``required`` are groups of columns of which one must be there; ``printed_in`` is the zone of
    a tool that prints times of one zone without saying so. ``untold`` are the parts of a post's
    description that the file has no column for: they are not emptied by it.
    """

    source: ClassVar[str]
    makes: ClassVar[str] = "posts"
    dated_by_export: ClassVar[bool] = True
    is_by_account: ClassVar[bool] = True
    required: ClassVar[tuple[tuple[str, ...], ...]]
    printed_in: ClassVar[str] = ""

    # Of these columns, the ids that no other cell of a row tells.
    id_columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, setting: Setting) -> None:
        self.header = setting.header
        self.accounts: list[AccountSeen] = []
        self.untold: tuple[str, ...] = ()
        self._numbers: dict[tuple[str, str, str], str] = {}
        self.times = Times(setting.zone, printed_in=self.printed_in, order=setting.day_order)

    @classmethod
    def recognises(cls, header: Iterable[str]) -> bool:
        return not cls.missing(header)

    @classmethod
    def missing(cls, header: Iterable[str]) -> list[str]:
        there = set(header)
        return [" / ".join(names) for names in cls.required if there.isdisjoint(names)]

    def at(self, *names: str) -> int:
        """The place of the first of these columns that is there; else of the empty last cell."""
        return next((self.header.index(name) for name in names if name in self.header), -1)

    def places(self, columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
        """For each counter, the place of its column; those without one are left out."""
        found = {counter: self.at(*names) for counter, names in columns.items()}
        return {counter: place for counter, place in found.items() if place >= 0}

    def tells(self, places: Mapping[str, int]) -> None:
        """Take down where the file says the parts of a description that it says at all."""
        told = {field for field, place in places.items() if place >= 0}
        self.untold = tuple(field for field in _DESCRIPTION if field not in told)

    def number_of(self, account: AccountSeen) -> str:
        """The place of an account among those met, which is what a row refers to."""
        if not account.native_id and not account.handle:
            raise UnreadableRow("no_account")
        key = account.platform, account.native_id, account.handle
        if key not in self._numbers:
            self._numbers[key] = str(len(self.accounts))
            self.accounts.append(account)
        return self._numbers[key]

    def counts(self, cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str | None]:
        """The counters of a row, from the places that ``places`` found."""
        return {
            counter: count(
                cells[place],
                self.header[place],
                most=MOST_VIEWS if counter in _LARGE else MOST_COUNT,
            )
            for counter, place in places.items()
        }


def account_at(
    address: Address, *, native_id: str = "", handle: str = "", name: str = ""
) -> AccountSeen:
    """An account by what a row says of it and by what the address of its post says."""
    handle = handle.strip().removeprefix("@") or address.handle
    native_id = native_id or address.owner_id
    if not handle and not native_id:
        handle = name.strip()
    return AccountSeen(
        address.platform,
        address.kind,
        native_id,
        fits(handle, "account", 200),
        (name.strip() or handle or native_id)[:300],
        account_address(address.platform, handle),
    )


def whole_reactions(
    platform: str, counts: dict[str, str | None], total: str | None
) -> dict[str, str | None]:
    """The counters with a total of all reactions: what the single ones leave of it is ``other``.

    A platform with likes only has no other reactions: there the total is that of the likes.
    """
    if total is None:
        return counts
    if platform not in ("facebook", "telegram"):
        return {**counts, "likes": counts.get("likes") or total}
    single = ("likes", "love", "wow", "haha", "sad", "angry", "care")
    known = sum(int(counts.get(name) or 0) for name in single)
    if known > int(total):
        raise UnreadableRow("total_mismatch", "reactions", total=total, sum=known)
    return {**counts, "other_reactions": str(int(total) - known)}


def post_row(
    account: str,
    native_id: str,
    published_at: str,
    *,
    platform: str,
    counters: Mapping[str, str | None],
    observed_at: str | None = None,
    followers: str | None = None,
    **texts: str,
) -> PostRow:
    """A post of a format that names its parts; ``texts`` are the other columns of ``PostRow``."""
    return PostRow._make(
        (
            account,
            observed_at,
            native_id,
            fits(texts.get("type", ""), "type", 40),
            published_at,
            *(texts.get(name, "") for name in TEXTS),
            followers,
            *own_counters(platform, counters),
        )
    )
