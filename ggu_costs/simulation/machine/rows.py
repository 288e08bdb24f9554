"""Writes rows of the registers: uncertain numbers, adoption and indexation by year, powers and products."""

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from ggu_costs.simulation.constants import (
    ADOPTION,
    DIVIDE,
    GROWTH,
    MULTIPLY,
    ONE,
    POWER_OF_E,
    SHARED_ADOPTION,
)  # fmt: skip
from ggu_costs.simulation.machine.instructions import DriverRows, Instructions
from ggu_costs.simulation.parts import Affine, Curve, Index
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray

T = TypeVar("T")


class RowWriter:
    """Two programs in the making, of the draw and of the unit, and the rows that they fill; each is made once."""

    def __init__(self, spec: ModelSpec, drivers: DriverRows, first_row: int) -> None:
        self.spec, self.drivers = spec, drivers
        self.draw, self.unit = Instructions(), Instructions()
        self.next_row = first_row
        self.made: dict[object, Any] = {}

    def row(self) -> int:
        """Take the next row."""
        self.next_row += 1
        return self.next_row - 1

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Row or rows of something that is made once."""
        if key not in self.made:
            self.made[key] = make()
        made: T = self.made[key]
        return made

    # -- numbers that may be uncertain ------------------------------------------------------------------------------

    def is_local(self, affine: Affine) -> bool:
        """Whether a number differs between units."""
        varied = affine.by_unit is not None and bool(np.any(affine.by_unit != 0.0))
        return varied or any(name in self.drivers.local for name, _ in affine.drivers)

    def national(self, affine: Affine) -> int:
        """Row with the part of an affine number that depends on the draw alone."""
        pairs = [(self.drivers.national[name], w) for name, w in affine.drivers if name in self.drivers.national]
        key = ("affine", affine.constant, tuple(pairs))
        return self.once(key, lambda: self.draw.combine(self.row(), [(ONE, affine.constant), *pairs]))

    def whole(self, affine: Affine) -> int:
        """Row with an affine number, in the program of the unit where it needs that."""
        base = self.national(affine)
        if not self.is_local(affine):
            return base
        own = [(self.drivers.local[name], w) for name, w in affine.drivers if name in self.drivers.local]
        by_unit = np.zeros(len(self.spec.units)) if affine.by_unit is None else affine.by_unit
        key = ("own", base, tuple(own), by_unit.tobytes())
        return self.once(key, lambda: self.unit.combine(self.row(), [(base, 1.0), (ONE, by_unit), *own]))

    # -- years ------------------------------------------------------------------------------------------------------

    def curve(self, program: Instructions, curve: Curve) -> tuple[int, ...]:
        """Rows with adoption, a row a year."""
        steep = self.whole(curve.steepness)
        fixed, of_draw = curve.midpoint.by_unit, Affine(curve.midpoint.constant, curve.midpoint.drivers)
        moved = self.is_local(curve.midpoint) and not any(map(self.is_local, (of_draw, curve.steepness)))
        if moved and fixed is not None:
            middle = self.national(curve.midpoint)
            key: object = ("shifted curve", middle, fixed.tobytes(), steep, curve.times.tobytes())
            levels = self.once(key, lambda: self.shifted(steep, middle, fixed, curve.times))
        else:
            middle = self.whole(curve.midpoint)
            key = ("curve", middle, steep, curve.times.tobytes())
            levels = self.once(
                key, lambda: tuple(program.emit(ADOPTION, self.row(), [steep, middle], [t]) for t in curve.times)
            )
        if not curve.increments:
            return levels
        steps = [[(later, 1.0), (before, -1.0)] for before, later in itertools.pairwise(levels)]
        return self.once(("rise", key), lambda: (levels[0], *(program.combine(self.row(), step) for step in steps)))

    def shifted(self, steep: int, middle: int, fixed: FloatArray, times: FloatArray) -> tuple[int, ...]:
        """Adoption with the midpoint of the draw and so much later in a unit: one power of e of its own for all years.

        With steepness a, midpoint b and later by m, exp(a (b + m - n)) is exp(a m) exp(a (b - n)), of which only the
        first depends on the unit.
        """
        own = self.unit.emit(POWER_OF_E, self.row(), [steep], [fixed])
        rows = []
        for t in times:
            apart = self.draw.combine(self.row(), [(middle, 1.0), (ONE, -t)])
            year = self.draw.emit(POWER_OF_E, self.row(), [self.draw.emit(MULTIPLY, self.row(), [steep, apart])], [1.0])
            rows.append(self.unit.emit(SHARED_ADOPTION, self.row(), [steep, middle, own, year], [t, fixed]))
        return tuple(rows)

    def index(self, program: Instructions, index: Index) -> tuple[int, ...]:
        """Rows with indexation, a row a year."""
        rate = self.whole(index.rate)
        growth = self.once(("growth", rate), lambda: program.emit(GROWTH, self.row(), [rate]))
        return tuple(self.power(program, growth, int(power)) for power in index.powers)

    def power(self, program: Instructions, base: int, power: int) -> int:
        """Row with a whole power of a row."""
        if power == 0:
            return ONE
        if power == 1:
            return base

        def write() -> int:
            if power < 0:
                return program.emit(DIVIDE, self.row(), [ONE, self.power(program, base, -power)])
            left, right = self.power(program, base, power // 2), self.power(program, base, power - power // 2)
            return program.emit(MULTIPLY, self.row(), [left, right])

        return self.once(("power", base, power), write)

    def product(self, program: Instructions, left: int, right: int) -> int:
        """Row with the product of two rows."""
        if ONE in {left, right}:
            return right if left == ONE else left
        key = ("product", left, right)
        return self.once(key, lambda: program.emit(MULTIPLY, self.row(), [left, right]))
