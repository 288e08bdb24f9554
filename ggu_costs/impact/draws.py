"""Draws of drivers: uniforms become normal scores, these are correlated, and tables turn them into values.

One vector of a leaf at a time, each step a compiled loop; a step that no driver of the model needs is not compiled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.impact.sampling import LEAF
from ggu_costs.impact.tables import STEPS, TABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.impact.compile import Level
    from ggu_costs.impact.sampling import Sampling
    from ggu_costs.typing import FloatArray, IntArray

__all__ = ["Draws", "aligned"]

_LINE = 64


def aligned(*shape: int, dtype: type = float) -> NDArray[Any]:
    """Return zeros that begin on a line of the processor's cache: a vector that straddles two lines costs double."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    room = np.zeros(size + _LINE, np.uint8)
    first = -room.ctypes.data % _LINE
    return room[first : first + size].view(dtype).reshape(shape)


@dataclass(eq=False)
class Draws:
    """Scratch of one thread for drawing the drivers of levels."""

    sampling: Sampling
    most: int
    scores: FloatArray = field(init=False)
    places: IntArray = field(init=False)

    def __post_init__(self) -> None:
        self.scores, self.places = aligned(self.most + 2, LEAF), aligned(LEAF, dtype=np.int64)

    def put(self, values: FloatArray, level: Level, group: int, leaf: tuple[int, int], count: int) -> None:
        """Put the drivers of a level for one of its groups, one row a driver; `leaf` is (replicate, leaf).

        Where the driver is the exponential of a score, the score is put.
        """
        from ggu_costs.impact import _draw_kernels as kernels

        scores, uniforms, scratch = self.scores, self.scores[-2], self.scores[-1]
        for d in range(len(level.names)):
            self.sampling.put_uniforms(uniforms, level, d, group, leaf, count=count)
            kernels.normal_scores(uniforms[:count], scores[d, :count], scratch, self.places)
        if level.correlated:
            kernels.correlate(scores, level.factor, count)
        for d, (kind, start, size) in enumerate(level.kinds.tolist()):
            z, x, (first, second) = scores[d, :count], values[d, :count], level.numbers[d]
            if kind == TABLE:
                kernels.table_values(z, x, first, second, level.tables[start : start + size])
            elif kind == STEPS:
                kernels.step_values(z, x, level.tables[start : start + size])
            else:
                np.add(first, np.multiply(second, z, out=x), out=x)
