"""Instructions for the kernels' machine, as lists in the making and as the arrays that the kernels read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ggu_costs.simulation.constants import ADD, NUMBERS, OPERANDS, OPERATIONS, SET, ZERO
from ggu_costs.typing import FloatArray, IntArray

AT_ONCE = 3
"""Coefficients that one instruction adds up."""


class DriverRows(NamedTuple):
    """Row of each national driver in the registers, and operand (below 0) of each other driver."""

    national: dict[str, int]
    local: dict[str, int]


@dataclass(eq=False)
class Instructions:
    """A list of instructions in the making."""

    code: list[tuple[int, ...]] = field(default_factory=list)
    numbers: list[tuple[float | FloatArray, ...]] = field(default_factory=list)

    def emit(
        self,
        operation: int,
        target: int,
        operands: Sequence[int] = (),
        numbers: Sequence[float | FloatArray] = (),
    ) -> int:
        """Add an instruction; return its target."""
        self.code.append((operation, target, *operands, *[ZERO] * (OPERANDS - len(operands))))
        self.numbers.append((*numbers, *[0.0] * (NUMBERS - len(numbers))))
        return target

    def combine(self, target: int, pairs: Sequence[tuple[int, float | FloatArray]]) -> int:
        """Target becomes the sum of numbers times rows."""
        first, rest = pairs[:AT_ONCE], pairs[AT_ONCE:]
        self.emit(SET, target, [row for row, _ in first], [number for _, number in first])
        for row, number in rest:
            self.emit(ADD, target, [row], [number])
        return target

    def arrays(self, units: int) -> tuple[IntArray, FloatArray]:
        """Code, shape (instructions, 7), and numbers per unit, shape (units, instructions, 5)."""
        table = np.zeros((units, len(self.code), NUMBERS))
        for place, row in enumerate(self.numbers):
            for column, number in enumerate(row):
                table[:, place, column] = number
        return np.array(self.code, np.int64).reshape(-1, 2 + OPERANDS), table


@dataclass(frozen=True, eq=False)
class SumProgram:
    """A program that runs for every group instead of every unit: sums of outputs of which no unit is kept.

    Attributes
    ----------
    which
        int64, shape (outputs,): which outputs it gives.
    code, numbers
        As those of units: int64, shape (instructions, 7), and float64, shape (groups, instructions, 5).
    own_rows
        int64, shape (groups, slots): register with the sum of each slot over the units of a group.
    outputs
        int64, shape (outputs,): register of each output.
    """

    which: IntArray
    code: IntArray
    numbers: FloatArray
    own_rows: IntArray
    outputs: IntArray


@dataclass(frozen=True, eq=False)
class Programs:
    """The programs and where their results stand.

    Attributes
    ----------
    draw_code, draw_numbers
        Instructions that are carried out once a leaf: int64, shape (instructions, 7), and float64, shape
        (instructions, 5).
    unit_code, unit_numbers
        Instructions for every unit; their numbers have shape (units, instructions, 5).
    registers
        Number of registers.
    scratch_from
        Registers from here on are scratch of one tile, in all programs.
    cells, outputs
        int64, shape (outputs that have a figure for every unit,): which outputs these are, and their registers.
    gathered
        int64: registers in which outputs, and then slots, are summed over the units of a batch.
    gathered_outputs
        int64: outputs that are gathered, the first of `gathered`; slots follow.
    sums_from
        First of the registers with sums over groups: of each thing that is gathered a register a group, and one for
        units in no group, which nothing reads.
    sum_rows
        int64, shape (units, gathered x groupings that no driver has as its level): the register of a unit's group.
    sums
        Programs of the groups.
    joints, joint_start
        int64 and float64, shape (joint figures,): register of each, and its value before the first unit.
    """

    draw_code: IntArray
    draw_numbers: FloatArray
    unit_code: IntArray
    unit_numbers: FloatArray
    registers: int
    scratch_from: int
    cells: IntArray
    outputs: IntArray
    gathered: IntArray
    gathered_outputs: IntArray
    sums_from: int
    sum_rows: IntArray
    sums: tuple[SumProgram, ...]
    joints: IntArray
    joint_start: FloatArray


def needed_for(code: IntArray, wanted: Iterable[int]) -> IntArray:
    """Return the places of the instructions of a program of units that some registers rest on.

    An instruction with a target below 0 adds to the sum of a group what the one before it gathers for all: it is needed
    where that one is.
    """
    needed, places = set(wanted), []
    for place in range(len(code) - 1, -1, -1):
        first = place
        while code[first, 1] < 0:
            first -= 1
        if int(code[first, 1]) in needed:
            needed.update(code[place, 2:].tolist())
            places.append(place)
    return np.array(places[::-1], np.int64)


def listing(code: IntArray, numbers: FloatArray) -> str:
    """A program in words, an instruction a line: target, operation, operands, numbers, without zeros at the end."""
    lines = []
    for (operation, target, *operands), own in zip(code.tolist(), numbers.tolist(), strict=True):
        while operands and operands[-1] == ZERO:
            operands.pop()
        while own and own[-1] == 0.0:
            own.pop()
        words = [f"r{target} {OPERATIONS[operation]}", *(f"r{operand}" for operand in operands)]
        lines.append(" ".join([*words, *(["|"] if own else []), *(f"{number:.4g}" for number in own)]))
    return "\n".join(lines)
