"""Evaluates leaves of 4,096 draws and folds what they give: the work of one thread, process or worker.

Sums are folded in a fixed binary tree over the leaves of a replicate: a node of level h covers 2**h leaves from a
multiple of 2**h. A run may be cut into any set of such nodes, done anywhere in any order; two finished neighbours
become their parent, and the bits never show the cut. Counts and extremes do not depend on order at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import GguCostsError
from ggu_costs.simulation.machine.compile import CHUNK
from ggu_costs.simulation.machine.draws import Draws, aligned
from ggu_costs.simulation.machine.programs import ONE, POWER_OF_E
from ggu_costs.simulation.machine.sampling import LEAF
from ggu_costs.simulation.parts import UNIT_LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.simulation.machine.compile import Compiled
    from ggu_costs.simulation.machine.sampling import Sampling
    from ggu_costs.typing import FloatArray, IntArray

__all__ = [
    "BINS", "DEVIATIONS", "LEAVES", "Evaluator", "Frames", "Leaf", "ModelOverflowError", "Notes", "Sums", "Totals",
    "fold", "per_bin_of", "total_of",
]  # fmt: skip

DEVIATIONS = 5.0
LANES, BLOCK = 32, 128
_NARROW, _LEAST = 1e-12, 1e-50
_LARGEST = 1e150
_NOT_KEPT = np.zeros((0, 0, 0))
_NO_CODE, _NO_ROWS, _NO_MEMBERS = np.zeros((0, 7), np.int64), np.zeros(0, np.int64), np.zeros((0, 0), np.int64)
_NO_UNIT, _NONE_CLOSES = np.zeros(1, np.int64), np.full(1, -1)
_OWN_VECTOR, _NO_DESK = np.full(1, -1), 2**40
LEAVES = 15
"""Whose draws can be counted in 16 bits."""
BINS = 2048
SUMS = 4
"""Per row: sum and sum of squares about the centre, sums of the values below and above the histogram."""

Leaf = tuple[int, int]
"""Replicate and leaf."""

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
        The values of the drivers in that draw: the national ones, and those of the unit's own class, region or self.
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
        return cls(np.column_stack([centre, per_bin_of(centre, sd), compiled.thresholds]), compiled.histogram)

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
    def empty(cls, compiled: Compiled, leaves: int | None = None, *, histograms: bool = True) -> Totals:
        """Nothing yet, of any number of draws or of so many leaves at most."""
        few = leaves is not None and leaves <= LEAVES
        return cls(
            np.zeros((compiled.histograms if histograms else 0, BINS + 2), np.uint16 if few else np.uint32),
            np.zeros(compiled.thresholds.shape, np.int64),
            np.tile(np.array([np.inf, -np.inf]), (compiled.results, 1)),
        )

    @classmethod
    def nothing(cls) -> Totals:
        """Of no rows at all."""
        return cls(np.zeros((0, BINS + 2), np.uint16), np.zeros((0, 1), np.int64), np.zeros((0, 2)))

    def widened(self) -> Totals:
        """Return the same, with room for any number of draws."""
        return Totals(self.histograms.astype(np.uint32), self.above.copy(), self.extremes.copy())

    def add(self, other: Totals) -> None:
        """Add what another part of the draws gave."""
        self.histograms += other.histograms
        self.above += other.above
        np.minimum(self.extremes[:, 0], other.extremes[:, 0], out=self.extremes[:, 0])
        np.maximum(self.extremes[:, 1], other.extremes[:, 1], out=self.extremes[:, 1])


def per_bin_of(centre: FloatArray, sd: FloatArray) -> FloatArray:
    """Bins per unit of the value: 2,048 over ten standard deviations.

    Where a pilot does not vary bins are narrow, but not so that the fourth power of a later draw, in bins, overflows.
    """
    least = np.maximum(np.abs(centre) * _NARROW, _LEAST)
    return np.asarray(BINS / (2 * DEVIATIONS * np.maximum(sd, least)))


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
class Notes:
    """Scratch for noting figures of a leaf in the rows of the results, and what they are noted in.

    Attributes
    ----------
    frames
        How each row is noted.
    totals
        Counts, added to in place.
    outputs
        Figures noted at a time.
    sums
        float64, shape (rows, 4): the sums of one leaf.
    counts
        uint16, shape (histograms, 2050): the counts of the totals, or what is not in these yet.
    """

    frames: Frames
    totals: Totals
    outputs: int = 1
    sums: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.zeros((len(self.frames.places), SUMS))
        self.lanes, self.bins = aligned(self.outputs, 2, LANES), aligned(BLOCK)
        whole = self.totals.histograms
        self.counts = whole if whole.dtype == np.uint16 else np.zeros(whole.shape, np.uint16)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """As the kernel wants them."""
        frames, totals = self.frames, self.totals
        return (
            frames.places, frames.table, self.lanes, self.bins, self.counts, self.sums, totals.above,
            totals.extremes,
        )  # fmt: skip

    def pour(self) -> None:
        """Add the counts to the totals: after 15 leaves at most, as they are of 16 bits."""
        if self.counts is not self.totals.histograms:
            self.totals.histograms += self.counts
            self.counts[:] = 0

    def take(self, figures: FloatArray, rows: IntArray, first: int, count: int) -> None:
        """Note rows of `figures`, shape (..., leaf), in rows of the results from `first` on."""
        from ggu_costs.simulation.machine import _engine_kernels

        many = rows.size  # a program without instructions, for units whose own vector is the row
        _engine_kernels.evaluate(
            _NO_CODE, np.zeros((many, 0, 5)), rows.reshape(-1, 1), np.arange(many), figures.reshape(-1), _NO_DESK,
            count, _OWN_VECTOR, np.array([first]), _NOT_KEPT, np.full(many, -1), _NO_MEMBERS, _NO_ROWS, _NOT_KEPT,
            *self.arrays,
        )  # fmt: skip


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
        self.bank = aligned(compiled.rows, LEAF)
        self.bank[ONE] = 1.0
        self._gathered = compiled.gathered[compiled.gathered >= 0]
        self._grouped = aligned(self._gathered.size, compiled.groups, LEAF)
        self._draws = Draws(self.sampling, max(len(level.names) for level in compiled.levels))
        self._not_noted = Notes(Frames(np.zeros((0, 2)), _NO_ROWS), Totals.nothing(), compiled.outputs.size)

    def count(self, leaf: int) -> int:
        """Draws in a leaf: 4,096, fewer in the last."""
        return min(self.most, self.sampling.draws - leaf * LEAF)

    def draw(self, place: int, first: int, last: int, replicate: int, leaf: int) -> None:
        """Put the drivers of a level into the bank, for some of its groups."""
        level, count = self.compiled.levels[place], self.count(leaf)
        many = len(level.names)
        for group in range(first, last):
            row = level.first + (group - first) * many
            self._draws.put(self.bank[row : row + many], level, group, (replicate, leaf), count)
        if level.exponentials:
            rows = (level.first + np.arange(last - first)[:, None] * many + np.array(level.exponentials)).reshape(-1)
            code = np.zeros((rows.size, 7), np.int64)
            code[:, 0], code[:, 1], code[:, 2] = POWER_OF_E, rows, rows
            self._carry_out(code, np.ones((rows.size, 5)), count)

    def prepare(self, replicate: int, leaf: int) -> None:
        """Draw what is not drawn per unit, and compute all that depends on the draw alone."""
        compiled = self.compiled
        for place, level in enumerate(compiled.levels):
            if level.name != UNIT_LEVEL:
                self.draw(place, 0, level.groups, replicate, leaf)
        self._carry_out(compiled.draw_code, compiled.draw_numbers, self.count(leaf))
        self._grouped[:] = 0.0
        self.bank[self._gathered] = 0.0
        for row, start in zip(compiled.joints, compiled.joint_start, strict=True):
            self.bank[row] = start

    def _carry_out(self, code: IntArray, numbers: FloatArray, count: int) -> None:
        """Carry out instructions that concern no unit."""
        self._evaluate((code, numbers[None], _NO_ROWS), _NO_UNIT, _NONE_CLOSES, count, notes=self._not_noted)

    def _evaluate(
        self,
        program: tuple[IntArray, FloatArray, IntArray],
        units: IntArray,
        closing: IntArray,
        count: int,
        *,
        notes: Notes,
        kept: FloatArray = _NOT_KEPT,
    ) -> None:
        """Carry out a program (code, numbers, vectors with outputs) for some units."""
        from ggu_costs.simulation.machine import _engine_kernels

        (code, numbers, outputs), compiled = program, self.compiled
        _engine_kernels.evaluate(
            code, numbers, compiled.own_rows, units, self.bank.reshape(-1), compiled.desk, count, outputs,
            compiled.unit_row, kept, closing, compiled.members, self._gathered, self._grouped, *notes.arrays,
        )  # fmt: skip

    def _units(
        self, replicate: int, leaf: int, notes: Notes, only: frozenset[int] | None = None, keep: bool = False
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Evaluate the units of a leaf, some at a time: the units, and what was kept of them.

        With `only`, no more than these units, and no sums over units.
        """
        compiled, count = self.compiled, self.count(leaf)
        self.prepare(replicate, leaf)
        program = (compiled.unit_code, compiled.unit_numbers, compiled.outputs)
        own = compiled.levels[-1].name == UNIT_LEVEL
        order, closing, wanted = compiled.order, compiled.closing, np.ones(compiled.units, dtype=bool)
        if only is not None:
            wanted, closing = np.isin(order, list(only)), np.full(compiled.units, -1)
            if not own:  # these are all there is to do
                order, closing, wanted = order[wanted], closing[wanted], wanted[wanted]
        step = CHUNK if own or keep else compiled.units
        for first in range(0, order.size, step):
            last = min(first + step, order.size)
            units, closes = order[first:last][wanted[first:last]], closing[first:last][wanted[first:last]]
            if units.size == 0:
                continue
            if own:
                self.draw(len(compiled.levels) - 1, first, last, replicate, leaf)
            kept = np.empty((compiled.outputs.size, units.size, count)) if keep else _NOT_KEPT
            self._evaluate(program, units, closes, count, notes=notes, kept=kept)
            yield units, kept

    def whole_rows(self, leaf: int) -> Iterator[tuple[int, FloatArray]]:
        """Groups and joint figures of the leaf evaluated last: row of the results, and its draws."""
        compiled, count = self.compiled, self.count(leaf)
        for place, first in enumerate(compiled.group_row[compiled.group_row >= 0]):
            for group in range(compiled.groups):
                yield int(first) + group, self._grouped[place, group, :count]
        for place, row in enumerate(compiled.joint_row):
            yield int(row), self.bank[compiled.joints[place], :count]

    def _summarise_leaf(self, replicate: int, leaf: int, notes: Notes) -> FloatArray:
        """Evaluate a leaf: counts into the totals; return its sums, shape (rows of results, 4)."""
        compiled, count = self.compiled, self.count(leaf)
        notes.sums = np.zeros((compiled.results, SUMS))
        with np.errstate(all="ignore"):  # what is not finite is found in the sums
            for _ in self._units(replicate, leaf, notes):
                pass
            groups = np.arange(compiled.groups)
            for place, first in enumerate(compiled.group_row[compiled.group_row >= 0]):
                notes.take(self._grouped, place * compiled.groups + groups, int(first), count)
            if compiled.joints.size:
                notes.take(self.bank, compiled.joints, int(compiled.joint_row[0]), count)
            if not np.isfinite(notes.sums[:, :2]).all():
                raise self.overflow(replicate, leaf)
        return notes.sums

    def summarise(self, leaves: Iterable[Leaf], frames: Frames, totals: Totals) -> tuple[list[Leaf], Sums]:
        """Evaluate leaves of one replicate: counts into `totals`; return which there were, and their sums as nodes."""
        nodes: Sums = {}
        done: list[Leaf] = []
        notes = Notes(frames, totals, self.compiled.outputs.size)
        for replicate, leaf in leaves:
            nodes[0, leaf] = self._summarise_leaf(replicate, leaf, notes)
            fold(nodes)
            done.append((replicate, leaf))
            if len(done) % LEAVES == 0:
                notes.pour()
        notes.pour()
        return done, nodes

    def kept(
        self, replicate: int, leaf: int, only: frozenset[int] | None = None
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Evaluate a leaf, some units at a time: the units, and their outputs of shape (outputs, units, draws).

        With `only`, no more than these units.
        """
        with np.errstate(all="ignore"):
            yield from self._units(replicate, leaf, self._not_noted, only, keep=True)

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

    def _drivers_of_unit(self, unit: int, replicate: int, leaf: int) -> dict[str, FloatArray]:
        """Values of the drivers below national level in a leaf, as one unit has them; the leaf was prepared before."""
        compiled, levels = self.compiled, self.compiled.levels[1:]
        found: dict[str, FloatArray] = {}
        if levels and levels[-1].name == UNIT_LEVEL:
            place = int(np.flatnonzero(compiled.order == unit)[0])
            first = place - place % CHUNK
            self.draw(len(levels), first, min(first + CHUNK, compiled.units), replicate, leaf)
        rows = compiled.own_rows[unit].tolist()
        for level in levels:
            last = level.first + len(level.names) * (CHUNK if level.name == UNIT_LEVEL else level.groups)
            inside = [row for row in rows if level.first <= row < last]
            found |= {level.names[(row - level.first) % len(level.names)]: self.bank[row] for row in inside}
        return found

    def overflow(self, replicate: int, leaf: int) -> ModelOverflowError:
        """Find the first draw of a leaf whose result is no finite number, or overflows when squared."""
        bad = ~(np.abs(self.values_of(replicate, leaf)) < _LARGEST)
        draw = int(np.argmax(bad.any(axis=(0, 1))))
        unit = int(np.argmax(bad[:, :, draw].any(axis=0)))
        drivers = {name: float(values[draw]) for name, values in self.drivers_of(replicate, leaf).items()}
        drivers |= {name: float(values[draw]) for name, values in self._drivers_of_unit(unit, replicate, leaf).items()}
        told = ", ".join(f"{name} = {value:.6g}" for name, value in drivers.items()) or "no drivers"
        place = f"draw {leaf * LEAF + draw}, unit number {unit}"
        return ModelOverflowError(
            f"the model gave a figure for {self.compiled.codes[unit]} that is not finite in {place}, with {told}",
            draw=leaf * LEAF + draw,
            replicate=replicate,
            drivers=drivers,
            remedy="Truncate a driver or correct the line in which it is used.",
        )
