"""Values of filters that differ from project to project: are they among those there are?

Charts and findings ask with values that were right once, and answer 0 where nobody is called so any
more. Who asks by hand is told, with the right ones, or the most alike where there are many.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

from coding.models import ToneGrade
from dashboards.measures.background import Background
from dashboards.measures.directory import Where, values_of
from dashboards.measures.vocabulary import UnknownWord

_MOST_NAMED = 12


def check_values(background: Background, where: Where) -> None:
    """Raise UnknownWord for a value that no row of the project has."""
    for key, known in _KNOWN.items():
        if wanted := values_of(where, key):
            there_are = list(dict.fromkeys(known(background)))
            for value in wanted - set(there_are):
                raise UnknownWord(
                    _("“%(word)s” is not a value of this filter; there are: %(allowed)s.")
                    % {"word": value, "allowed": ", ".join(_named(value, there_are))}
                )


def _named(value: str, there_are: list[str]) -> list[str]:
    if len(there_are) <= _MOST_NAMED:
        return there_are
    alike = get_close_matches(value, there_are, n=_MOST_NAMED, cutoff=0.4)
    return [*(alike or there_are[:_MOST_NAMED]), "…"]


def _accounts(background: Background) -> Iterable[str]:
    for account in background.directory.accounts.values():
        yield from filter(None, (account.name, account.handle, str(account.id)))


def _tones(background: Background) -> Iterable[str]:
    grades = ToneGrade.objects.filter(version__codebook__project=background.project)
    return grades.order_by("-value").values_list("key", flat=True)


def _actors(background: Background) -> Iterable[str]:
    return (actor.name for actor in background.directory.actors.values())


_KNOWN: dict[str, Callable[[Background], Iterable[str]]] = {
    "category": lambda background: background.categories,
    "about_category": lambda background: background.categories,
    "actor": _actors,
    "about": _actors,
    "account": _accounts,
    "tone": _tones,
    "topic": lambda background: background.topics,
    "flag": lambda background: background.flags,
}
