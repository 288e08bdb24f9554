"""Uniform: every value between two bounds equally likely."""

import math
from collections.abc import Mapping

import numpy as np

from ggu_costs.simulation.distributions.family import SURE, Continuous, Marginal, checked, in_order, register
from ggu_costs.simulation.distributions.fits import straight_line
from ggu_costs.typing import FloatArray


def uniform(low: float, high: float) -> Marginal:
    """Every value between `low` and `high` equally likely; low < high.

    Examples
    --------
    >>> uniform(1.0, 3.0).parameters
    (1.0, 3.0)
    """
    return checked("uniform", {"low": low, "high": high}, in_order(low, high, SURE))


@register
class Uniform(Continuous):
    """Parameters: low, high."""

    kind = "uniform"
    make = staticmethod(uniform)

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        share = min(max((x - p[0]) / (p[1] - p[0]), 0.0), 1.0)
        return share, 1.0 - share

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        low, high = p
        return np.where(below <= above, low + below * (high - low), high - above * (high - low))

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        return mass * (p[1] - p[0])

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        centre, spread = straight_line(stated)
        return uniform(centre - spread / 1.6, centre + spread / 1.6)  # P10 and P90 hold eight tenths of it

    def from_moments(self, mean: float, sd: float) -> Marginal:
        half = sd * math.sqrt(3)
        return uniform(mean - half, mean + half)
