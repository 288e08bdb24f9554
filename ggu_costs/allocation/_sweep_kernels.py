"""Compiled loops of the volume sweep: all derivatives along the diagonal at one probability.

Participants come in ascending order of volume, so that what the first k can reach together, and with it the work, stays
short as long as possible. Sums run in blocks of fixed length, which keeps them the same on every machine.
"""

import numpy as np

from ggu_costs._jit import kernel
from ggu_costs.typing import FloatArray, IntArray

_BLOCK = 512
_NOTHING = 1e-25  # chance of a cell; all that are left out together stay far below the noise of floats


@kernel
def shift_into(target: FloatArray, source: FloatArray, cells: int, factor: float) -> None:
    """Add ``factor * source`` to `target`, `cells` further; what falls off the lattice is dropped."""
    count = min(source.size, target.size - cells)
    if count > 0:
        moved, kept = target[cells : cells + count], source[:count]
        for t in range(count):
            moved[t] += factor * kept[t]


@kernel
def add_participant(before: FloatArray, after: FloatArray, cells: int, part: float, chance: float) -> None:
    """Distribution of the volume so far when one more takes part with a chance."""
    stay = 1.0 - chance
    for t in range(before.size):
        after[t] = stay * before[t]
    for t in range(before.size, after.size):
        after[t] = 0.0
    shift_into(after, before, cells, chance * (1.0 - part))
    if part > 0.0:
        shift_into(after, before, cells + 1, chance * part)


@kernel
def gain_of_participant(value: FloatArray, gain: FloatArray, cells: int, part: float, top: float) -> None:
    """What one more adds to the expected value, for each volume so far; beyond the lattice the value is `top`."""
    for t in range(gain.size):
        gain[t] = -value[t]
    for extra, weight in ((0, 1.0 - part), (1, part)):
        if weight > 0.0:
            inside = max(0, min(gain.size, value.size - cells - extra))
            ahead = value[cells + extra : cells + extra + inside]
            for t in range(inside):
                gain[t] += weight * ahead[t]
            for t in range(inside, gain.size):
                gain[t] += weight * top


@kernel
def blocked_product(left: FloatArray, right: FloatArray, lanes: FloatArray) -> float:
    """Sum of products in a fixed order."""
    lanes[:] = 0.0
    for start in range(0, left.size, lanes.size):
        count = min(lanes.size, left.size - start)
        a, b = left[start : start + count], right[start : start + count]
        for t in range(count):
            lanes[t] += a[t] * b[t]
    total = 0.0
    for lane in lanes:
        total += lane
    return total


@kernel
def diagonal_derivatives(
    cells: IntArray,
    parts: FloatArray,
    reach: IntArray,
    first: IntArray,
    values: FloatArray,
    chance: float,
    derivatives: FloatArray,
) -> None:
    """Derivative of the expected value to the chance of each distinct volume, all chances being equal.

    ``reach[k]`` is the highest cell that the first k participants can reach (at most the last of the lattice); `first`
    holds the first participant of each distinct volume. Cells that are reached with a chance below `_NOTHING` are left
    out at both ends, which leaves most of a large lattice out.
    """
    count, last = cells.size, values.size - 1
    size = 0
    for k in first:
        size += reach[k] + 1
    kept = np.empty(size)
    here, there = np.empty(values.size), np.empty(values.size)
    lows, highs = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    here[0] = 1.0
    at, group, low, high = 0, 0, 0, 0
    for k in range(count):
        lows[k], highs[k] = low, high
        before = here[low : high + 1]
        if group < first.size and first[group] == k:
            kept[at : at + before.size] = before
            at += before.size
            group += 1
        high = min(high + cells[k] + (parts[k] > 0.0), last)
        add_participant(before, there[low : high + 1], cells[k], parts[k], chance)
        here, there = there, here
        while low < high and here[low] < _NOTHING:
            low += 1
        while low < high and here[high] < _NOTHING:
            high -= 1
    top = values[-1]
    value = values.copy()
    gain, lanes = there, np.empty(_BLOCK)
    for k in range(count - 1, -1, -1):
        low, high = lows[k], highs[k]
        span, ahead = high + 1 - low, min(high + cells[k] + (parts[k] > 0.0), last)
        gain_of_participant(value[low : ahead + 1], gain[:span], cells[k], parts[k], top)
        if group > 0 and first[group - 1] == k:
            group -= 1
            at -= span
            derivatives[group] = blocked_product(kept[at : at + span], gain[:span], lanes)
        for t in range(span):
            value[low + t] += chance * gain[t]
