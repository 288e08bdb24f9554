"""Evaluates leaves of 4,096 draws and folds what they give: the work of one thread, process or worker."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ggu_costs.errors import GguCostsError
from ggu_costs.simulation.constants import CHUNK, LEAF, LEAVES, NUMBERS, ONE, OPERANDS, POWER_OF_E, SUMS
from ggu_costs.simulation.machine.accumulate import NO_ROWS, NOT_KEPT, Accumulator, BinLayout, Sums, Totals, fold
from ggu_costs.simulation.machine.compile import Compiled
from ggu_costs.simulation.machine.draws import Draws, aligned
from ggu_costs.simulation.machine.instructions import SumProgram, needed_for
from ggu_costs.simulation.machine.sampling import Sampling
from ggu_costs.simulation.parts import UNIT_LEVEL
from ggu_costs.typing import FloatArray, IntArray

_LARGEST = 1e150  # what is larger overflows when it is squared
_NO_UNIT, _NONE_CLOSES = np.zeros(1, np.int64), np.full(1, -1)

Leaf = tuple[int, int]
"""Replicate and leaf."""


class _Program(NamedTuple):
    """A program of units, or of groups: its code and numbers, own registers, registers and first rows of outputs."""

    code: IntArray
    numbers: FloatArray
    own_rows: IntArray
    outputs: IntArray
    rows: IntArray


class NotFiniteError(GguCostsError, ArithmeticError):
    """Some figure of a leaf is not finite; a :class:`ModelOverflowError` says which.

    Attributes
    ----------
    replicate, leaf : int
        The leaf.
    """

    def __init__(self, message: str, *, replicate: int, leaf: int) -> None:
        self.replicate, self.leaf = replicate, leaf
        super().__init__(message)


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


@dataclass(eq=False)
class Evaluator:
    """The scratch of one thread, and the model and draws it works on.

    Attributes
    ----------
    compiled, sampling
        The model and its draws.
    most
        Only so many draws of a leaf; for the pilot.
    memory
        Draws of joint figures of the leaves that were summarised, shape (joints, draws), where they are remembered.
    """

    compiled: Compiled
    sampling: Sampling
    most: int = LEAF
    memory: dict[Leaf, FloatArray] | None = None
    registers: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        compiled = self.compiled
        self.registers = aligned(compiled.programs.registers, LEAF)
        self.registers[ONE] = 1.0
        first, shape = compiled.programs.sums_from, (compiled.programs.gathered.size, len(compiled.layout.groups), LEAF)
        self._grouped = self.registers[first : first + shape[0] * shape[1]].reshape(shape)
        self._draws = Draws(self.sampling, max(len(level.names) for level in compiled.levels))
        self._no_rows = Accumulator(
            BinLayout(np.zeros((0, 2)), NO_ROWS), Totals.empty(0, (0, 1), LEAVES), len(compiled.layout.outputs)
        )

    def count(self, leaf: int) -> int:
        """Draws in a leaf: 4,096, fewer in the last."""
        return min(self.most, self.sampling.draws - leaf * LEAF)

    def draw(self, place: int, first: int, last: int, replicate: int, leaf: int) -> None:
        """Put the drivers of a level into the registers, for some of its groups."""
        level, count = self.compiled.levels[place], self.count(leaf)
        many = len(level.names)
        for group in range(first, last):
            row = level.first + (group - first) * many
            self._draws.put(self.registers[row : row + many], level, group, (replicate, leaf), count)
        if level.exponentials:
            rows = (level.first + np.arange(last - first)[:, None] * many + np.array(level.exponentials)).reshape(-1)
            code = np.zeros((rows.size, 2 + OPERANDS), np.int64)
            code[:, 0], code[:, 1], code[:, 2] = POWER_OF_E, rows, rows
            self._carry_out(code, np.ones((rows.size, NUMBERS)), count)

    def prepare(self, replicate: int, leaf: int) -> None:
        """Draw what is not drawn per unit, and compute all that depends on the draw alone."""
        compiled = self.compiled
        for place, level in enumerate(compiled.levels):
            if level.name != UNIT_LEVEL:
                self.draw(place, 0, level.groups, replicate, leaf)
        self._carry_out(compiled.programs.draw_code, compiled.programs.draw_numbers, self.count(leaf))
        self._grouped[:] = 0.0
        self.registers[compiled.programs.gathered] = 0.0
        for row, start in zip(compiled.programs.joints, compiled.programs.joint_start, strict=True):
            self.registers[row] = start

    def _carry_out(self, code: IntArray, numbers: FloatArray, count: int) -> None:
        """Carry out instructions that concern no unit."""
        program = _Program(code, numbers[None], self.compiled.own_rows, NO_ROWS, NO_ROWS)
        self._evaluate(program, _NO_UNIT, _NONE_CLOSES, count, accumulator=self._no_rows)

    def _evaluate(
        self,
        program: _Program,
        units: IntArray,
        closing: IntArray,
        count: int,
        *,
        accumulator: Accumulator,
        kept: FloatArray = NOT_KEPT,
    ) -> None:
        """Carry out a program for some units, or groups."""
        from ggu_costs.simulation.machine import _engine_kernels

        compiled = self.compiled
        _engine_kernels.evaluate(
            program.code, program.numbers, program.own_rows, units, self.registers.reshape(-1),
            compiled.programs.scratch_from, count, program.outputs, program.rows, kept, closing, compiled.members,
            compiled.programs.gathered, self._grouped, *accumulator.arrays,
        )  # fmt: skip

    def _add_up(self, part: SumProgram, count: int, accumulator: Accumulator, kept: FloatArray = NOT_KEPT) -> None:
        """Carry out the program of some groups, whose units were all done; note its outputs, or keep them."""
        groups = len(part.numbers)
        rows = self.compiled.layout.group_row[part.which]
        program = _Program(part.code, part.numbers, part.own_rows, part.outputs, rows)
        self._evaluate(program, np.arange(groups), np.full(groups, -1), count, accumulator=accumulator, kept=kept)

    def _units(
        self,
        replicate: int,
        leaf: int,
        accumulator: Accumulator,
        *,
        only: frozenset[int] | None = None,
        keep: bool = False,
        program: _Program | None = None,
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Evaluate the units of a leaf, some at a time: the units, and what was kept of them.

        With `only`, no more than these units, and no sums over units; with a `program`, that one.
        """
        compiled, count = self.compiled, self.count(leaf)
        self.prepare(replicate, leaf)
        programs, rows = compiled.programs, compiled.layout.unit_row[compiled.programs.cells]
        if program is None:
            program = _Program(programs.unit_code, programs.unit_numbers, compiled.own_rows, programs.outputs, rows)
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
            kept = np.empty((programs.outputs.size, units.size, count)) if keep else NOT_KEPT
            self._evaluate(program, units, closes, count, accumulator=accumulator, kept=kept)
            yield units, kept

    def sums_of(self, leaves: Iterable[Leaf], wanted: Collection[int]) -> Iterator[tuple[int, FloatArray]]:
        """Evaluate leaves for some groups and joint figures alone; give row of the results and draws, leaf by leaf.

        Joint figures alone are remembered, perhaps: no unit is evaluated for these again.
        """
        programs, layout = self.compiled.programs, self.compiled.layout
        rests = [row for row, own in zip(programs.joints, layout.joint_row, strict=True) if int(own) in wanted]
        memory = self.memory if self.memory is not None and len(rests) == len(wanted) else {}
        if any(row < layout.joint_row.min(initial=layout.size) for row in wanted):
            rests += programs.gathered.tolist()
        needed = needed_for(programs.unit_code, map(int, rests))
        numbers = np.ascontiguousarray(programs.unit_numbers[:, needed])
        program = _Program(programs.unit_code[needed], numbers, self.compiled.own_rows, NO_ROWS, NO_ROWS)
        for replicate, leaf in leaves:
            if (replicate, leaf) in memory:
                remembered = zip(layout.joint_row.tolist(), memory[replicate, leaf], strict=True)
                yield from ((row, draws) for row, draws in remembered if row in wanted)
                continue
            with np.errstate(all="ignore"):
                for _ in self._units(replicate, leaf, self._no_rows, program=program):
                    pass
            yield from self.whole_rows(leaf, wanted)

    def whole_rows(self, leaf: int, wanted: Collection[int]) -> Iterator[tuple[int, FloatArray]]:
        """Groups and joint figures of the leaf evaluated last, where they are wanted: row of the results, draws."""
        for row, draws in self._whole_rows(leaf, wanted):
            if row in wanted:
                yield row, draws

    def _whole_rows(self, leaf: int, wanted: Collection[int]) -> Iterator[tuple[int, FloatArray]]:
        compiled, count = self.compiled, self.count(leaf)
        for place, output in enumerate(compiled.programs.gathered_outputs):
            for group in range(compiled.layout.group_rows[output]):
                yield int(compiled.layout.group_row[output]) + group, self._grouped[place, group, :count]
        for part in compiled.programs.sums:
            rows = compiled.layout.group_row[part.which]
            if not any(int(row) + group in wanted for row in rows for group in range(len(part.numbers))):
                continue
            kept = np.empty((part.which.size, len(part.numbers), count))
            self._add_up(part, count, self._no_rows, kept)
            for row, sums in zip(rows, kept, strict=True):
                yield from enumerate(sums, int(row))
        for place, row in enumerate(compiled.layout.joint_row):
            yield int(row), self.registers[compiled.programs.joints[place], :count]

    def _summarise_leaf(self, replicate: int, leaf: int, accumulator: Accumulator) -> FloatArray:
        """Evaluate a leaf: counts into the totals; return its sums, shape (rows of results, 7)."""
        compiled, count = self.compiled, self.count(leaf)
        accumulator.sums = np.zeros((compiled.layout.size, SUMS))
        with np.errstate(all="ignore"):  # what is not finite is found in the sums
            for _ in self._units(replicate, leaf, accumulator):
                pass
            for place, output in enumerate(compiled.programs.gathered_outputs):
                groups = place * len(compiled.layout.groups) + np.arange(int(compiled.layout.group_rows[output]))
                accumulator.add(self._grouped, groups, int(compiled.layout.group_row[output]), count)
            for part in compiled.programs.sums:
                self._add_up(part, count, accumulator)
            if compiled.programs.joints.size:
                accumulator.add(self.registers, compiled.programs.joints, int(compiled.layout.joint_row[0]), count)
                if self.memory is not None:
                    self.memory[replicate, leaf] = self.registers[compiled.programs.joints, :count]
            if not np.isfinite(accumulator.sums[:, :2]).all():
                raise NotFiniteError("a figure is not finite", replicate=replicate, leaf=leaf)
        return accumulator.sums

    def summarise(self, leaves: Iterable[Leaf], bin_layout: BinLayout, totals: Totals) -> tuple[list[Leaf], Sums]:
        """Evaluate leaves of one replicate: counts into `totals`; return which there were, and their sums as nodes."""
        nodes: Sums = {}
        done: list[Leaf] = []
        accumulator = Accumulator(bin_layout, totals, len(self.compiled.layout.outputs))
        for replicate, leaf in leaves:
            nodes[0, leaf] = self._summarise_leaf(replicate, leaf, accumulator)
            fold(nodes)
            done.append((replicate, leaf))
            if len(done) % LEAVES == 0:
                accumulator.flush()
        accumulator.flush()
        return done, nodes

    def kept(
        self, replicate: int, leaf: int, only: frozenset[int] | None = None
    ) -> Iterator[tuple[IntArray, FloatArray]]:
        """Evaluate a leaf, some units at a time: the units, and their outputs of shape (outputs, units, draws).

        With `only`, no more than these units.
        """
        with np.errstate(all="ignore"):
            yield from self._units(replicate, leaf, self._no_rows, only=only, keep=True)

    def values_of(self, replicate: int, leaf: int) -> FloatArray:
        """Outputs of every unit for a leaf, shape (outputs that have one, units, draws)."""
        values = np.empty((self.compiled.programs.outputs.size, self.compiled.units, self.count(leaf)))
        for units, kept in self.kept(replicate, leaf):
            values[:, units] = kept
        return values

    def drivers_of(self, replicate: int, leaf: int) -> dict[str, FloatArray]:
        """Values of the national drivers in a leaf."""
        level = self.compiled.levels[0]
        self.draw(0, 0, 1, replicate, leaf)
        return {name: self.registers[level.first + d, : self.count(leaf)].copy() for d, name in enumerate(level.names)}

    def _drivers_of_unit(self, unit: int, replicate: int, leaf: int) -> dict[str, FloatArray]:
        """Values of the drivers below national level in a leaf, as one unit has them; the leaf was prepared before."""
        compiled, levels = self.compiled, self.compiled.levels
        if levels[-1].name == UNIT_LEVEL:
            position = int(np.flatnonzero(compiled.order == unit)[0])
            first = position - position % CHUNK
            self.draw(len(levels) - 1, first, min(first + CHUNK, compiled.units), replicate, leaf)
        own = sorted(zip(compiled.own_rows[unit].tolist(), compiled.own_names, strict=False))  # level by level
        return {name: self.registers[row] for row, name in own}

    def overflow(self, replicate: int, leaf: int) -> ModelOverflowError:
        """Find the first draw of a leaf whose result is no finite number, or overflows when squared.

        Every output needs figures of units here: see :meth:`ggu_costs.simulation.spec.ModelSpec.with_units`.
        """
        bad = ~(np.abs(self.values_of(replicate, leaf)) < _LARGEST)
        draw = int(np.argmax(bad.any(axis=(0, 1))))
        unit = int(np.argmax(bad[:, :, draw].any(axis=0)))
        drivers = {name: float(values[draw]) for name, values in self.drivers_of(replicate, leaf).items()}
        drivers |= {name: float(values[draw]) for name, values in self._drivers_of_unit(unit, replicate, leaf).items()}
        stated = ", ".join(f"{name} = {value:.6g}" for name, value in drivers.items()) or "no drivers"
        where, code = f"draw {leaf * LEAF + draw}, unit number {unit}", self.compiled.layout.units[unit]
        return ModelOverflowError(
            f"the model gave a figure for {code} that is not finite in {where}, with {stated}",
            draw=leaf * LEAF + draw,
            replicate=replicate,
            drivers=drivers,
            remedy="Truncate a driver or correct the line in which it is used.",
        )
