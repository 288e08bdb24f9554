"""Distributions of drivers: making and checking them, and their quantile functions in z.

Every driver follows one path: a normal score z, correlated with the others where asked, becomes a value by x =
F^{-1}(Phi(z)). This module holds the exact quantile functions; :mod:`ggu_costs.simulation.tables` turns them into what
the compiled loops read. Below the median they are taken from the lower tail, above it from the upper, so that both
tails are accurate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.simulation.parts import Marginal

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray

__all__ = [
    "bernoulli",
    "beta",
    "describe",
    "discrete",
    "empirical",
    "kink",
    "lognormal",
    "normal",
    "pert",
    "quantile",
    "slope",
    "triangular",
    "truncated",
    "uniform",
]

STEPPED = frozenset({"bernoulli", "discrete", "empirical"})
_PERT = 4.0
_SUM = 1e-9  # how far probabilities may add up from 1


def _checked(what: str, faults: Faults) -> None:
    faults.check(f"{what} cannot be used as the distribution of a driver", remedy="Correct the numbers.")


def _finite(faults: Faults, **numbers: float) -> None:
    for name, value in numbers.items():
        if not math.isfinite(value):
            faults.add(name, str(value), "a finite number")


def uniform(low: float, high: float) -> Marginal:
    """Every value between `low` and `high` equally likely; low < high.

    Examples
    --------
    >>> uniform(1.0, 3.0).parameters
    (1.0, 3.0)
    """
    faults = Faults()
    _finite(faults, low=low, high=high)
    if low >= high:
        faults.add("low", f"{low:g} with high {high:g}", "low below high", "A number that is sure is no driver.")
    _checked("uniform", faults)
    return Marginal("uniform", (float(low), float(high)))


def _three(what: str, low: float, mode: float, high: float, shape: float = _PERT) -> None:
    faults = Faults()
    _finite(faults, low=low, mode=mode, high=high, shape=shape)
    if low >= high:
        faults.add("low", f"{low:g} with high {high:g}", "low below high", "A number that is sure is no driver.")
    elif not low <= mode <= high:
        faults.add("mode", f"{mode:g}", f"{low:g} to {high:g}")
    if shape <= 0:
        faults.add("shape", f"{shape:g}", "above 0")
    _checked(what, faults)


def triangular(low: float, mode: float, high: float) -> Marginal:
    """Triangle with its top at `mode`; low <= mode <= high, low < high."""
    _three("triangular", low, mode, high)
    return Marginal("triangular", (float(low), float(mode), float(high)))


def pert(low: float, mode: float, high: float, shape: float = _PERT) -> Marginal:
    """PERT: a beta distribution between `low` and `high` with mean (low + shape mode + high) / (shape + 2)."""
    _three("pert", low, mode, high, shape)
    return Marginal("pert", (float(low), float(mode), float(high), float(shape)))


def normal(mean: float, sd: float) -> Marginal:
    """Normal; sd above 0."""
    faults = Faults()
    _finite(faults, mean=mean, sd=sd)
    if sd <= 0:
        faults.add("sd", f"{sd:g}", "above 0", "A number that is sure is no driver.")
    _checked("normal", faults)
    return Marginal("normal", (float(mean), float(sd)))


def lognormal(mu: float, sigma: float) -> Marginal:
    """Lognormal: the logarithm is normal with mean `mu` and standard deviation `sigma` above 0."""
    faults = Faults()
    _finite(faults, mu=mu, sigma=sigma)
    if sigma <= 0:
        faults.add("sigma", f"{sigma:g}", "above 0", "A number that is sure is no driver.")
    _checked("lognormal", faults)
    return Marginal("lognormal", (float(mu), float(sigma)))


def beta(alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> Marginal:
    """Beta between `low` and `high`; alpha and beta above 0."""
    faults = Faults()
    _finite(faults, alpha=alpha, beta=beta, low=low, high=high)
    for name, value in (("alpha", alpha), ("beta", beta)):
        if value <= 0:
            faults.add(name, f"{value:g}", "above 0")
    if low >= high:
        faults.add("low", f"{low:g} with high {high:g}", "low below high")
    _checked("beta", faults)
    return Marginal("beta", (float(alpha), float(beta), float(low), float(high)))


def bernoulli(probability: float) -> Marginal:
    """1 with the probability, else 0; the probability strictly between 0 and 1."""
    faults = Faults()
    if not 0.0 < probability < 1.0:
        faults.add("probability", f"{probability:g}", "above 0 and below 1", "What is sure is no driver.")
    _checked("bernoulli", faults)
    return Marginal("bernoulli", (float(probability),))


def discrete(values: Sequence[float], probabilities: Sequence[float]) -> Marginal:
    """A few values, each with its probability; the probabilities add up to 1."""
    faults = Faults()
    if len(values) != len(probabilities) or not values:
        faults.add("probabilities", f"{len(probabilities)} for {len(values)} values", "one for each value")
    for name, numbers in (("values", values), ("probabilities", probabilities)):
        for place, value in enumerate(numbers):
            if not math.isfinite(value):
                faults.add(f"{name}[{place}]", str(value), "a finite number")
    for place, value in enumerate(probabilities):
        if value <= 0:
            faults.add(f"probabilities[{place}]", f"{value:g}", "above 0")
    if len(set(values)) < len(values):
        faults.add("values", "a value that stands here twice", "every value once")
    if abs(math.fsum(probabilities) - 1.0) > _SUM:
        faults.add("probabilities", f"a sum of {math.fsum(probabilities):.10g}", "1")
    _checked("discrete", faults)
    pairs = sorted(zip(map(float, values), map(float, probabilities), strict=True))
    return Marginal("discrete", (), tuple(value for value, _ in pairs), tuple(share for _, share in pairs))


def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Marginal:
    """Observed values, drawn again with replacement, in proportion to `weights` (equal when not given).

    Equal observations count together; mean and standard deviation are those of the observations.
    """
    faults = Faults()
    shares = [1.0] * len(values) if weights is None else list(weights)
    if len(shares) != len(values) or not values:
        faults.add("weights", f"{len(shares)} for {len(values)} values", "one for each value, and at least one value")
    for name, numbers in (("values", values), ("weights", shares)):
        for place, value in enumerate(numbers):
            if not math.isfinite(value) or (name == "weights" and value < 0):
                faults.add(f"{name}[{place}]", str(value), "a finite number" + (", 0 or more" * (name == "weights")))
    if shares and not math.fsum(shares) > 0:
        faults.add("weights", "no weight at all", "a sum above 0")
    _checked("empirical", faults)
    total, summed = math.fsum(shares), dict.fromkeys(sorted(map(float, values)), 0.0)
    for value, share in zip(values, shares, strict=True):
        summed[float(value)] += share / total
    kept = {value: share for value, share in summed.items() if share > 0}
    return Marginal("empirical", (), tuple(kept), tuple(kept.values()))


def truncated(marginal: Marginal, lower: float = -math.inf, upper: float = math.inf) -> Marginal:
    """The same distribution given that the driver lies between `lower` and `upper`."""
    faults = Faults()
    if marginal.kind in STEPPED:
        faults.add("marginal", marginal.kind, "a continuous distribution", "Leave out the values that cannot occur.")
    elif math.isnan(lower) or math.isnan(upper) or lower >= upper:
        faults.add("lower", f"{lower:g} with upper {upper:g}", "lower below upper")
    elif _mass(replace(marginal, lower=lower, upper=upper))[0] < 1e-12:
        faults.add("lower", f"nothing of the distribution lies between {lower:g} and {upper:g}", "a range that occurs")
    _checked("truncated", faults)
    return replace(marginal, lower=float(lower), upper=float(upper))


def _bounds_of_beta(marginal: Marginal) -> tuple[float, float, float, float]:
    if marginal.kind == "pert":
        low, mode, high, shape = marginal.parameters
        return 1 + shape * (mode - low) / (high - low), 1 + shape * (high - mode) / (high - low), low, high
    alpha, beta_, low, high = marginal.parameters
    return alpha, beta_, low, high


def _tails(marginal: Marginal, x: float) -> tuple[float, float]:
    """Probability below and above x, without truncation."""
    from scipy.special import betainc, betaincc, ndtr

    kind, numbers = marginal.kind, marginal.parameters
    if kind in {"normal", "lognormal"}:
        t = x if kind == "normal" else (math.log(x) if x > 0 else -math.inf)
        score = (t - numbers[0]) / numbers[1]
        return float(ndtr(score)), float(ndtr(-score))
    low, high = (numbers[0], numbers[-1]) if kind in {"uniform", "triangular"} else _bounds_of_beta(marginal)[2:]
    share = min(max((x - low) / (high - low), 0.0), 1.0)
    if kind == "uniform":
        return share, 1.0 - share
    if kind == "triangular":
        top = (numbers[1] - low) / (high - low)
        if share <= top:
            below = share * share / top if top else 0.0
            return below, 1.0 - below
        above = (1.0 - share) ** 2 / (1.0 - top)
        return 1.0 - above, above
    alpha, beta_ = _bounds_of_beta(marginal)[:2]
    return float(betainc(alpha, beta_, share)), float(betaincc(alpha, beta_, share))


def _mass(marginal: Marginal) -> tuple[float, float, float]:
    """Probability between the truncation bounds, below and above them."""
    under, over_lower = (0.0, 1.0) if marginal.lower == -math.inf else _tails(marginal, marginal.lower)
    under_upper, over = (1.0, 0.0) if marginal.upper == math.inf else _tails(marginal, marginal.upper)
    mass = over_lower - over if over_lower < under_upper else under_upper - under
    return mass, under, over


def quantile(marginal: Marginal, z: FloatArray) -> FloatArray:
    """Value of the driver at normal scores: F^{-1}(Phi(z)), for continuous kinds.

    Examples
    --------
    >>> quantile(uniform(1.0, 3.0), np.array([0.0]))
    array([2.])
    """
    from scipy.special import ndtr

    mass, under, over = _mass(marginal)
    below = under + mass * ndtr(z)
    above = over + mass * ndtr(-z)
    x = _inverse(marginal, below, above)
    if math.isfinite(marginal.lower) or math.isfinite(marginal.upper):
        x = np.clip(x, marginal.lower, marginal.upper)
    return x


def _inverse(marginal: Marginal, below: FloatArray, above: FloatArray) -> FloatArray:
    from scipy.special import betaincinv, ndtri

    lower_half = below <= above
    kind, numbers = marginal.kind, marginal.parameters
    if kind in {"normal", "lognormal"}:
        score = numbers[0] + numbers[1] * np.where(lower_half, ndtri(below), -ndtri(above))
        return score if kind == "normal" else np.exp(score)
    if kind == "uniform":
        low, high = numbers
        return np.where(lower_half, low + below * (high - low), high - above * (high - low))
    if kind == "triangular":
        low, mode, high = numbers
        left = below * (high - low) <= mode - low
        return np.where(
            left,
            low + np.sqrt(below * (high - low) * (mode - low)),
            high - np.sqrt(above * (high - low) * (high - mode)),
        )
    alpha, beta_, low, high = _bounds_of_beta(marginal)
    x = np.empty(below.shape)
    x[lower_half] = low + betaincinv(alpha, beta_, below[lower_half]) * (high - low)
    x[~lower_half] = high - betaincinv(beta_, alpha, above[~lower_half]) * (high - low)
    return x


def slope(marginal: Marginal, z: FloatArray) -> FloatArray:
    """Derivative of :func:`quantile` with respect to z: phi(z) x mass / density."""
    from scipy.special import betaincinv, betaln, ndtr, xlog1py, xlogy

    mass, under, over = _mass(marginal)
    below, above = under + mass * ndtr(z), over + mass * ndtr(-z)
    density = mass * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    kind, numbers = marginal.kind, marginal.parameters
    if kind in {"normal", "lognormal"}:
        x = _inverse(marginal, below, above)
        score = ((x if kind == "normal" else np.log(x)) - numbers[0]) / numbers[1]
        step = density * math.sqrt(2 * math.pi) * np.exp(0.5 * score * score) * numbers[1]
        return step if kind == "normal" else step * x
    if kind == "uniform":
        return density * (numbers[1] - numbers[0])
    if kind == "triangular":
        low, mode, high = numbers
        left = below * (high - low) <= mode - low
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(
                left,
                density * np.sqrt((high - low) * (mode - low) / (4 * below)),
                density * np.sqrt((high - low) * (high - mode) / (4 * above)),
            )
    alpha, beta_, low, high = _bounds_of_beta(marginal)
    near = below <= above  # the distance to the nearer bound is accurate, the other is its complement
    share = np.empty(z.shape)
    share[near], share[~near] = betaincinv(alpha, beta_, below[near]), betaincinv(beta_, alpha, above[~near])
    a, b = np.where(near, alpha, beta_), np.where(near, beta_, alpha)
    logarithm = xlogy(a - 1, share) + xlog1py(b - 1, -share) - betaln(alpha, beta_)
    return np.asarray(density * np.exp(-logarithm) * (high - low))


def kink(marginal: Marginal) -> float | None:
    """Return the score where the quantile function bends (the top of a triangle), or None."""
    from scipy.special import ndtri

    if marginal.kind != "triangular":
        return None
    low, mode, high = marginal.parameters
    if not max(low, marginal.lower) < mode < min(high, marginal.upper):
        return None
    mass, under, over = _mass(marginal)
    below, above = _tails(marginal, mode)
    place = ndtri((below - under) / mass) if below - under < above - over else -ndtri((above - over) / mass)
    return float(place)


def describe(marginal: Marginal) -> tuple[float, float]:
    """Mean and standard deviation, truncation included.

    Examples
    --------
    >>> [round(figure, 6) for figure in describe(uniform(1.0, 3.0))]
    [2.0, 0.57735]
    """
    if marginal.kind == "bernoulli":
        p = marginal.parameters[0]
        return p, math.sqrt(p * (1 - p))
    if marginal.kind in STEPPED:
        values, shares = np.array(marginal.values), np.array(marginal.probabilities)
        mean = float(values @ shares)
        return mean, math.sqrt(float((values - mean) ** 2 @ shares))
    z = np.linspace(-12.0, 12.0, 1201)  # the trapezium rule is all but exact under the bell
    weight = np.exp(-0.5 * z * z)
    weight /= weight.sum()
    x = quantile(marginal, z)
    mean = float(weight @ x)
    return mean, math.sqrt(float(weight @ (x - mean) ** 2))
