"""Beta between two bounds, and PERT: the beta that a minimum, a mode and a maximum stand for."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import read_number
from ggu_costs.simulation.distributions.family import (
    Continuous,
    Marginal,
    checked,
    in_order,
    positive,
    refuse,
    register,
)
from ggu_costs.simulation.distributions.fits import SCORES, Z90, at_scores, three_points
from ggu_costs.simulation.distributions.triangular import mode_inside
from ggu_costs.typing import BoolArray, FloatArray

_PERT = 4.0


def beta(alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> Marginal:
    """Beta between `low` and `high`; alpha and beta above 0."""
    numbers = {"alpha": alpha, "beta": beta, "low": low, "high": high}
    return checked("beta", numbers, positive("alpha", alpha), positive("beta", beta), in_order(low, high))


def pert(low: float, mode: float, high: float, shape: float = _PERT) -> Marginal:
    """PERT: a beta distribution between `low` and `high` with mean (low + shape mode + high) / (shape + 2)."""
    numbers = {"low": low, "mode": mode, "high": high, "shape": shape}
    return checked("pert", numbers, mode_inside(low, mode, high), positive("shape", shape))


@register
class Beta(Continuous):
    """Parameters: alpha, beta, low, high."""

    kind = "beta"
    make: ClassVar[Callable[..., Marginal]] = staticmethod(beta)

    def standard(self, p: tuple[float, ...]) -> tuple[float, float, float, float]:
        """Alpha, beta, low and high."""
        alpha, other, low, high = p
        return alpha, other, low, high

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        from scipy.special import betainc, betaincc

        alpha, other, low, high = self.standard(p)
        share = min(max((x - low) / (high - low), 0.0), 1.0)
        return float(betainc(alpha, other, share)), float(betaincc(alpha, other, share))

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        low, high = self.standard(p)[2:]
        share, near = self._share(p, below, above)
        return np.where(near, low + share * (high - low), high - share * (high - low))

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        from scipy.special import betaln, xlog1py, xlogy

        alpha, other, low, high = self.standard(p)
        share, near = self._share(p, below, above)
        a, b = np.where(near, alpha, other), np.where(near, other, alpha)
        logarithm = xlogy(a - 1, share) + xlog1py(b - 1, -share) - betaln(alpha, other)
        return np.asarray(mass * np.exp(-logarithm) * (high - low))

    def _share(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Distance to the nearer bound as a share, and where that is the lower: the other is its complement."""
        from scipy.special import betaincinv

        alpha, other = self.standard(p)[:2]
        near: BoolArray = below <= above
        share: FloatArray = np.empty(below.shape)
        share[near], share[~near] = betaincinv(alpha, other, below[near]), betaincinv(other, alpha, above[~near])
        return share, near

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        """Alpha and beta by least squares on their logarithms."""
        from scipy.optimize import least_squares

        faults = Faults()
        for name, end in (("low", low), ("high", high)):
            read_number(end, name, faults)
        refuse("beta", faults)
        low, high = float(low), float(high)
        if not low < stated["p10"] < stated["p90"] < high:
            found = f"P10 {stated['p10']:g} and P90 {stated['p90']:g} of a beta between {low:g} and {high:g}"
            raise InputError(found, remedy="Give bounds, low and high, outside the quantiles.")
        scores, wanted = np.array([SCORES[name] for name in stated]), np.array(list(stated.values()))

        def curve(logs: FloatArray) -> Marginal:
            alpha, other = np.exp(logs).tolist()
            return beta(alpha, other, low, high)

        def off(logs: FloatArray) -> FloatArray:
            return np.asarray((at_scores(curve(logs), scores) - wanted) / (high - low))

        share = (wanted.mean() - low) / (high - low)
        spread = (stated["p90"] - stated["p10"]) / (2 * Z90 * (high - low))
        size = max(share * (1 - share) / spread**2 - 1, 0.5)  # by moments, to begin with
        start = np.log([share * size, (1 - share) * size])
        return curve(least_squares(off, start, bounds=(-7.0, 14.0), xtol=1e-14, gtol=1e-14).x)


@register
class Pert(Beta):
    """Parameters: low, mode, high, shape."""

    kind = "pert"
    make = staticmethod(pert)

    def standard(self, p: tuple[float, ...]) -> tuple[float, float, float, float]:
        low, mode, high, shape = p
        return 1 + shape * (mode - low) / (high - low), 1 + shape * (high - mode) / (high - low), low, high

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        return three_points(pert, stated)

    def from_moments(self, mean: float, sd: float) -> Marginal:
        half = sd * math.sqrt(7)
        return pert(mean - half, mean, mean + half)
