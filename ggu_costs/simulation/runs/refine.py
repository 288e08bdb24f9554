"""Cells for the rows in which a bin holds too many draws, by going over the same draws again.

A bin that holds too many is divided evenly between its edges, into more parts the more it holds, and the draws are
counted once more; a part that holds too many is divided between the lowest and the highest draw in it, and so on. What
is divided hangs on counts and on lowest and highest draws only, and these do not depend on the order of the draws: so
cells are the same for any threads, workers and cuts into tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ggu_costs.simulation.constants import BINS, BLOCK
from ggu_costs.simulation.machine.accumulate import BinLayout, Totals
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf
from ggu_costs.simulation.runs.cells import Cells, Ladder, allowed
from ggu_costs.simulation.runs.rows import Replicate
from ggu_costs.simulation.runs.second_pass import draws_of, in_order, is_sum, joined
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.runs.workers import WorkerPool
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_PARTS = 2048
"""Parts that the full bins or cells of a row are divided into, together."""
_PASSES = 6
"""After so many what is left is 1e-19 of a bin wide."""
_SAME = 1e-14
"""Of a figure: so near to one another draws are the same, as those of a fixed sum that is shared out are."""
_BUFFER = 2**19
"""Cells of a pass: 12 MiB a thread."""


@dataclass(eq=False)
class Tree:
    """How the bins of a row are divided, as :func:`..machine._engine_kernels.sort_into` reads it.

    Attributes
    ----------
    row
        The row of the results.
    root
        int64, shape (2050,): a cell, or -1 - k for node k.
    origin, per_cell, first, last
        Of each node: where its range begins, parts per unit of the value, places of its first and last part.
    entries
        What each part is, as in `root`.
    cells
        How many cells there are.
    """

    row: int
    root: IntArray = field(default_factory=lambda: np.arange(BINS + 2))
    origin: FloatArray = field(default_factory=lambda: np.zeros(0))
    per_cell: FloatArray = field(default_factory=lambda: np.zeros(0))
    first: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    last: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    entries: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    cells: int = BINS + 2

    @classmethod
    def of(cls, row: int, counts: IntArray, ends: FloatArray) -> Tree | None:
        """A tree for a row with such counts and ends of its bins; None where no bin holds too many."""
        before = np.cumsum(counts) - counts
        tree = cls(row)
        full = counts > allowed(int(counts.sum()), before, counts)
        return tree if tree.divide(np.flatnonzero(full), counts, ends) else None

    def divide(self, full: IntArray, counts: IntArray, ends: FloatArray) -> bool:
        """Divide cells that hold too many; whether any could be."""
        low, high = ends[full].T
        many = np.maximum(2, _PARTS * counts[full] // max(int(counts[full].sum()), 1))
        with np.errstate(all="ignore"):
            per_cell = many / (high - low)
        apart = (high - low > _SAME * np.maximum(np.abs(low), np.abs(high))) & np.isfinite(per_cell)
        cells, many = full[apart], many[apart]  # of others draws are equal, but for the rounding of sums
        entry = np.arange(self.cells)
        entry[cells] = -1 - len(self.origin) - np.arange(cells.size)
        self.root, old = (np.where(known < 0, known, entry[known]) for known in (self.root, self.entries))
        ending = len(old) + np.cumsum(many)
        self.origin, self.per_cell = np.append(self.origin, low[apart]), np.append(self.per_cell, per_cell[apart])
        self.first, self.last = np.append(self.first, ending - many), np.append(self.last, ending - 1)
        self.entries = np.append(old, self.cells + np.arange(many.sum()))
        self.cells += int(many.sum())
        return bool(cells.size)

    def ladder(self, counts: IntArray, ends: FloatArray) -> tuple[Ladder, IntArray]:
        """The cells that hold draws, ascending, and which they are."""
        filled = np.flatnonzero(counts)
        order = filled[np.argsort(ends[filled, 0], kind="stable")]
        return Ladder(counts[order], ends[order, 0], ends[order, 1]), order


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees of some rows in one, with the places of their cells one after the other."""

    rows: IntArray
    starts: IntArray
    roots: IntArray
    origin: FloatArray
    per_cell: FloatArray
    first: IntArray
    last: IntArray
    entries: IntArray

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> Forest:
        """Put trees together."""
        starts = np.cumsum([0, *(tree.cells for tree in trees)])
        nodes = np.cumsum([0, *(len(tree.origin) for tree in trees)])
        places = np.cumsum([0, *(len(tree.entries) for tree in trees)])

        def moved(entries: IntArray, tree: int) -> IntArray:
            return np.asarray(np.where(entries < 0, entries - nodes[tree], entries + starts[tree]))

        numbered = list(enumerate(trees))
        return cls(
            np.array([tree.row for tree in trees]), starts, np.stack([moved(tree.root, k) for k, tree in numbered]),
            np.concatenate([tree.origin for tree in trees]), np.concatenate([tree.per_cell for tree in trees]),
            joined([tree.first + places[k] for k, tree in numbered]),
            joined([tree.last + places[k] for k, tree in numbered]),
            joined([moved(tree.entries, k) for k, tree in numbered]),
        )  # fmt: skip

    def empty(self) -> tuple[IntArray, FloatArray]:
        """No draws in any cell."""
        return np.zeros(self.starts[-1], np.int64), np.tile(np.array([np.inf, -np.inf]), (self.starts[-1], 1))

    def sort(self, place: int, y: FloatArray, table: FloatArray, counts: IntArray, ends: FloatArray) -> None:
        """Count draws of one of the rows."""
        from ggu_costs.simulation.machine import _engine_kernels

        centre, per_bin = table[self.rows[place], :2]
        _engine_kernels.sort_into(
            y, centre, per_bin, self.roots[place], self.origin, self.per_cell, self.first, self.last, self.entries,
            aligned(BLOCK), counts, ends,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Sort:
    """Work for the pool: count the draws of some leaves of one replicate in the cells of a forest."""

    bin_layout: BinLayout
    forest: Forest

    def __call__(self, evaluator: Evaluator, leaves: Iterable[Leaf]) -> tuple[int, IntArray, FloatArray]:
        (counts, ends), own = self.forest.empty(), list(leaves)
        for place, y in draws_of(evaluator, own, self.forest.rows):
            self.forest.sort(place, y, self.bin_layout.table, counts, ends)
        return own[0][0], counts, ends


Counted = tuple[dict[int, "IntArray"], "FloatArray"]
"""What cells hold, by replicate, and their lowest and highest draws."""
Found = dict[int, tuple["Ladder", dict[int, "IntArray"]]]
"""By row its cells, and what they hold by replicate."""


def refined(workers: WorkerPool, result: Summaries, leaves: Sequence[Leaf]) -> Summaries:
    """Return a result with cells for the rows that need them; as it was after an interrupt."""
    compiled, bins = workers.compiled, result.state.bin_layout

    def count(forest: Forest) -> Counted | None:
        held: dict[int, IntArray] = {}
        _, ends = forest.empty()
        for replicate, counts, found in workers.each(_Sort(bins, forest), leaves):
            held[replicate] = held.get(replicate, 0) + counts
            np.minimum(ends[:, 0], found[:, 0], out=ends[:, 0])
            np.maximum(ends[:, 1], found[:, 1], out=ends[:, 1])
        return None if workers.stopped else (held, ends)

    trees = {tree.row: tree for tree in trees_of(bins, result.totals, result.sums)}
    order = in_order(compiled, list(trees))
    sums, units = ([trees[row] for row in order if is_sum(compiled, row) is of_sums] for of_sums in (True, False))
    found = cells_of([sums, units], count)
    if not found:
        return result
    spread = result.spread
    if spread:
        replicates = sorted(result.state.spread)
        levels = result.state.probabilities
        spread = tuple(
            _respread(part, replicate, levels, found) for part, replicate in zip(spread, replicates, strict=True)
        )
    result.state.cells = Cells.of(len(bins.places), ladders(found))
    return replace(result, spread=spread)


def trees_of(bins: BinLayout, totals: Totals, sums: FloatArray) -> Iterator[Tree]:
    """Give a tree for every row in which a bin holds too many draws."""
    counts, kept = totals.histograms, np.flatnonzero(bins.places >= 0)
    if not kept.size:
        return
    draws = int(counts[0].sum(dtype=np.int64))
    most = counts.max(axis=1)
    for row in kept[most > allowed(draws, np.zeros(1, np.int64), np.zeros(1, np.int64))].tolist():
        centre, per_bin = bins.table[row, :2]
        if sums[row, 1] == 0.0:
            continue  # never varies
        edges = centre + (np.arange(BINS + 3) - (BINS / 2 + 1)) / per_bin
        edges[0], edges[-1] = totals.extremes[row]
        tree = Tree.of(row, counts[bins.places[row]].astype(np.int64), np.column_stack([edges[:-1], edges[1:]]))
        if tree is not None:
            yield tree


def ladders(found: Found) -> dict[int, Ladder]:
    """The cells of each row."""
    return {row: ladder for row, (ladder, _) in found.items()}


def cells_of(groups: Sequence[Sequence[Tree]], count: Callable[[Forest], Counted | None]) -> Found:
    """Go over the draws until no cell holds too many; after an interrupt nothing is found."""
    found: Found = {}
    for _ in range(_PASSES):
        following: list[list[Tree]] = []
        for group in groups:
            left: list[Tree] = []
            for trees in _fitting(group):
                forest = Forest.of(trees)
                counted = count(forest)
                if counted is None:
                    return {}
                held, ends = counted
                for tree, start, stop in zip(trees, forest.starts, forest.starts[1:], strict=False):
                    parts = {replicate: counts[start:stop] for replicate, counts in held.items()}
                    whole = np.sum(list(parts.values()), axis=0)
                    ladder, order = tree.ladder(whole, ends[start:stop])
                    found[tree.row] = ladder, {replicate: counts[order] for replicate, counts in parts.items()}
                    if tree.divide(order[ladder.coarse()], whole, ends[start:stop]):
                        left.append(tree)
            following.append(left)
        if not any(following):
            break
        groups = following
    return found


def _fitting(trees: Sequence[Tree]) -> Iterator[list[Tree]]:
    """Trees in groups whose cells fit in the buffer."""
    group: list[Tree] = []
    for tree in trees:
        if group and sum(other.cells for other in group) + tree.cells > _BUFFER:
            yield group
            group = []
        group.append(tree)
    if group:
        yield group


def _respread(part: Replicate, replicate: int, levels: Sequence[float], found: Found) -> Replicate:
    """Figures of a replicate with its quantiles from the cells."""
    quantiles = part.quantiles.copy()
    for row, (ladder, held) in found.items():
        counts = held[replicate]
        filled: BoolArray = counts > 0
        rungs = Ladder(counts[filled], ladder.low[filled], ladder.high[filled])
        ranks = np.array(levels) * (counts.sum() - 1)
        whole = np.floor(ranks).astype(np.int64)
        quantiles[:, row] = rungs.at(whole, ranks - whole)[0]
    return replace(part, quantiles=quantiles)
