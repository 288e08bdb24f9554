"""Compiled loops that read histograms: a row holds what lies below, 2,048 bins, and what lies above.

A draw counts for the middle of its bin, in bins from the centre, which is the edge between the bins 1024 and 1025. What
lies outside the bins is known by its sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs._jit import lean_kernel, wide
from ggu_costs.typing import FloatArray, IntArray

if TYPE_CHECKING:
    Counts = NDArray[np.unsignedinteger[Any]]

BINS = 2048
SPAN = 50  # bins that are added up first: 41 times 50 are all of them, and ranks are found in some 41 + 50 steps
SPANS = (BINS + 2) // SPAN
LANES = 32


@lean_kernel
def add_blocks(counts: Counts, by_span: IntArray) -> None:
    """Put what each 50 bins of a row hold: what ranks are looked up in first.

    Parameters
    ----------
    counts
        uint16 or uint32, shape (rows, 2050): the histograms.
    by_span
        int64, shape (rows, 41). Changed: put.
    """
    wide()
    for r in range(counts.shape[0]):
        for b in range(np.uint64(SPANS)):
            total = np.int64(0)
            for j in range(np.uint64(SPAN)):
                total += np.int64(counts[r, b * np.uint64(SPAN) + j])
            by_span[r, b] = total


@lean_kernel
def locate(counts: Counts, by_span: IntArray, ranks: IntArray, places: IntArray, before: IntArray) -> None:
    """Find the bin that holds each rank, and how much lies before it, per row; the last bin at most.

    Parameters
    ----------
    counts, by_span
        See :func:`add_blocks`.
    ranks
        int64, shape (ranks,): from 0 on.
    places
        int64, shape (ranks, rows). Changed: the bin, from 0 (below the histogram) to 2,049.
    before
        int64, shape (ranks, rows). Changed: draws in the bins before it.
    """
    for r in range(counts.shape[0]):
        for k in range(ranks.size):
            rank, block, below = ranks[k], 0, np.int64(0)
            while block < SPANS - 1 and below + by_span[r, block] <= rank:
                below += by_span[r, block]
                block += 1
            place = block * SPAN
            while place < BINS + 1 and below + np.int64(counts[r, place]) <= rank:
                below += np.int64(counts[r, place])
                place += 1
            places[k, r], before[k, r] = place, below


@lean_kernel
def power_sums(counts: Counts, thirds: FloatArray, fourths: FloatArray, sums: FloatArray) -> None:
    """Put the sums of third and fourth powers of what lies in the bins of each row, in bins from its centre.

    Parameters
    ----------
    counts
        See :func:`add_blocks`.
    thirds, fourths
        float64, shape (32,): lanes. Changed: scratch.
    sums
        float64, shape (2, rows). Changed: put.
    """
    wide()
    for r in range(counts.shape[0]):
        thirds[:] = 0.0
        fourths[:] = 0.0
        for first in range(np.uint64(0), np.uint64(BINS), np.uint64(LANES)):
            for lane in range(np.uint64(LANES)):
                x = np.float64(first + lane) + (0.5 - BINS / 2)
                cube = np.float64(counts[r, np.uint64(1) + first + lane]) * x * x * x
                thirds[lane] += cube
                fourths[lane] += cube * x
        third, fourth = 0.0, 0.0
        for lane in range(LANES):
            third += thirds[lane]
            fourth += fourths[lane]
        sums[0, r], sums[1, r] = third, fourth


@lean_kernel
def highest(
    counts: Counts, by_span: IntArray, outer: FloatArray, wanted: float, mean: FloatArray, variance: FloatArray
) -> None:
    """Put mean and variance of the `wanted` highest draws of each row; of the bin that is cut the upper part counts.

    Sums over the whole bins above it are taken in half bins, which are whole numbers.

    Parameters
    ----------
    counts, by_span
        See :func:`add_blocks`.
    outer
        float64, shape (rows, 3): mean below the histogram and above it, mean square above it, in bins from the centre.
    wanted
        How many draws; need not be whole.
    mean, variance
        float64, shape (rows,), in bins from the centre. Changed: put.
    """
    wide()
    for r in range(counts.shape[0]):
        left, block = wanted, SPANS - 1
        while block > 0 and by_span[r, block] < left:
            left -= by_span[r, block]
            block -= 1
        place = block * SPAN + SPAN - 1
        while place > 0 and np.float64(counts[r, place]) < left:
            left -= np.float64(counts[r, place])
            place -= 1
        halves, squares = np.int64(0), np.int64(0)
        for j in range(np.uint64(place + 1), np.uint64(BINS + 1)):
            half, many = 2 * np.int64(j) - (BINS + 1), np.int64(counts[r, j])
            halves += many * half
            squares += many * (half * half)
        first, second = halves * 0.5, squares * 0.25
        where = place - BINS / 2 - 0.5 * left / np.float64(counts[r, place])
        if place == 0:
            where = outer[r, 0]
        square = where * where
        if place == BINS + 1:
            where, square = outer[r, 1], outer[r, 2]
        else:
            above, beyond = np.float64(counts[r, BINS + 1]), outer[r, 1]
            first += above * beyond
            second += above * outer[r, 2]
        mean[r] = (first + left * where) / wanted
        variance[r] = max((second + left * square) / wanted - mean[r] * mean[r], 0.0)
