"""Cells finer than the bins, of the rows in which a bin holds too many draws: a rare risk beside a base cost, a mixture
of scales, an atom.

A cell holds the draws from the lowest in it to the highest, both known exactly, so that a cell of equal draws has no
width. Cells are made by going over the draws again: see :mod:`ggu_costs.simulation.runs.refine`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ggu_costs.simulation.remembered import remembered
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_PART = 250
"""A cell may always hold one in so many of the draws."""
_RANKS = 2.0
"""And it may hold this many standard errors of a quantile at its place, in draws."""


def ranks_open(count: int, place: FloatArray | IntArray) -> FloatArray:
    r"""Two standard errors :math:`\sqrt{n p (1 - p)}` of the rank of a quantile, by its place n p among the draws."""
    return np.asarray(_RANKS * np.sqrt(np.maximum(place * (count - place), 0.0) / count))


def allowed(count: int, before: IntArray, held: IntArray) -> FloatArray:
    """How many draws a cell with so many `before` it may hold and leave little open, as its middle is open anyway."""
    return np.maximum(ranks_open(count, before + held / 2), count / _PART)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of some rows of the results, ascending; most rows have none and rest on their bins.

    Attributes
    ----------
    starts
        int64, shape (rows + 1,): where the cells of each row begin.
    counts
        int64, shape (cells,): draws in each, 1 or more.
    ends
        float64, shape (cells, 2): the lowest and the highest draw in each.
    """

    starts: IntArray
    counts: IntArray
    ends: FloatArray

    @classmethod
    def none(cls, rows: int) -> Cells:
        """No cells in any of so many rows."""
        return cls(np.zeros(rows + 1, np.int64), np.zeros(0, np.int64), np.zeros((0, 2)))

    @classmethod
    def of(cls, rows: int, ladders: Mapping[int, Ladder]) -> Cells:
        """The cells of so many rows, given of some."""
        sizes = [len(ladders[row].counts) if row in ladders else 0 for row in range(rows)]
        own = [ladders[row] for row in sorted(ladders)]
        ends = [np.column_stack([ladder.low, ladder.high]) for ladder in own]
        return cls(
            np.cumsum([0, *sizes], dtype=np.int64),
            np.concatenate([np.zeros(0, np.int64), *(ladder.counts for ladder in own)]),
            np.concatenate([np.zeros((0, 2)), *ends]),
        )

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """The cells of rows one after the other."""
        sizes = np.concatenate([np.diff(part.starts) for part in parts])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        counts, ends = (np.concatenate([getattr(part, name) for part in parts]) for name in ("counts", "ends"))
        return cls(starts, counts, ends)

    def some(self, rows: slice) -> Cells:
        """The cells of some rows."""
        starts = self.starts[rows.start : rows.stop + 1]
        held = slice(starts[0], starts[-1])
        return Cells(starts - starts[0], self.counts[held], self.ends[held])

    @property
    def rows(self) -> IntArray:
        """Rows that have cells."""
        return np.flatnonzero(np.diff(self.starts))

    def row(self, row: int) -> Ladder:
        """The cells of one row."""
        held = slice(self.starts[row], self.starts[row + 1])
        return Ladder(self.counts[held], self.ends[held, 0], self.ends[held, 1])


@dataclass(frozen=True, eq=False)
class Ladder:
    """The cells of one row, from the lowest draw to the highest.

    Attributes
    ----------
    counts
        Draws in each cell.
    low, high
        The lowest and the highest draw in each.
    """

    counts: IntArray
    low: FloatArray
    high: FloatArray

    @remembered
    def before(self) -> IntArray:
        """Draws in the cells before each."""
        return np.asarray(np.cumsum(self.counts) - self.counts)

    def turned(self) -> Ladder:
        """The same with every figure of the other sign."""
        return Ladder(self.counts[::-1], -self.high[::-1], -self.low[::-1])

    def coarse(self) -> BoolArray:
        """Cells that hold too many draws which are not all equal."""
        count = int(self.counts.sum())
        return (self.counts > allowed(count, self.before, self.counts)) & (self.low < self.high)

    def at(self, whole: IntArray, part: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        """Value at ranks, each a whole number and a part of the way to the next; at least and at most; draws there."""
        first, following = self._draw(whole), self._draw(np.minimum(whole + 1, self.counts.sum() - 1))
        value, least, most = (a + np.clip(part, 0, 1) * (b - a) for a, b in zip(first[:3], following[:3], strict=True))
        held = np.where(part > 0, np.maximum(first[3], following[3]), first[3])
        return value, np.minimum(least, value), np.maximum(most, value), held

    def _draw(self, ranks: IntArray) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        """Order statistics: spread evenly over their cells; the first and the last of a cell are known."""
        cell = np.searchsorted(self.before, ranks, side="right") - 1
        place, many, low, high = ranks - self.before[cell], self.counts[cell], self.low[cell], self.high[cell]
        value = np.where(place == many - 1, high, low + place / np.maximum(many - 1, 1) * (high - low))
        value = np.where(place == 0, low, value)
        known = (place == 0) | (place == many - 1)
        return value, np.where(known, value, low), np.where(known, value, high), many

    def not_above(self, value: float) -> tuple[float, int, int]:
        """How many draws are not above a figure: spread evenly, at least, and at most."""
        whole = int(self.counts[self.high <= value].sum())
        cut = np.flatnonzero((self.low <= value) & (value < self.high))
        if not cut.size:
            return float(whole), whole, whole
        cell = int(cut[0])  # its lowest draw is not above the figure, its highest is
        many, low, high = int(self.counts[cell]), float(self.low[cell]), float(self.high[cell])
        return whole + 1 + (many - 2) * (value - low) / (high - low), whole + 1, whole + many - 1

    def highest(self, wanted: float, beyond: int, sums: tuple[float, float], centre: float) -> tuple[float, float]:
        """Mean and variance of the `wanted` highest draws, spread evenly over their cells.

        Parameters
        ----------
        beyond, sums
            How many draws lie above the histogram; their sum about the `centre` and that of their squares, which
            count instead of their cells where all of them are among the highest.
        """
        left, first, second, cell = wanted, 0.0, 0.0, len(self.counts) - 1
        if 0 < beyond <= wanted:
            left, (first, second) = wanted - beyond, sums
            cell = int(np.searchsorted(self.before, int(self.counts.sum()) - beyond)) - 1
        while left > 0 and cell >= 0:
            many = float(self.counts[cell])
            taken = min(left, many)
            high = self.high[cell] - centre
            width = (self.high[cell] - self.low[cell]) * (taken / many)
            middle = high - width / 2
            first, second = first + taken * middle, second + taken * (middle * middle + width * width / 12)
            left, cell = left - taken, cell - 1
        mean = first / wanted
        return mean + centre, max(second / wanted - mean * mean, 0.0)
