"""Draws of drivers: uniforms become normal scores, these are correlated, and tables turn them into values.

Each step is a compiled loop over the vectors of a leaf.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.simulation.constants import LEAF
from ggu_costs.simulation.machine.compile import Level
from ggu_costs.simulation.machine.sampling import Sampling
from ggu_costs.typing import FloatArray, IntArray

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
        from ggu_costs.simulation.machine import _draw_kernels as kernels

        sampling, scores = self.sampling, self.scores
        forms = (level.kinds, level.numbers, level.tables)
        if not sampling.spread_evenly(level):
            kernels.draw_values(
                values, count, sampling.counter(leaf), int(level.dimensions[group]), sampling.streams[level.name],
                level.factor, level.correlated, *forms, scores, self.places,
            )  # fmt: skip
            return
        for d in range(len(level.names)):
            sampling.put_even_uniforms(scores[-2], d, leaf, count)
            kernels.normal_scores(scores[-2, :count], scores[d, :count], scores[-1], self.places)
        if level.correlated:
            kernels.correlate(scores, level.factor, count)
        kernels.driver_values(scores, values, count, *forms)
