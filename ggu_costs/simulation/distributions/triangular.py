"""Triangular: from a minimum, a mode and a maximum."""

import math
from collections.abc import Mapping

import numpy as np

from ggu_costs.figures import finite
from ggu_costs.simulation.distributions.family import SURE, Continuous, Marginal, Rule, checked, in_order, register
from ggu_costs.simulation.distributions.fits import three_points
from ggu_costs.typing import FloatArray


def mode_inside(low: float, mode: float, high: float) -> Rule | None:
    """Rule that low < high, and low <= mode <= high."""
    if None in (finite(low), finite(mode), finite(high)):  # no numbers: said by `checked`
        return None
    outside = ("mode", f"{float(mode):g}", f"{float(low):g} to {float(high):g}", "")
    return in_order(low, high, SURE) or (None if low <= mode <= high else outside)


def triangular(low: float, mode: float, high: float) -> Marginal:
    """Triangle with its top at `mode`; low <= mode <= high, low < high."""
    return checked("triangular", {"low": low, "mode": mode, "high": high}, mode_inside(low, mode, high))


@register
class Triangular(Continuous):
    """Parameters: low, mode, high."""

    kind = "triangular"
    make = staticmethod(triangular)

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        low, mode, high = p
        share, top = min(max((x - low) / (high - low), 0.0), 1.0), (mode - low) / (high - low)
        if share <= top:
            below = share * share / top if top else 0.0
            return below, 1.0 - below
        above = (1.0 - share) ** 2 / (1.0 - top)
        return 1.0 - above, above

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        low, mode, high = p
        left = low + np.sqrt(below * (high - low) * (mode - low))
        right = high - np.sqrt(above * (high - low) * (high - mode))
        return np.where(below * (high - low) <= mode - low, left, right)

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        low, mode, high = p
        with np.errstate(divide="ignore", invalid="ignore"):
            left = mass * np.sqrt((high - low) * (mode - low) / (4 * below))
            right = mass * np.sqrt((high - low) * (high - mode) / (4 * above))
        return np.where(below * (high - low) <= mode - low, left, right)

    def bend(self, p: tuple[float, ...]) -> float | None:
        low, mode, high = p
        return mode if low < mode < high else None

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        return three_points(triangular, stated)

    def from_moments(self, mean: float, sd: float) -> Marginal:
        half = sd * math.sqrt(6)
        return triangular(mean - half, mean, mean + half)
