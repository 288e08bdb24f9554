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
def add_participant(before: FloatArray, after: FloatArray, cells: int, part: float, chance: float) -> None:
    """Distribution of the volume so far when one more takes part with a chance; what falls off the lattice is dropped.

    In one go over the cells, which takes half the time of one for each term; each cell adds them up in the same order.
    """
    stay, whole, more = 1.0 - chance, chance * (1.0 - part), chance * part
    own, size = before.size, after.size
    for t in range(min(own, cells, size)):
        after[t] = stay * before[t]
    for t in range(own, min(cells, size)):
        after[t] = 0.0
    if cells < size:
        first = stay * before[cells] if cells < own else 0.0
        after[cells] = first + whole * before[0]
    start, stop = cells + 1, min(own, size)
    count = stop - start
    if count > 0:
        target, here, near, far = after[start:stop], before[start:stop], before[1 : count + 1], before[:count]
        for t in range(count):
            target[t] = (stay * here[t] + whole * near[t]) + more * far[t]
        start = stop
    start, stop = max(start, own), min(own + cells, size)
    count, shift = stop - start, start - cells
    if count > 0:
        target, near, far = after[start:stop], before[shift : shift + count], before[shift - 1 : shift - 1 + count]
        for t in range(count):
            target[t] = whole * near[t] + more * far[t]
    for t in range(max(stop, start), size):
        after[t] = more * before[own - 1] if t == own + cells else 0.0


@kernel
def gain_of_participant(value: FloatArray, gain: FloatArray, cells: int, part: float, top: float) -> None:
    """What one more adds to the expected value, for each volume so far; beyond the lattice the value is `top`."""
    whole, size = 1.0 - part, gain.size
    inside = max(0, min(size, value.size - cells - 1))
    near, far = value[cells : cells + inside], value[cells + 1 : cells + 1 + inside]
    for t in range(inside):
        gain[t] = (whole * near[t] - value[t]) + part * far[t]
    for t in range(inside, size):
        ahead = value[cells + t] if cells + t < value.size else top
        gain[t] = (whole * ahead - value[t]) + part * top


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
