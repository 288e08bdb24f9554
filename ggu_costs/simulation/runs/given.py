"""Summaries of figures that are already there: the same sums, bins, cells and counts as those of a run."""

from dataclasses import replace

import numpy as np

from ggu_costs.simulation.constants import LEAF, PILOT, SUMS
from ggu_costs.simulation.machine.accumulate import Accumulator, BinLayout, Totals
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.refine import Counted, Forest, cells_of, ladders, trees_of
from ggu_costs.simulation.runs.rows import Replicate, Rows
from ggu_costs.typing import FloatArray


def summarise_values(values: FloatArray, thresholds: tuple[float, ...] = (0.0,)) -> Rows:
    """Summaries of figures of shape (rows, draws).

    Examples
    --------
    >>> rows = summarise_values(np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> rows.mean, rows.probability(0.0)
    (array([2.5]), array([1.]))
    """
    figures = np.ascontiguousarray(values, dtype=float)
    rows, count = figures.shape
    pilot, limits = figures[:, :PILOT], np.tile(np.array(thresholds), (rows, 1)).reshape(rows, len(thresholds))
    bins = BinLayout.around(pilot.mean(axis=1), pilot.std(axis=1), limits, np.arange(rows))
    totals, sums, leaf = Totals.empty(rows, limits.shape), np.zeros((rows, SUMS)), np.zeros((rows, LEAF))
    accumulator = Accumulator(bins, totals)
    for start in range(0, count, LEAF):
        part = figures[:, start : start + LEAF]
        leaf[:, : part.shape[1]] = part
        accumulator.sums[:] = 0.0
        accumulator.add(leaf, np.arange(rows), 0, part.shape[1])
        accumulator.flush()
        sums += accumulator.sums
    found = cells_of([list(trees_of(bins, totals, sums))], lambda forest: _sorted(forest, figures, bins))
    counts = (totals.histograms, totals.above, totals.extremes)
    return Rows(count, sums, bins.table, *counts, (), np.zeros((0, rows)), (), (), Cells.of(rows, ladders(found)))


def summarise_replicates(
    values: FloatArray, replicates: int, thresholds: tuple[float, ...], probabilities: tuple[float, ...]
) -> Rows:
    """Summaries of figures of shape (rows, replicates times draws), with exact quantiles.

    Replicates stand one after the other; one is a run of plain draws, whose errors do not follow from replicates.

    Examples
    --------
    >>> rows = summarise_replicates(np.array([[1.0, 2.0, 3.0, 6.0]]), 2, (2.5,), (0.5,))
    >>> rows.mean, rows.quantile(0.5), rows.standard_error
    (array([3.]), array([2.5]), array([1.5]))
    """
    rows = summarise_values(values, thresholds)
    rows = replace(rows, probabilities=probabilities, exact=np.quantile(values, probabilities, axis=1))
    if replicates == 1:
        return rows
    limits = np.array(thresholds)
    spread = tuple(
        Replicate(
            part.mean(axis=1),
            np.quantile(part, probabilities, axis=1),
            (part[:, None, :] > limits[:, None]).mean(axis=2),
        )
        for part in np.split(values, replicates, axis=1)
    )
    return replace(rows, spread_probabilities=probabilities, replicates=spread)


def _sorted(forest: Forest, figures: FloatArray, bins: BinLayout) -> Counted:
    counts, ends = forest.empty()
    for place, row in enumerate(forest.rows):
        forest.sort(place, figures[row], bins.table, counts, ends)
    return {0: counts}, ends
