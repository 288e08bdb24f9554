"""Evaluates leaves of 4,096 draws and folds what they give: the work of one thread, process or worker.

Sums are folded in a fixed binary tree over the leaves of a replicate: a node of level h covers 2**h leaves from a
multiple of 2**h. A run may be cut into any set of such nodes, done anywhere in any order; two finished neighbours
become their parent, and the bits never show the cut. Counts and extremes do not depend on order at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import GguCostsError
from ggu_costs.impact.compile import CHUNK
from ggu_costs.impact.programs import ONE
from ggu_costs.impact.sampling import LEAF
from ggu_costs.impact.spec import UNIT_LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.impact.compile import Batch, Compiled
    from ggu_costs.impact.sampling import Sampling
    from ggu_costs.typing import FloatArray, IntArray

__all__ = ["BINS", "DEVIATIONS", "Evaluator", "Frames", "ModelOverflowError", "Sums", "Totals", "fold", "total_of"]

DEVIATIONS = 5.0
TILE, LANES = 2048, 64
_NARROW = 1e-12
_LARGEST = 1e150
_NOT_KEPT = np.zeros((0, 0, 0))
BINS = 2048
SUMS = 4
"""Per row: sum and sum of squares about the centre, sums of the values below and above the histogram."""

Sums = dict[tuple[int, int], "FloatArray"]
"""Folded sums by node (level, place) of the tree of one replicate."""


class ModelOverflowError(GguCostsError, ArithmeticError):
    """The model gave a figure that is not finite.

    Attributes
    ----------
    draw : int
        The draw.
    replicate : int
        Its replicate.
    drivers : dict
        The values of the national drivers in that draw.
    """

    def __init__(self, message: str, *, draw: int, replicate: int, drivers: Mapping[str, float], remedy: str) -> None:
        self.draw, self.replicate, self.drivers = draw, replicate, dict(drivers)
        super().__init__(message, remedy=remedy)


@dataclass(frozen=True, eq=False)
class Frames:
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
    def made(cls, compiled: Compiled, centre: FloatArray, sd: FloatArray) -> Frames:
        """Histograms of 2,048 bins over five standard deviations on either side of the centre."""
        least = np.maximum(np.abs(centre) * _NARROW, np.finfo(float).tiny * 2**60)
        per_bin = BINS / (2 * DEVIATIONS * np.maximum(sd, least))
        return cls(np.column_stack([centre, per_bin, compiled.thresholds]), compiled.histogram)

    @classmethod
    def bare(cls, compiled: Compiled, centre: FloatArray) -> Frames:
        """Sums only, as the pilot wants."""
        table = np.column_stack([centre, np.ones(compiled.results), compiled.thresholds])
        return cls(table, np.full(compiled.results, -1, np.int64))


@dataclass(eq=False)
class Totals:
    """What does not depend on order: counts and extremes, added to in place.

    Attributes
    ----------
    histograms
        uint32, shape (histograms, 2050): below, 2,048 bins, above.
    above
        int64, shape (rows, thresholds).
    extremes
        float64, shape (rows, 2): the lowest value below and the highest above the histogram.
    """

    histograms: NDArray[np.uint32]
    above: IntArray
    extremes: FloatArray

    @classmethod
    def empty(cls, compiled: Compiled) -> Totals:
        """Nothing yet."""
        return cls(
            np.zeros((compiled.histograms, BINS + 2), np.uint32),
            np.zeros(compiled.thresholds.shape, np.int64),
            np.tile(np.array([np.inf, -np.inf]), (compiled.results, 1)),
        )

    def copy(self) -> Totals:
        """Return a copy."""
        return Totals(self.histograms.copy(), self.above.copy(), self.extremes.copy())

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
class Evaluator:
    """The scratch of one thread, and the model and draws it works on.

    Attributes
    ----------
    compiled, sampling
        The model and its draws.
    most
        Only so many draws of a leaf; for the pilot.
    """

    compiled: Compiled
    sampling: Sampling
    most: int = LEAF
    bank: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        compiled = self.compiled
        self.bank = np.zeros((compiled.rows, LEAF))
        self.bank[ONE] = 1.0
        self._gathered = compiled.gathered[compiled.gathered >= 0]
        self._sums = np.zeros((self._gathered.size, compiled.groups, LEAF))
        self._scores = np.zeros((max(len(level.names) for level in compiled.levels) + 1, LEAF))
        self._counters, self._points = np.zeros((4, LEAF // 2), np.uint64), np.zeros(LEAF, np.uint64)
        self._lanes = np.zeros((compiled.outputs.size, 2, LANES))
        self._bins = np.zeros(TILE, np.int32)
        self._no_frames = Frames(np.zeros((0, 2)), np.zeros(0, np.int64))
        nothing = Totals(np.zeros((0, BINS + 2), np.uint32), np.zeros((0, 1), np.int64), np.zeros((0, 2)))
        self._nothing_noted = (np.zeros((0, SUMS)), nothing.histograms, nothing.above, nothing.extremes)
        self._counts = np.zeros((compiled.outputs.size, BINS + 2), np.uint16)

    def count(self, leaf: int) -> int:
        """Draws in a leaf: 4,096, fewer in the last."""
        return min(self.most, self.sampling.draws - leaf * LEAF)

    def draw(self, place: int, first: int, last: int, replicate: int, leaf: int) -> None:
        """Put the drivers of a level into the bank, for some of its groups."""
        from ggu_costs.impact import _draw_kernels, _engine_kernels

        level, sampling = self.compiled.levels[place], self.sampling
        if level.names:
            shape = sampling.shape(place, first, last, replicate, leaf)
            values = self.bank[level.first :]
            _draw_kernels.draw_level(
                values, shape, sampling.streams[place], level.dimensions, level.factor, level.kinds, level.numbers,
                level.tables,
                sampling.columns[replicate], sampling.shifts[replicate], sampling.shuffles[replicate],
                self._scores, self._counters, self._points,
            )  # fmt: skip
            if level.exponentials:
                rows = [group * len(level.names) + d for group in range(last - first) for d in level.exponentials]
                _engine_kernels.exponentiate(values, np.array(rows, np.int64), int(shape[4]))

    def prepare(self, replicate: int, leaf: int) -> None:
        """Draw what is not drawn per unit, and compute all that depends on the draw alone."""
        from ggu_costs.impact import _engine_kernels

        compiled = self.compiled
        for place, level in enumerate(compiled.levels):
            if level.name != UNIT_LEVEL:
                self.draw(place, 0, level.groups, replicate, leaf)
        count, code, numbers = self.count(leaf), compiled.draw_code, compiled.draw_numbers
        for start in range(0, count, TILE):
            stop = min(start + TILE, count)
            _engine_kernels.run(code, numbers, compiled.own_rows[0], self.bank, compiled.desk, start, stop)
        self._sums[:] = 0.0
        for row, start in zip(compiled.joints, compiled.joint_start, strict=True):
            self.bank[row] = start

    def batches(self, replicate: int, leaf: int, only: frozenset[int] | None = None) -> Iterator[Batch]:
        """Units to evaluate together, with their own drivers drawn; afterwards their sum is added to their groups.

        With `only`, batches that hold none of these units are passed over.
        """
        compiled, drawn, count = self.compiled, -1, self.count(leaf)
        for batch in compiled.batches:
            if only is not None and only.isdisjoint(batch.units.tolist()):
                continue
            if compiled.levels[-1].name == UNIT_LEVEL and batch.chunk != drawn:
                drawn = batch.chunk
                first = drawn * CHUNK
                self.draw(len(compiled.levels) - 1, first, min(first + CHUNK, compiled.units), replicate, leaf)
            self.bank[self._gathered] = 0.0
            yield batch
            for place, row in enumerate(self._gathered):
                for group in batch.groups:
                    self._sums[place, group, :count] += self.bank[row, :count]

    def whole_rows(self, leaf: int) -> Iterator[tuple[int, FloatArray]]:
        """Groups and joint figures of the leaf evaluated last: row of the results, and its draws."""
        compiled, count = self.compiled, self.count(leaf)
        for place, first in enumerate(compiled.group_row[compiled.group_row >= 0]):
            for group in range(compiled.groups):
                yield int(first) + group, self._sums[place, group, :count]
        for place, row in enumerate(compiled.joint_row):
            yield int(row), self.bank[compiled.joints[place], :count]

    def _summarise_leaf(self, replicate: int, leaf: int, frames: Frames, totals: Totals) -> FloatArray:
        """Evaluate a leaf: counts into `totals`; return its sums, shape (rows of results, 4)."""
        from ggu_costs.impact import _engine_kernels

        compiled, count = self.compiled, self.count(leaf)
        sums = np.zeros((compiled.results, SUMS))
        noted = (sums, totals.histograms, totals.above, totals.extremes)
        with np.errstate(all="ignore"):  # what is not finite is found in the sums
            self.prepare(replicate, leaf)
            for batch in self.batches(replicate, leaf):
                self._cells(batch.units, frames, noted, _NOT_KEPT, count)
            for row, y in self.whole_rows(leaf):
                _engine_kernels.note_whole(
                    y, row, frames.table, int(frames.places[row]), self._lanes[0], self._bins, self._counts[0], *noted
                )
            if not np.isfinite(sums[:, :2]).all():
                raise self.overflow(replicate, leaf)
        return sums

    def _cells(
        self,
        units: IntArray,
        frames: Frames,
        noted: tuple[FloatArray, NDArray[np.uint32], IntArray, FloatArray],
        kept: FloatArray,
        count: int,
    ) -> None:
        from ggu_costs.impact import _engine_kernels

        compiled = self.compiled
        _engine_kernels.cells(
            compiled.unit_code, compiled.unit_numbers, compiled.own_rows, units, self.bank, compiled.desk,
            compiled.outputs, compiled.unit_row, frames.places, frames.table, self._lanes, self._bins, self._counts,
            *noted, kept, count,
        )  # fmt: skip

    def summarise(self, replicate: int, first: int, last: int, frames: Frames, totals: Totals) -> Sums:
        """Evaluate leaves `first` to `last` (exclusive) of a replicate: counts into `totals`, the sums as nodes."""
        nodes: Sums = {}
        for leaf in range(first, last):
            nodes[0, leaf] = self._summarise_leaf(replicate, leaf, frames, totals)
            fold(nodes)
        return nodes

    def kept(
        self, replicate: int, leaf: int, only: frozenset[int] | None = None
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Evaluate a leaf, some units at a time: the units, and their outputs of shape (outputs, units, draws).

        With `only`, no more than these units.
        """
        compiled, count = self.compiled, self.count(leaf)
        with np.errstate(all="ignore"):
            self.prepare(replicate, leaf)
            for batch in self.batches(replicate, leaf, only):
                asked = batch.units if only is None else batch.units[[unit in only for unit in batch.units.tolist()]]
                for start in range(0, asked.size, CHUNK):
                    units = asked[start : start + CHUNK]
                    kept = np.empty((compiled.outputs.size, units.size, count))
                    self._cells(units, self._no_frames, self._nothing_noted, kept, count)
                    yield units, kept

    def values_of(self, replicate: int, leaf: int) -> FloatArray:
        """Outputs of every unit for a leaf, shape (outputs, units, draws)."""
        values = np.empty((self.compiled.outputs.size, self.compiled.units, self.count(leaf)))
        for units, kept in self.kept(replicate, leaf):
            values[:, units] = kept
        return values

    def drivers_of(self, replicate: int, leaf: int) -> dict[str, FloatArray]:
        """Values of the national drivers in a leaf."""
        level = self.compiled.levels[0]
        self.draw(0, 0, 1, replicate, leaf)
        return {name: self.bank[level.first + d, : self.count(leaf)].copy() for d, name in enumerate(level.names)}

    def overflow(self, replicate: int, leaf: int) -> ModelOverflowError:
        """Find the first draw of a leaf whose result is no finite number, or overflows when squared."""
        bad = ~(np.abs(self.values_of(replicate, leaf)) < _LARGEST)
        draw = int(np.argmax(bad.any(axis=(0, 1))))
        unit = int(np.argmax(bad[:, :, draw].any(axis=0)))
        drivers = {name: float(values[draw]) for name, values in self.drivers_of(replicate, leaf).items()}
        told = ", ".join(f"{name} = {value:.6g}" for name, value in drivers.items())
        place = f"draw {leaf * LEAF + draw}, unit number {unit}"
        return ModelOverflowError(
            f"the model gave a figure that is not finite in {place}, with {told}",
            draw=leaf * LEAF + draw,
            replicate=replicate,
            drivers=drivers,
            remedy="Truncate a driver or correct the line in which it is used.",
        )
