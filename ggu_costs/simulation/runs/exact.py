"""Exact quantiles by a second pass: the draws are made again, and only those near the wanted order statistics are kept.

These are the bin or cell of each, unless it holds equal draws. Rows are taken in groups whose draws fit in
16 MiB. Where a bin or cell is so full that it does not fit by itself the quantile stays known to within it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ggu_costs.simulation.constants import BINS, BLOCK
from ggu_costs.simulation.machine.accumulate import BinLayout
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf
from ggu_costs.simulation.runs.cells import Ladder
from ggu_costs.simulation.runs.second_pass import draws_of, in_order
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.runs.workers import WorkerPool
from ggu_costs.typing import FloatArray, IntArray

_BUFFER = 2**21  # values: 16 MiB


@dataclass(frozen=True, eq=False)
class _Row:
    """What is wanted of a row: order statistics, and the bins or cells that hold them.

    Attributes
    ----------
    row
        Row of the results.
    ladder
        Its cells, where it has them.
    before
        Draws before each bin or cell.
    sizes
        Draws in each of those that are to be collected.
    """

    row: int
    ladder: Ladder | None
    before: IntArray
    sizes: dict[int, int]

    @classmethod
    def of(cls, result: Summaries, row: int, needed: IntArray) -> "_Row":
        """Look up where order statistics lie."""
        starts = result.cells.starts
        ladder = result.cells.row(row) if starts[row] < starts[row + 1] else None
        if ladder is None:
            counts = result.totals.histograms[result.state.bin_layout.places[row]].astype(np.int64)
            open_ones = counts > 0
        else:
            counts, open_ones = ladder.counts, ladder.low < ladder.high
        before = np.cumsum(counts) - counts
        wanted = np.unique(np.searchsorted(before, needed, side="right") - 1)
        sizes = {held: int(counts[held]) for held in wanted.tolist() if open_ones[held] and counts[held] <= _BUFFER}
        return cls(row, ladder, before, sizes)

    def statistics(self, needed: IntArray, ordered: dict[int, FloatArray]) -> FloatArray:
        """The order statistics, from the sorted draws of the bins or cells; NaN for those that did not fit."""
        found = np.full(needed.size, np.nan)
        for place, (inside, rank) in enumerate(
            zip((np.searchsorted(self.before, needed, side="right") - 1).tolist(), needed.tolist(), strict=True)
        ):
            if inside in ordered:
                found[place] = ordered[inside][rank - self.before[inside]]
            elif self.ladder is not None and self.ladder.low[inside] == self.ladder.high[inside]:
                found[place] = self.ladder.low[inside]
        return found


@dataclass(frozen=True, eq=False)
class _Collect:
    """Work for the pool: collect the draws in the wanted bins and cells of some rows over some leaves."""

    bin_layout: BinLayout
    wanted: tuple[_Row, ...]

    def __call__(self, evaluator: Evaluator, leaves: Iterable[Leaf]) -> tuple[IntArray, FloatArray]:
        from ggu_costs.simulation.machine import _engine_kernels

        table, sizes = self.bin_layout.table, [size for row in self.wanted for size in row.sizes.values()]
        starts = np.cumsum([0, *sizes], dtype=np.int64)
        cursor, buffer, bins = starts[:-1].copy(), np.empty(int(starts[-1])), aligned(BLOCK)
        slots, slot = [], 0
        for row in self.wanted:
            own = np.full(BINS + 2, -1, np.int64)
            if row.ladder is None:
                own[list(row.sizes)] = slot + np.arange(len(row.sizes))
            slots.append((own, slot))
            slot += len(row.sizes)
        for place, y in draws_of(evaluator, leaves, np.array([row.row for row in self.wanted])):
            row, (own, slot) = self.wanted[place], slots[place]
            if row.ladder is None:
                _engine_kernels.collect(y, table[row.row, 0], table[row.row, 1], own, bins, cursor, buffer)
                continue
            for k, cell in enumerate(row.sizes, slot):
                inside = y[(y >= row.ladder.low[cell]) & (y <= row.ladder.high[cell])]
                buffer[cursor[k] : cursor[k] + inside.size] = inside
                cursor[k] += inside.size
        taken = cursor - starts[:-1]
        values = [buffer[start : start + count] for start, count in zip(starts[:-1], taken, strict=True)]
        return taken, np.concatenate([*values, np.zeros(0)])


def exact_quantiles(
    workers: WorkerPool,
    result: Summaries,
    probabilities: Sequence[float],
    leaves: Sequence[Leaf],
    *,
    only_joints: bool = False,
) -> FloatArray:
    """Quantiles of every row with a histogram, or of joint figures, shape (probabilities, rows); NaN for the others."""
    bins = result.state.bin_layout
    asked = result.layout.joint_row if only_joints else np.flatnonzero(bins.places >= 0)
    exact = np.full((len(probabilities), len(bins.places)), np.nan)
    ranks = np.array(probabilities) * (result.draws - 1)
    below = np.floor(ranks).astype(np.int64)
    above = np.minimum(below + 1, result.draws - 1)
    needed = np.unique(np.concatenate([below, above]))
    rows = in_order(workers.compiled, asked.tolist())
    for wanted in _groups(_Row.of(result, row, needed) for row in rows):
        values: list[list[FloatArray]] = [[] for row in wanted for _ in row.sizes]
        if values:
            for taken, flat in workers.each(_Collect(bins, wanted), leaves):
                for pieces, piece in zip(values, np.split(flat, np.cumsum(taken)[:-1]), strict=False):
                    pieces.append(piece)
            if workers.stopped:
                return exact
        ordered = iter([np.sort(np.concatenate(pieces)) for pieces in values])
        for row in wanted:
            figures = row.statistics(needed, {held: next(ordered) for held in row.sizes})
            low, high = figures[np.searchsorted(needed, below)], figures[np.searchsorted(needed, above)]
            exact[:, row.row] = low + (ranks - below) * (high - low)
    return exact


def _groups(rows: Iterable[_Row]) -> Iterator[tuple[_Row, ...]]:
    """Rows in groups that fit in the buffer."""
    current: list[_Row] = []
    filled = 0
    for row in rows:
        size = sum(row.sizes.values())
        if current and filled + size > _BUFFER:
            yield tuple(current)
            current, filled = [], 0
        current.append(row)
        filled += size
    if current:
        yield tuple(current)
