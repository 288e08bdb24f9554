r"""Sums over the units of a group: of figures that every unit has, and of slots where only the sums are asked.

An output of which no unit is kept needs no figure of a unit: with the slots of :mod:`.programs`

.. math::  \sum_{i \in G} y_{id} = \sum_s K_{sd} \sum_{i \in G} u_{si} H_{p(s), id}

and the inner sum is a number where a slot has no part. Where it has one, it is taken once a draw and shared by all
outputs: a hundred outputs of the nation cost no more cells than one.

A **batch** of units, with the same groups in every grouping that drivers are drawn by, is gathered in a register and
added to its groups when it closes. Groups that are only asked for are added to unit by unit: so no sum depends on
which others are asked. Numbers are added exactly (:func:`math.fsum`), whatever their order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ggu_costs.simulation.constants import ADD, ADD_PRODUCT, ZERO
from ggu_costs.simulation.machine.instructions import Instructions, SumProgram
from ggu_costs.simulation.parts import Grouping, Specification
from ggu_costs.typing import FloatArray, IntArray


def are_levels(spec: Specification) -> list[bool]:
    """Whether drivers are drawn by each grouping: then its units stand together, in batches."""
    levels = {driver.level for driver in spec.drivers}
    return [grouping.name in levels for grouping in spec.groupings]


def first_groups(groupings: Sequence[Grouping]) -> list[int]:
    """Place of the first group of each grouping among all groups, the nation before them."""
    return [int(first) for first in np.cumsum([1, *(len(grouping.labels) for grouping in groupings)])[:-1]]


@dataclass(eq=False)
class _Part:
    """The program of some groups in the making: of all, or of the nation alone."""

    groups: int
    of_slots: IntArray
    program: Instructions = field(default_factory=Instructions)
    outputs: dict[int, int] = field(default_factory=dict)

    def made(self, first: int, places: Mapping[int, int]) -> SumProgram:
        """Return the program; `first` is the register in which sums begin, `places` numbers the others."""
        code, numbers = self.program.arrays(self.groups)
        which, outputs = np.array(list(self.outputs), np.int64), [places[row] for row in self.outputs.values()]
        return SumProgram(which, code, numbers, first + self.of_slots[: self.groups], np.array(outputs, np.int64))


class SumWriter:
    """Writes what sums need: instructions for units, and programs for groups.

    Attributes
    ----------
    gathered
        Registers in which outputs, and then slots, are gathered.
    outputs
        These outputs.
    first
        Register in which sums over groups begin.
    parts
        Programs of groups.
    """

    def __init__(self, spec: Specification, own: int) -> None:
        self.spec, self.groups = spec, len(spec.group_names)
        self._own = max(own, 1)  # operands of the drivers of a unit, before those of its sums
        starts, apart = first_groups(spec.groupings), [not level for level in are_levels(spec)]
        self._apart = [
            np.where(grouping.members < 0, -1, start + grouping.members)
            for grouping, start, alone in zip(spec.groupings, starts, apart, strict=True) if alone
        ]  # fmt: skip
        self._members = [np.arange(len(spec.units))]
        self._members += [
            np.flatnonzero(grouping.members == label)
            for grouping in spec.groupings for label in range(len(grouping.labels))
        ]  # fmt: skip
        self._slots: list[int] = []
        self.gathered: list[int] = []
        self.outputs: list[int] = []
        self.first = 0
        self.parts: list[_Part] = []

    def gather_output(self, program: Instructions, row: int, output: int, figure: int) -> None:
        """Add the figure of a unit to the sums of its groups; before any slot."""
        self.outputs.append(output)
        self._gather(program, row, figure, 1.0)

    def gather_slot(self, program: Instructions, row: int, slot: int, part: int, numbers: FloatArray) -> None:
        """Add a slot of a unit, without its coefficient, to the sums of its groups."""
        self._slots.append(slot)
        self._gather(program, row, part, numbers)

    def _gather(self, program: Instructions, row: int, source: int, numbers: float | FloatArray) -> None:
        program.emit(ADD, row, [source], [numbers])
        for place in range(len(self._apart)):
            operand = -1 - self._own - len(self.gathered) * len(self._apart) - place
            program.emit(ADD, operand, [source], [numbers])
        self.gathered.append(row)

    def rows_of_units(self, first: int) -> IntArray:
        """The register of each unit's group, of everything gathered and every grouping that is only asked for."""
        waste = len(self.gathered) * self.groups
        columns = [
            first + np.where(groups < 0, waste, thing * self.groups + groups)
            for thing in range(len(self.gathered)) for groups in self._apart
        ]  # fmt: skip
        return np.stack(columns, axis=1) if columns else np.zeros((len(self.spec.units), 0), np.int64)

    def add_up(
        self, coefficients: Mapping[int, Mapping[int, int]], plain: Mapping[int, FloatArray], row: Callable[[], int]
    ) -> None:
        """Write the programs of groups; take registers for the sums.

        Parameters
        ----------
        coefficients
            By output the register with the coefficient of each slot.
        plain
            Numbers of the units of the slots without a part.
        row
            Takes a register.
        """
        rows = [row() for _ in range(len(self.gathered) * self.groups + bool(self._apart))]
        self.first, operands = min(rows, default=0), {slot: -1 - place for place, slot in enumerate(self._slots)}
        things = len(self.outputs) + np.arange(len(self._slots))
        of_slots = things * self.groups + np.arange(self.groups)[:, None]
        for nation, groups in ((True, 1), (False, self.groups)):
            part = _Part(groups, of_slots)
            for output, slots in coefficients.items():
                if (self.spec.outputs[output].groups == "nation") is nation:
                    part.outputs[output] = self._sum(part, slots, operands, plain, row())
            if part.outputs:
                self.parts.append(part)

    def _sum(
        self, part: _Part, slots: Mapping[int, int], operands: Mapping[int, int], plain: Mapping[int, FloatArray],
        y: int,
    ) -> int:  # fmt: skip
        fixed: list[tuple[int, float | FloatArray]] = [
            (coefficient, self._exactly(plain[slot], part.groups))
            for slot, coefficient in slots.items() if slot not in operands
        ]  # fmt: skip
        part.program.combine(y, fixed or [(ZERO, 0.0)])
        for slot, coefficient in slots.items():
            if slot in operands:
                part.program.emit(ADD_PRODUCT, y, [coefficient, operands[slot]], [1.0])
        return y

    def _exactly(self, numbers: FloatArray, groups: int) -> FloatArray:
        """Sums of numbers over the units of each group."""
        return np.array([math.fsum(numbers[members].tolist()) for members in self._members[:groups]])
