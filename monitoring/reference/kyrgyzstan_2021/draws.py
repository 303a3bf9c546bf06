"""Random draws that come out the same on every machine.

Only the raw 64-bit stream of PCG64 is used, which numpy promises not to change. What is made of it
here are integers, and square roots, which every processor rounds alike.
"""

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def ints(values: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.array(list(values), dtype=np.int64)


class Draws:
    """One stream of draws; its names keep it apart from every other stream of the same seed."""

    def __init__(self, seed: int, *names: str) -> None:
        name = zlib.crc32("/".join(names).encode())
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, name]))

    def raw(self, n: int) -> npt.NDArray[np.uint64]:
        return np.asarray(self._bits.random_raw(n), dtype=np.uint64)

    def below(self, bound: int, n: int) -> Ints:
        """``n`` integers from 0 to ``bound`` - 1."""
        high = self.raw(n) >> np.uint64(32)
        return ((high * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)

    def between(self, low: int, high: int, n: int) -> Ints:
        """``n`` integers from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1, n)

    def pick(self, weights: Sequence[int] | Ints, n: int) -> Ints:
        """``n`` positions in ``weights``, each as likely as its weight."""
        reach = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(reach, self.below(int(reach[-1]), n), side="right").astype(np.int64)

    def order(self, n: int) -> Ints:
        """The numbers 0 to ``n`` - 1 in a random order."""
        return np.argsort(self.raw(n), kind="stable").astype(np.int64)

    def heavy(self, n: int) -> Ints:
        """Weights with a heavy tail: most are small, a few take much of the whole."""
        u = ((self.raw(n) >> np.uint64(11)).astype(np.float64) + 1.0) / 2.0**53
        root = np.sqrt(u)
        return np.minimum(64.0 / (root * np.sqrt(root)), 38_400.0).astype(np.int64)

    def even(self, n: int) -> Ints:
        """Weights around a middle, none more than half above it."""
        return 500 + self.below(600, n) + self.below(600, n)
