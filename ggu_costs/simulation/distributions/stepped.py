"""Distributions of a few values: yes or no, values with probabilities, observations drawn again."""

import math
from collections.abc import Sequence

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.simulation.distributions.family import Marginal, Stepped, refuse, register
from ggu_costs.typing import FloatArray

_SUM = 1e-9  # how far probabilities may add up from 1


def bernoulli(probability: float) -> Marginal:
    """1 with the probability, else 0; the probability strictly between 0 and 1."""
    faults = Faults()
    if not 0.0 < probability < 1.0:
        faults.add("probability", f"{probability:g}", "above 0 and below 1", "What is sure is no driver.")
    refuse("bernoulli", faults)
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
    refuse("discrete", faults)
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
    refuse("empirical", faults)
    total, summed = math.fsum(shares), dict.fromkeys(sorted(map(float, values)), 0.0)
    for value, share in zip(values, shares, strict=True):
        summed[float(value)] += share / total
    kept = {value: share for value, share in summed.items() if share > 0}
    return Marginal("empirical", (), tuple(kept), tuple(kept.values()))


@register
class Bernoulli(Stepped):
    """Parameter: the probability of 1."""

    kind = "bernoulli"
    make = staticmethod(bernoulli)

    def steps(self, marginal: Marginal) -> tuple[FloatArray, FloatArray]:
        p = marginal.parameters[0]
        return np.array([0.0, 1.0]), np.array([1.0 - p, p])

    def moments(self, marginal: Marginal) -> tuple[float, float]:
        p = marginal.parameters[0]
        return p, math.sqrt(p * (1 - p))


@register
class Discrete(Stepped):
    """Values and probabilities."""

    kind = "discrete"
    make = staticmethod(discrete)


@register
class Empirical(Stepped):
    """Observations and their shares."""

    kind = "empirical"
    make = staticmethod(empirical)
