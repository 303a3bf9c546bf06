"""The accounts whose posts count, with what the dimensions and filters ask of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from dashboards.measures.vocabulary import UnknownWord
from monitoring.models import Account, Actor, Project

ACTOR_FILTERS = ("category", "actor", "political", "individual")
# As many colours as tokens.css has for series.
SERIES = 12
Where = Mapping[str, str | Iterable[str]]


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


def _truth(values: frozenset[str] | None, key: str) -> bool | None:
    if values is None:
        return None
    if values <= {"true"} or values <= {"false"}:
        return values == {"true"}
    raise UnknownWord(_("%(key)s is either true or false.") % {"key": key})


class Directory:
    """Actors and monitored accounts of a project: two queries, however many questions follow."""

    def __init__(self, project: Project) -> None:
        self.actors = {
            row[0]: ActorEntry(*row)
            for row in Actor.objects.of(project)
            .order_by("name")
            .values_list(
                "id", "name", "category__key", "category__is_political", "category__is_individual"
            )
        }
        accounts = (
            Account.objects.of(project)
            .monitored()
            .values_list("id", "name", "handle", "platform", "kind", "actor")
        )
        self.accounts = {row[0]: AccountEntry(*row[:5], self.actors[row[5]]) for row in accounts}

    def role_of(self, actor: int) -> str:
        """The colour of an actor, the same in every chart: by its place among those entered."""
        return f"series-{self._places[actor] % SERIES + 1}"

    @cached_property
    def _places(self) -> dict[int, int]:
        """Counted within the category: of those that stand in one chart, twelve differ."""
        places: dict[int, int] = {}
        met: dict[str, int] = {}
        for actor in sorted(self.actors.values(), key=lambda one: one.id):
            places[actor.id] = met.get(actor.category, 0)
            met[actor.category] = places[actor.id] + 1
        return places

    def actors_where(self, where: Where) -> list[ActorEntry]:
        """The actors that the filters on actors leave."""
        names = values_of(where, "actor")
        categories = values_of(where, "category")
        political = _truth(values_of(where, "political"), "political")
        individual = _truth(values_of(where, "individual"), "individual")
        return [
            actor
            for actor in self.actors.values()
            if (names is None or actor.name in names)
            and (categories is None or actor.category in categories)
            and (political is None or actor.is_political == political)
            and (individual is None or actor.is_individual == individual)
        ]

    def accounts_where(self, where: Where) -> list[AccountEntry]:
        """The accounts that the filters leave; ``account`` takes an id, a name or a handle."""
        platforms = values_of(where, "platform")
        kinds = values_of(where, "kind")
        wanted = values_of(where, "account")
        actors = {actor.id for actor in self.actors_where(where)}
        return [
            account
            for account in self.accounts.values()
            if account.actor.id in actors
            and (platforms is None or account.platform in platforms)
            and (kinds is None or account.kind in kinds)
            and (
                wanted is None
                or not wanted.isdisjoint({account.name, account.handle, str(account.id)})
            )
        ]
