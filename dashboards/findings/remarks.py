"""A remark on a finding: what the data, or another sentence, does not bear out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """``is_wrong`` when the data refutes it; else it is worth a look.

    ``key`` is the same for the same remark in every language, and another one when its numbers
    change: a remark that was dismissed comes back then.
    """

    key: str
    text: str
    is_wrong: bool = False
