"""The accounts whose posts count, with what the dimensions and filters ask of them."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.utils.translation import gettext as _

from dashboards.measures.vocabulary import ACCOUNT_FILTERS, UnknownWord

ACTORS_BY_NAME = ("actor", "about")
ACTOR_FILTERS = ("category", "actor", "political", "individual")
# As many colours as tokens.css has for series.
SERIES = 12
Where = Mapping[str, str | Iterable[str]]
# Filters that are set, with their values.
Wanted = Mapping[str, frozenset[str]]
Key = tuple[Any, ...]
Found = TypeVar("Found")
# Pages ask few questions; what strangers to them ask is not kept for ever.
_MOST_KEPT = 500


def values_of(where: Where, key: str) -> frozenset[str] | None:
    """The wanted values of a filter, or None where it is not set."""
    if key not in where:
        return None
    wanted = where[key]
    return frozenset([wanted] if isinstance(wanted, str) else map(str, wanted))


@dataclass(frozen=True)
class ActorEntry:
    id: int
    name: str
    category: str
    is_political: bool
    is_individual: bool


@dataclass(frozen=True)
class AccountEntry:
    id: int
    name: str
    handle: str
    platform: str
    kind: str
    actor: ActorEntry


class Placed(NamedTuple):
    """The keys of an answer's rows, those without accounts too, and the key of each account."""

    keys: list[Key]
    accounts: dict[int, Key]


def actor_part(actor: ActorEntry, dimension: str) -> Any:
    return actor.id if dimension == "actor" else actor.category


def account_part(account: AccountEntry, dimension: str) -> Any:
    if dimension == "account":
        return account.id
    if dimension == "platform":
        return account.platform
    return actor_part(account.actor, dimension)


def key_of(account: AccountEntry, by: Iterable[str]) -> Key:
    """Where an account's posts go in an answer by these dimensions."""
    return tuple(account_part(account, dimension) for dimension in by)


def _wanted(where: Where, filters: Iterable[str]) -> tuple[tuple[str, frozenset[str]], ...]:
    """What of the filters is set, in one order: questions that leave the same are the same."""
    return tuple((key, values) for key in filters if (values := values_of(where, key)) is not None)


def _truth(values: frozenset[str] | None, key: str) -> bool | None:
    if values is None:
        return None
    if values <= {"true"} or values <= {"false"}:
        return values == {"true"}
    raise UnknownWord(_("%(key)s is either true or false.") % {"key": key})


class Directory:
    """Actors and monitored accounts of a project, in the order of their names.

    One may serve many requests: nobody changes it, and what filters leave is found once.
    """

    def __init__(
        self,
        actors: Iterable[ActorEntry],
        accounts: Iterable[AccountEntry],
        merged: Mapping[int, int],
    ) -> None:
        """``merged`` are the ids of those actors that count as another one, and of that one."""
        self._entered = {actor.id: actor for actor in actors}
        self.actors = {pk: actor for pk, actor in self._entered.items() if pk not in merged}
        self.accounts = {account.id: account for account in accounts}
        self.merged = merged
        # By their names: charts, sentences and addresses keep the one that was chosen.
        self.heirs = {self._entered[one].name: self.actors[heir] for one, heir in merged.items()}
        self._found: dict[Hashable, Any] = {}

    def _once(self, question: Hashable, find: Callable[[], Found]) -> Found:
        known: Found | None = self._found.get(question)
        if known is None:
            known = find()
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[question] = known
        return known

    def counted(self, where: Where) -> Where:
        """The filters, with the actor that counts in place of one that was merged into it."""
        asked = {key: values_of(where, key) for key in ACTORS_BY_NAME}
        return {
            **where,
            **{
                key: sorted({self.name_of(name) for name in names})
                for key, names in asked.items()
                if names and not names.isdisjoint(self.heirs)
            },
        }

    def name_of(self, name: str) -> str:
        """The name of the actor that counts for one of this name."""
        return self.heirs[name].name if name in self.heirs else name

    def role_of(self, actor: int) -> str:
        """The colour of an actor, the same in every chart: by its place among those entered."""
        return f"series-{self._places[actor] % SERIES + 1}"

    @cached_property
    def _places(self) -> dict[int, int]:
        """Counted within the category: of those that stand in one chart, twelve differ."""
        places: dict[int, int] = {}
        met: dict[str, int] = {}
        for actor in sorted(self._entered.values(), key=lambda one: one.id):
            places[actor.id] = met.get(actor.category, 0)
            met[actor.category] = places[actor.id] + 1
        return places

    def actors_where(self, where: Where) -> Sequence[ActorEntry]:
        """The actors that the filters on actors leave."""
        wanted = _wanted(where, ACTOR_FILTERS)
        return self._once(("actors", wanted), lambda: self._find_actors(dict(wanted)))

    def _find_actors(self, wanted: Wanted) -> list[ActorEntry]:
        names, categories = wanted.get("actor"), wanted.get("category")
        political = _truth(wanted.get("political"), "political")
        individual = _truth(wanted.get("individual"), "individual")
        return [
            actor
            for actor in self.actors.values()
            if (names is None or actor.name in names)
            and (categories is None or actor.category in categories)
            and (political is None or actor.is_political == political)
            and (individual is None or actor.is_individual == individual)
        ]

    def accounts_where(self, where: Where) -> Sequence[AccountEntry]:
        """The accounts that the filters leave; ``account`` takes an id, a name or a handle."""
        wanted = _wanted(where, ACCOUNT_FILTERS)
        return self._once(("accounts", wanted), lambda: self._find_accounts(dict(wanted)))

    def _find_accounts(self, wanted: Wanted) -> list[AccountEntry]:
        platforms, kinds, names = (wanted.get(key) for key in ("platform", "kind", "account"))
        actors = {actor.id for actor in self.actors_where(wanted)}
        return [
            account
            for account in self.accounts.values()
            if account.actor.id in actors
            and (platforms is None or account.platform in platforms)
            and (kinds is None or account.kind in kinds)
            and (
                names is None
                or not names.isdisjoint({account.name, account.handle, str(account.id)})
            )
        ]

    def placed(self, by: tuple[str, ...], where: Where) -> Placed:
        """The rows of an answer by dimensions of accounts, and in which of them each goes."""
        wanted = _wanted(where, ACCOUNT_FILTERS)
        return self._once(("placed", by, wanted), lambda: self._place(by, dict(wanted)))

    def _place(self, by: tuple[str, ...], wanted: Wanted) -> Placed:
        accounts = {one.id: key_of(one, by) for one in self.accounts_where(wanted)}
        keys: list[Key] = [] if by else [()]
        # An actor without accounts is a finding, but where accounts are what is asked for.
        if not {*by, *wanted} & {"platform", "kind", "account"}:
            actors = self.actors_where(wanted)
            keys += (tuple(actor_part(actor, name) for name in by) for actor in actors)
        return Placed(list(dict.fromkeys([*keys, *accounts.values()])), accounts)
