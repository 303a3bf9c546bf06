"""What the readers of a language call an actor.

A project writes an actor in one way (“Segizbaev Abdil”); a sentence takes the name that is most
like it in the script of its language (“Abdil Segizbaev”, “Абдил Сегизбаев”).
"""

from collections import defaultdict

from rapidfuzz import fuzz

from dashboards.measures.directory import Directory
from monitoring.likely_actors import folded
from monitoring.models import ActorName, Script
from monitoring.services.actors import script_of

_SCRIPTS = {"ru": Script.CYRILLIC, "ky": Script.CYRILLIC}
# Below it, a name is another one of theirs (a nickname, a former name) and not the same in words.
_ALIKE = 80


def names_in_language(directory: Directory, language: str) -> dict[str, str]:
    """By the name that the project writes. One query."""
    script = _SCRIPTS.get(language, Script.LATIN)
    known: dict[int, list[str]] = defaultdict(list)
    on_accounts: dict[int, set[str]] = defaultdict(set)
    for account in directory.accounts.values():
        on_accounts[account.actor.id].add(account.name)
    for actor, text in _names(directory, script):
        # The spelling of their own accounts first: charts print it too.
        known[actor].insert(0 if text in on_accounts[actor] else len(known[actor]), text)
    choose = _in_another_script if script == Script.CYRILLIC else _in_another_order
    return {
        actor.name: choose(actor.name, known[actor.id])
        for actor in directory.actors.values()
        if known[actor.id]
    }


def _names(directory: Directory, script: str) -> list[tuple[int, str]]:
    """Whom a name is of, and the name, by name; those of merged actors are of who counts."""
    merged = directory.merged
    rows = ActorName.objects.filter(actor__in=[*directory.actors, *merged], script=script)
    names = [(merged.get(one, one), text) for one, text in rows.values_list("actor", "text")]
    names += [
        (heir.id, name) for name, heir in directory.heirs.items() if script_of(name) == script
    ]
    return sorted(set(names), key=lambda name: (name[1], name[0]))


def _in_another_script(name: str, others: list[str]) -> str:
    if _is_cyrillic(name):
        return _in_another_order(name, others)
    scores = {one: fuzz.token_sort_ratio(folded(name), folded(one)) for one in others}
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] >= _ALIKE else name


def _in_another_order(name: str, others: list[str]) -> str:
    """The same words, as they are spoken: the project's own spelling wins over a likeness."""
    words = sorted(name.casefold().split())
    return next((one for one in others if sorted(one.casefold().split()) == words), name)


def _is_cyrillic(name: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in name)
