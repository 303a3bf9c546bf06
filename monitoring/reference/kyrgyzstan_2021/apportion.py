"""Splitting a whole number into parts that add up to it exactly."""

import numpy as np

from monitoring.reference.kyrgyzstan_2021.draws import Ints

_SAFE = 2**62


def apportion(total: int, weights: Ints, caps: Ints | None = None) -> Ints:
    """``total`` in parts proportional to ``weights``, none above its cap; the parts add up.

    What a cap cuts off goes to the others. Raises ValueError when the caps leave no room.
    """
    if caps is None:
        return _proportional(total, weights)
    placed = np.zeros_like(weights)
    while total:
        room = caps - placed
        open_weights = np.where(room > 0, weights, 0)
        parts = np.minimum(_proportional(total, open_weights), room)
        placed += parts
        total -= int(parts.sum())
    return placed


def _proportional(total: int, weights: Ints) -> Ints:
    """Each part is the step its weight makes in the rounded running sum."""
    if total == 0:
        return np.zeros_like(weights)
    whole = int(weights.sum())
    if whole == 0:
        raise ValueError(f"nothing has room for {total}")
    while whole * total >= _SAFE:
        weights = (weights + 1) // 2
        whole = int(weights.sum())
    return np.diff(np.cumsum(weights) * total // whole, prepend=0)
