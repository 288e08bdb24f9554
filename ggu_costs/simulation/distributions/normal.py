"""Normal, and lognormal: the exponential of a normal."""

import math
from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.simulation.constants import EXP_OF_SCORE, SCORE
from ggu_costs.simulation.distributions.family import SURE, Continuous, Marginal, checked, positive, register
from ggu_costs.simulation.distributions.fits import Z90, straight_line
from ggu_costs.typing import FloatArray


def normal(mean: float, sd: float) -> Marginal:
    """Normal; sd above 0."""
    return checked("normal", {"mean": mean, "sd": sd}, positive("sd", sd, SURE))


def lognormal(mu: float, sigma: float) -> Marginal:
    """Lognormal: the logarithm is normal with mean `mu` and standard deviation `sigma` above 0."""
    return checked("lognormal", {"mu": mu, "sigma": sigma}, positive("sigma", sigma, SURE))


@register
class Normal(Continuous):
    """Parameters: mean, sd."""

    kind = "normal"
    make: ClassVar[Callable[..., Marginal]] = staticmethod(normal)

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        from scipy.special import ndtr

        score = (x - p[0]) / p[1]
        return float(ndtr(score)), float(ndtr(-score))

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        from scipy.special import ndtri

        return np.asarray(p[0] + p[1] * np.where(below <= above, ndtri(below), -ndtri(above)))

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        return _rise(self.inverse(p, below, above), p, mass)

    def closed_form(self, p: tuple[float, ...]) -> tuple[int, float, float] | None:
        return SCORE, p[0], p[1]

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        centre, spread = straight_line(stated)
        return normal(centre, spread / (2 * Z90))

    def from_moments(self, mean: float, sd: float) -> Marginal:
        return normal(mean, sd)


@register
class Lognormal(Normal):
    """Parameters: mean and standard deviation of the logarithm."""

    kind = "lognormal"
    make = staticmethod(lognormal)

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        return super().tails(p, math.log(x) if x > 0 else -math.inf)

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        return np.exp(super().inverse(p, below, above))

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        x = self.inverse(p, below, above)
        return _rise(np.log(x), p, mass) * x

    def closed_form(self, p: tuple[float, ...]) -> tuple[int, float, float] | None:
        return EXP_OF_SCORE, p[0], p[1]

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        if min(stated.values()) <= 0:
            remedy = "Give quantiles above 0, or another shape."
            raise InputError(f"P10 {stated['p10']:g} of a lognormal", remedy=remedy)
        centre, spread = straight_line({name: np.log(value) for name, value in stated.items()})
        return lognormal(centre, spread / (2 * Z90))

    def from_moments(self, mean: float, sd: float) -> Marginal:
        variance = math.log1p((sd / mean) ** 2)  # of the logarithm
        return lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


def _rise(x: FloatArray, p: tuple[float, ...], mass: FloatArray) -> FloatArray:
    score = (x - p[0]) / p[1]
    return np.asarray(mass * math.sqrt(2 * math.pi) * np.exp(0.5 * score * score) * p[1])
