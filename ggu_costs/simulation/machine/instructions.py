"""Instructions for the kernels' machine, as lists in the making and as the arrays that the kernels read."""

from collections.abc import Sequence
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
class Programs:
    """The two programs and where their results stand.

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
        Registers from here on are scratch of one tile, in both programs.
    outputs
        int64, shape (outputs,): register of each output.
    gathered
        int64, shape (outputs,): register in which an output is summed over units, -1 where no groups are kept.
    joints, joint_start
        int64 and float64, shape (joint figures,): register of each, and its value before the first unit.
    """

    draw_code: IntArray
    draw_numbers: FloatArray
    unit_code: IntArray
    unit_numbers: FloatArray
    registers: int
    scratch_from: int
    outputs: IntArray
    gathered: IntArray
    joints: IntArray
    joint_start: FloatArray


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
