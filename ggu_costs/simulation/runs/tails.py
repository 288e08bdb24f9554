"""What lies far out in rows of results: the highest draws, third and fourth powers, and how fast the tails thin out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.simulation.constants import BINS
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.typing import FloatArray, IntArray

_TAIL, _LEAST = 0.01, 10
"""Share of the draws that is a tail, and how many these are at least."""


def highest(rows: Rows, share: float) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of the highest `share` of the draws of each row.

    Draws are spread evenly over their bin or cell; of the one that is cut the upper part counts. What lies above the
    histogram is known by its sums.
    """
    centre, per_bin = rows.table[:, 0], rows.table[:, 1]
    wanted, outer = share * rows.count, _outer(rows)
    mean, variance = _highest(rows.counts, rows.blocks, outer, wanted)
    mean, variance = centre + mean / per_bin, variance / per_bin**2
    for row in rows.cells.rows:
        beyond = int(rows.counts[row, -1])
        sums = beyond * outer[row, 1] / per_bin[row], float(rows.sums[row, 4])
        mean[row], variance[row] = rows.cells.row(row).highest(wanted, beyond, sums, float(centre[row]))
    return mean, variance


def lowest(rows: Rows, share: float) -> FloatArray:
    """Mean of the lowest `share` of the draws of each row."""
    centre, per_bin = rows.table[:, 0], rows.table[:, 1]
    wanted, outer = share * rows.count, _outer(rows)
    turned = np.column_stack([-outer[:, 1], -outer[:, 0], outer[:, 0] ** 2])
    counts, blocks = np.ascontiguousarray(rows.counts[:, ::-1]), np.ascontiguousarray(rows.blocks[:, ::-1])
    mean = centre - _highest(counts, blocks, turned, wanted)[0] / per_bin
    for row in rows.cells.rows:
        below = int(rows.counts[row, 0])
        sums = -below * outer[row, 0] / per_bin[row], 0.0
        mean[row] = -rows.cells.row(row).turned().highest(wanted, below, sums, -float(centre[row]))[0]
    return np.asarray(mean)


def power_sums(rows: Rows) -> tuple[FloatArray, FloatArray]:
    """Sums of third and fourth powers about the centre: of draws in the bins by their middles, of all others exact."""
    from ggu_costs.simulation.runs import _row_kernels

    sums, (thirds, fourths) = np.empty((2, len(rows.sums))), aligned(2, _row_kernels.LANES)
    _row_kernels.power_sums(rows.counts, thirds, fourths, sums)
    width = 1.0 / rows.table[:, 1]
    return width**3 * sums[0] + rows.sums[:, 5], width**4 * sums[1] + rows.sums[:, 6]


def furthest(rows: Rows) -> FloatArray:
    """How far the draw furthest from the mean lies from it, at most: to within a bin."""
    centre, per_bin = rows.table[:, 0], rows.table[:, 1]
    first, last = _filled(rows)
    low = np.where(first == 0, rows.extremes[:, 0], centre + (first - 1 - BINS / 2) / per_bin)
    high = np.where(last == BINS + 1, rows.extremes[:, 1], centre + (last - BINS / 2) / per_bin)
    return np.asarray(np.maximum(rows.mean - low, high - rows.mean))


def _filled(rows: Rows) -> tuple[IntArray, IntArray]:
    """The first and the last bin of each row that hold draws: looked up in what each 50 bins hold."""
    from ggu_costs.simulation.runs._row_kernels import SPAN, SPANS

    places, ends = np.arange(len(rows.sums)), []
    for step in (1, -1):
        span = (rows.blocks[:, ::step] > 0).argmax(axis=1)
        bins = rows.counts.reshape(len(places), SPANS, SPAN)[:, ::step, ::step][places, span] > 0
        ends.append(span * SPAN + bins.argmax(axis=1))
    return ends[0], BINS + 1 - ends[1]


def tail_index(rows: Rows) -> FloatArray:
    r"""Tail index of each row about its mean, of the heavier of its tails; 0 where a tail has no quantile beyond it.

    A Pareto tail of index :math:`\alpha` has the mean :math:`\alpha / (\alpha - 1)` times the level at which it begins.
    So the mean e of the 1 % highest draws (10 at least) beyond their lowest q, both from the mean, gives
    :math:`e / (e - q)`; likewise below.
    """
    share = min(max(_TAIL, _LEAST / rows.count), 0.5)
    q = np.stack([rows.quantile(1 - share) - rows.mean, rows.mean - rows.quantile(share)])
    e = np.stack([highest(rows, share)[0] - rows.mean, rows.mean - lowest(rows, share)])
    index = np.divide(e, e - q, out=np.full(e.shape, np.inf), where=e > q)
    return np.asarray(np.where(q > 0, index, 0.0).min(axis=0))


def _highest(
    counts: NDArray[np.unsignedinteger[Any]], blocks: IntArray, outer: FloatArray, wanted: float
) -> tuple[FloatArray, FloatArray]:
    from ggu_costs.simulation.runs import _row_kernels

    mean, variance = np.empty((2, len(counts)))
    _row_kernels.highest(counts, blocks, outer, wanted, mean, variance)
    return mean, variance


def _outer(rows: Rows) -> FloatArray:
    """Mean below the histogram and above it, mean square above it, in bins from the centre; 0 where nothing is."""
    centre, per_bin, many = rows.table[:, :1], rows.table[:, 1:2], rows.counts[:, [0, -1]]
    means = np.divide(rows.sums[:, 2:4], many, out=np.repeat(centre, 2, axis=1), where=many > 0)
    squares = np.divide(rows.sums[:, 4:5], many[:, 1:], out=np.zeros_like(centre), where=many[:, 1:] > 0)
    return np.hstack([(means - centre) * per_bin, squares * per_bin * per_bin])
