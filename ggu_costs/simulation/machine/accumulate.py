"""What is counted and added up of the figures of a run: bins, counts, extremes, and sums in a fixed binary tree.

A node of level h covers 2**h leaves of a replicate, from a multiple of 2**h. A run may be cut into any set of such
nodes, done anywhere in any order; two finished neighbours become their parent, and the bits never show the cut. Counts
and extremes do not depend on order at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.simulation.constants import BINS, BLOCK, LANES, LEAVES, NUMBERS, OPERANDS, SUMS
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.typing import FloatArray, IntArray

_DEVIATIONS = 5.0  # of the pilot, on either side of the centre: what the bins cover
_NARROW, _LEAST = 1e-12, 1e-50  # of the centre, and at all: the least standard deviation that bins are made for
NOT_KEPT = np.zeros((0, 0, 0))
"""Of the kernel that evaluates: its figures are added up and not kept."""
NO_ROWS = np.zeros(0, np.int64)
"""Nothing is summed over units, and no output is noted."""
_NO_MEMBERS = np.zeros((0, 0), np.int64)
_NO_CODE, _OWN_VECTOR, _NO_SCRATCH = np.zeros((0, 2 + OPERANDS), np.int64), np.full(1, -1), 2**40

Sums = dict[tuple[int, int], "FloatArray"]
"""Folded sums by node (level, place) of the tree of one replicate."""


@dataclass(frozen=True, eq=False)
class BinLayout:
    """How each row of the results is noted.

    Attributes
    ----------
    table
        float64, shape (rows, 2 + thresholds): the centre about which sums are taken, bins per unit of the value,
        thresholds.
    places
        int64, shape (rows,): the histogram of each row, -1 for none.
    """

    table: FloatArray
    places: IntArray

    @classmethod
    def around(cls, centre: FloatArray, sd: FloatArray, thresholds: FloatArray, places: IntArray) -> BinLayout:
        """Histograms of 2,048 bins over five standard deviations on either side of the centre.

        Where a pilot does not vary bins are narrow, but not so that the fourth power of a later draw, in bins,
        overflows.
        """
        least = np.maximum(np.abs(centre) * _NARROW, _LEAST)
        per_bin = BINS / (2 * _DEVIATIONS * np.maximum(sd, least))
        return cls(np.column_stack([centre, per_bin, thresholds]), places)


@dataclass(eq=False)
class Totals:
    """What does not depend on order: counts and extremes, added to in place.

    Attributes
    ----------
    histograms
        uint32, shape (histograms, 2050): below, 2,048 bins, above; uint16 of 15 leaves or fewer, which is half as much
        to go through.
    above
        int64, shape (rows, thresholds).
    extremes
        float64, shape (rows, 2): the lowest value below and the highest above the histogram.
    """

    histograms: NDArray[np.unsignedinteger[Any]]
    above: IntArray
    extremes: FloatArray

    @classmethod
    def empty(cls, histograms: int, thresholds: tuple[int, ...], leaves: int | None = None) -> Totals:
        """Nothing yet, of any number of draws or of so many leaves at most; `thresholds` is the shape of `above`."""
        few = leaves is not None and leaves <= LEAVES
        return cls(
            np.zeros((histograms, BINS + 2), np.uint16 if few else np.uint32),
            np.zeros(thresholds, np.int64),
            np.tile(np.array([np.inf, -np.inf]), (thresholds[0], 1)),
        )

    def widened(self) -> Totals:
        """Return the same, with room for any number of draws."""
        return Totals(self.histograms.astype(np.uint32), self.above.copy(), self.extremes.copy())

    def add(self, other: Totals) -> None:
        """Add what another part of the draws gave."""
        self.histograms += other.histograms
        self.above += other.above
        np.minimum(self.extremes[:, 0], other.extremes[:, 0], out=self.extremes[:, 0])
        np.maximum(self.extremes[:, 1], other.extremes[:, 1], out=self.extremes[:, 1])


def fold(nodes: Sums) -> Sums:
    """Join neighbours into parents until none is left to join; changes and returns `nodes`."""
    waiting = sorted(nodes)
    while waiting:
        level, place = waiting.pop(0)
        if (level, place) in nodes and (level, place ^ 1) in nodes:
            left, right = nodes.pop((level, place & ~1)), nodes.pop((level, place | 1))
            with np.errstate(invalid="ignore"):  # powers that are not finite: their errors are unknown
                nodes[level + 1, place >> 1] = left + right
            waiting.append((level + 1, place >> 1))
    return nodes


def total_of(nodes: Sums, rows: int) -> FloatArray:
    """Sum of all nodes, from the last leaf to the first: short nodes stand at the end and are joined first."""
    total = np.zeros((rows, SUMS))
    for level, place in sorted(nodes, key=lambda node: node[1] << node[0], reverse=True):
        total = nodes[level, place] + total
    return total


@dataclass(eq=False)
class Accumulator:
    """Scratch for noting figures of a leaf in the rows of the results, and what they are noted in.

    Attributes
    ----------
    bin_layout
        How each row is noted.
    totals
        Counts, added to in place.
    outputs
        Figures noted at a time.
    sums
        float64, shape (rows, 7): the sums of one leaf.
    counts
        uint16, shape (histograms, 2050): the counts of the totals, or what is not in these yet.
    """

    bin_layout: BinLayout
    totals: Totals
    outputs: int = 1
    sums: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.zeros((len(self.bin_layout.places), SUMS))
        self.lanes, self.bins = aligned(self.outputs, 2, LANES), aligned(BLOCK)
        whole = self.totals.histograms
        self.counts = whole if whole.dtype == np.uint16 else np.zeros(whole.shape, np.uint16)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """As the kernel wants them."""
        bin_layout, totals = self.bin_layout, self.totals
        return (
            bin_layout.places, bin_layout.table, self.lanes, self.bins, self.counts, self.sums, totals.above,
            totals.extremes,
        )  # fmt: skip

    def flush(self) -> None:
        """Add the counts to the totals: after 15 leaves at most, as they are of 16 bits."""
        if self.counts is not self.totals.histograms:
            self.totals.histograms += self.counts
            self.counts[:] = 0

    def add(self, figures: FloatArray, rows: IntArray, first: int, count: int) -> None:
        """Note rows of `figures`, shape (..., leaf), in rows of the results from `first` on."""
        from ggu_costs.simulation.machine import _engine_kernels

        many = rows.size  # a program without instructions, for units whose own vector is the row
        _engine_kernels.evaluate(
            _NO_CODE, np.zeros((many, 0, NUMBERS)), rows.reshape(-1, 1), np.arange(many), figures.reshape(-1),
            _NO_SCRATCH, count, _OWN_VECTOR, np.array([first]), NOT_KEPT, np.full(many, -1), _NO_MEMBERS, NO_ROWS,
            NOT_KEPT, *self.arrays,
        )  # fmt: skip
