"""Exact quantiles by a second pass: the draws are made again, and only the bins that hold the wanted order statistics
are kept.

Rows are taken in groups whose bins fit in 16 MiB. A bin so full that it does not fit by itself (a figure that hardly
varies) keeps the quantile of the histogram, which is then as narrow as the bin.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ggu_costs.simulation.constants import BINS, BLOCK
from ggu_costs.simulation.machine.accumulate import BinLayout
from ggu_costs.simulation.machine.compile import Compiled
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.runs.workers import WorkerPool
from ggu_costs.typing import FloatArray, IntArray

_BUFFER = 2**21  # values: 16 MiB


@dataclass(frozen=True, eq=False)
class _Wanted:
    """Bins to collect for some rows.

    Attributes
    ----------
    rows
        Rows of the results.
    slots
        Per row its bins: int64, shape (rows, 2050), place of the bin, -1 for none.
    starts
        Where each bin's values begin in the buffer; the last is the length of the buffer.
    """

    rows: IntArray
    slots: IntArray
    starts: IntArray


@dataclass(frozen=True, eq=False)
class _Collect:
    """Work for the pool: collect the values in the wanted bins over some leaves."""

    bin_layout: BinLayout
    wanted: _Wanted

    def __call__(self, evaluator: Evaluator, leaves: Iterable[Leaf]) -> tuple[IntArray, FloatArray]:
        from ggu_costs.simulation.machine import _engine_kernels

        wanted, table = self.wanted, self.bin_layout.table
        cursor, buffer = wanted.starts[:-1].copy(), np.empty(int(wanted.starts[-1]))
        bins = aligned(BLOCK)
        place_of = {int(row): place for place, row in enumerate(wanted.rows)}

        def take(row: int, y: FloatArray) -> None:
            place = place_of.get(row)
            if place is not None:
                _engine_kernels.collect(y, table[row, 0], table[row, 1], wanted.slots[place], bins, cursor, buffer)

        only = _units_of(evaluator.compiled, wanted.rows)
        for replicate, leaf in leaves:
            for units, kept in evaluator.kept(replicate, leaf, only):
                for o, start in enumerate(evaluator.compiled.layout.unit_row):
                    if start >= 0:
                        for u, unit in enumerate(units):
                            take(int(start + unit), kept[o, u])
            if only is None:
                for row, y in evaluator.whole_rows(leaf):
                    take(row, y)
        taken = cursor - wanted.starts[:-1]
        values = [buffer[start : start + count] for start, count in zip(wanted.starts[:-1], taken, strict=True)]
        return taken, np.concatenate([*values, np.zeros(0)])


def _units_of(compiled: Compiled, rows: IntArray) -> frozenset[int] | None:
    """Units the rows belong to; None where sums over all units are among the rows."""
    units = frozenset(map(compiled.layout.unit_of, rows.tolist()))
    return None if -1 in units else units


def exact_quantiles(
    workers: WorkerPool, result: Summaries, probabilities: Sequence[float], leaves: Sequence[Leaf]
) -> FloatArray:
    """Quantiles of every row with a histogram, shape (probabilities, rows); NaN for the others."""
    bins = result.state.bin_layout
    rows = np.flatnonzero(bins.places >= 0)
    exact = np.full((len(probabilities), len(bins.places)), np.nan)
    ranks = np.array(probabilities) * (result.draws - 1)
    below = np.floor(ranks).astype(np.int64)
    above = np.minimum(below + 1, result.draws - 1)
    needed = np.unique(np.concatenate([below, above]))
    for wanted, before in _groups(workers.compiled, result, rows, needed):
        parts = list(workers.each(_Collect(bins, wanted), leaves))
        if workers.stopped:
            return exact
        values: list[list[FloatArray]] = [[] for _ in wanted.starts[1:]]
        for taken, flat in parts:
            for pieces, piece in zip(values, np.split(flat, np.cumsum(taken)[:-1]), strict=False):
                pieces.append(piece)
        ordered = [np.sort(np.concatenate(pieces)) for pieces in values]
        for row, own_slots, own_before in zip(wanted.rows, wanted.slots, before, strict=True):
            inside = np.searchsorted(own_before, needed, side="right") - 1
            figures = np.array([
                ordered[slot][rank - start] if slot >= 0 else np.nan
                for slot, rank, start in zip(own_slots[inside], needed, own_before[inside], strict=True)
            ])  # fmt: skip
            low, high = figures[np.searchsorted(needed, below)], figures[np.searchsorted(needed, above)]
            exact[:, row] = low + (ranks - below) * (high - low)
    return exact


def _groups(
    compiled: Compiled, result: Summaries, rows: IntArray, needed: IntArray
) -> Iterator[tuple[_Wanted, IntArray]]:
    """Rows in groups that fit in the buffer: sums over units first, then the units in their order."""
    position = {int(unit): place for place, unit in enumerate(compiled.order)} | {-1: -1}
    current: list[tuple[int, dict[int, int], IntArray]] = []
    filled = 0
    for row in sorted(rows.tolist(), key=lambda row: position[compiled.layout.unit_of(row)]):
        counts = result.totals.histograms[result.state.bin_layout.places[row]].astype(np.int64)
        before = np.cumsum(counts) - counts
        bins = np.unique(np.searchsorted(before, needed, side="right") - 1)
        sizes = {bin_: int(counts[bin_]) for bin_ in bins.tolist() if counts[bin_] <= _BUFFER}
        size = sum(sizes.values())
        if current and filled + size > _BUFFER:
            yield _packed(current)
            current, filled = [], 0
        current.append((row, sizes, before))
        filled += size
    if current:
        yield _packed(current)


def _packed(current: Sequence[tuple[int, dict[int, int], IntArray]]) -> tuple[_Wanted, IntArray]:
    slots = np.full((len(current), BINS + 2), -1, np.int64)
    sizes: list[int] = []
    for place, (_, own_sizes, _) in enumerate(current):
        for bin_, size in own_sizes.items():
            slots[place, bin_] = len(sizes)
            sizes.append(size)
    starts = np.concatenate([[0], np.cumsum(np.array(sizes, np.int64))]).astype(np.int64)
    rows = np.array([row for row, _, _ in current], np.int64)
    return _Wanted(rows, slots, starts), np.stack([before for _, _, before in current])
