"""Compiled loops that read histograms: a row holds what lies below, 2,048 bins, and what lies above.

A draw counts for the middle of its bin, and outside the bins for the mean there: two figures a row, in bins from the
centre, which is the edge between the bins 1024 and 1025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs._jit import lean_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.typing import FloatArray, IntArray

    Counts = NDArray[np.unsignedinteger[Any]]

BINS = 2048
BLOCK = 50
HALF, ONE = np.uint64(BINS // 2), np.uint64(1)


@lean_kernel
def locate(counts: Counts, ranks: IntArray, places: IntArray, before: IntArray) -> None:
    """Find the bin that holds each rank (ascending, from 0), and how much lies before it, per row; the last at most."""
    for r in range(counts.shape[0]):
        total, k = 0, 0
        for first in range(0, BINS + 2, BLOCK):
            held = int(counts[r, first : first + BLOCK].sum())
            while k < ranks.size and (total + held > ranks[k] or first == BINS + 2 - BLOCK):
                place, below = first, total
                while place < BINS + 1 and below + int(counts[r, place]) <= ranks[k]:
                    below += int(counts[r, place])
                    place += 1
                places[k, r], before[k, r] = place, below
                k += 1
            total += held


@lean_kernel
def power_sums(counts: Counts, outer: FloatArray, sums: FloatArray) -> None:
    """Put the sums of third and fourth powers of each row, shape (2, rows).

    The bins j below the centre and above it go together, as do their powers; two at a time, so as not to wait.
    """
    for r in range(counts.shape[0]):
        third, fourth, other_third, other_fourth = 0.0, 0.0, 0.0, 0.0
        for j in range(np.uint64(0), np.uint64(BINS // 2), np.uint64(2)):
            low, high = np.float64(counts[r, HALF - j]), np.float64(counts[r, HALF + ONE + j])
            x = np.float64(j) + 0.5
            third += (high - low) * (x * x * x)
            fourth += (high + low) * (x * x * x * x)
            low, high = np.float64(counts[r, HALF - ONE - j]), np.float64(counts[r, HALF + ONE + ONE + j])
            x = np.float64(j) + 1.5
            other_third += (high - low) * (x * x * x)
            other_fourth += (high + low) * (x * x * x * x)
        third, fourth = third + other_third, fourth + other_fourth
        for side in range(2):
            held, x = np.float64(counts[r, side * (BINS + 1)]), outer[r, side]
            third += held * (x * x * x)
            fourth += held * (x * x * x * x)
        sums[0, r], sums[1, r] = third, fourth


@lean_kernel
def highest(counts: Counts, outer: FloatArray, wanted: float, mean: FloatArray, variance: FloatArray) -> None:
    """Put mean and variance of the `wanted` highest draws of each row; of the bin that is cut the upper part counts."""
    for r in range(counts.shape[0]):
        place, held = BINS + 1, np.float64(counts[r, BINS + 1])
        left, first, second = wanted, 0.0, 0.0
        while held < left and place > 0:
            where = outer[r, 1] if place == BINS + 1 else place - BINS / 2 - 0.5
            first += held * where
            second += held * where * where
            left -= held
            place -= 1
            held = np.float64(counts[r, place])
        where = place - BINS / 2 - 0.5 * left / held
        if place == 0:
            where = outer[r, 0]
        elif place == BINS + 1:
            where = outer[r, 1]
        mean[r] = (first + left * where) / wanted
        variance[r] = max((second + left * where * where) / wanted - mean[r] * mean[r], 0.0)
