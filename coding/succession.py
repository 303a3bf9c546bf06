"""What a new version of a codebook changes for what was coded under the one before it.

Entries are told apart by key. An entry takes over the key it has, and those it came from. A key of
the old version that one entry took over counts as that entry from now on; one that several took
over was split; one that nobody took over was removed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edition:
    """An entry of one version: its names, and ``meaning``, the words that say when to give it."""

    key: str
    names: tuple[str, ...] = ()
    meaning: tuple[object, ...] = ()
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What became of the old keys; ``added`` are keys no old one leads to."""

    # old key, the key it counts as now
    carried: dict[str, str] = field(default_factory=dict)
    # old key, the keys it was divided into
    split: dict[str, list[str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    redefined: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())

    @property
    def to_recheck(self) -> dict[str, str]:
        """The old keys whose codings have to be looked at again, each with the reason."""
        return {
            **dict.fromkeys(self.redefined, "redefined"),
            **dict.fromkeys(self.removed, "removed"),
            **dict.fromkeys(self.split, "split"),
        }


def changes_between(old: Iterable[Edition], new: Iterable[Edition]) -> Changes:
    """Compare the entries of one section in two versions."""
    before = {entry.key: entry for entry in old}
    after = {entry.key: entry for entry in new}
    claims: dict[str, list[str]] = defaultdict(list)
    for entry in after.values():
        for key in dict.fromkeys((entry.key, *entry.came_from)):
            claims[key].append(entry.key)
    sole = {key: claims[key][0] for key in before if len(claims[key]) == 1}
    kept = [key for key, heir in sole.items() if key == heir]
    return Changes(
        carried={key: heir for key, heir in sole.items() if key != heir},
        split={key: claims[key] for key in before if len(claims[key]) > 1},
        removed=[key for key in before if not claims[key]],
        renamed=[key for key in kept if before[key].names != after[key].names],
        redefined=[key for key in kept if before[key].meaning != after[key].meaning],
        added=[
            entry.key
            for entry in after.values()
            if entry.key not in before and not before.keys() & set(entry.came_from)
        ],
    )
