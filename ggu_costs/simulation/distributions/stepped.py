"""Distributions of a few values: yes or no, values with probabilities, observations drawn again."""

import math
from collections.abc import Sequence

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.figures import read_figures, read_number
from ggu_costs.simulation.distributions.family import Marginal, Stepped, refuse, register
from ggu_costs.typing import FloatArray

_SUM = 1e-9  # how far probabilities may add up from 1


def bernoulli(probability: float) -> Marginal:
    """1 with the probability, else 0; the probability strictly between 0 and 1."""
    faults = Faults()
    chance = read_number(probability, "probability", faults, allowed="above 0 and below 1")
    if chance is not None and not 0 < chance < 1:
        faults.add("probability", f"{float(chance):g}", "above 0 and below 1", "What is sure is no driver.")
    refuse("bernoulli", faults)
    return Marginal("bernoulli", (float(chance or 0),))


def discrete(values: Sequence[float], probabilities: Sequence[float]) -> Marginal:
    """A few values, each with its probability; the probabilities add up to 1."""
    faults = Faults()
    stated, shares = _listed(values, "values", faults), _listed(probabilities, "probabilities", faults, above=0)
    if stated is not None and shares is not None:
        if len(stated) != len(shares) or not stated:
            faults.add("probabilities", f"{len(shares)} for {len(stated)} values", "one for each value")
        if len(set(stated)) < len(stated):
            faults.add("values", "a value that stands here twice", "every value once")
        if abs(math.fsum(shares) - 1.0) > _SUM:
            faults.add("probabilities", f"a sum of {math.fsum(shares):.10g}", "1")
    refuse("discrete", faults)
    pairs = sorted(zip(stated or (), shares or (), strict=True))
    return Marginal("discrete", (), tuple(value for value, _ in pairs), tuple(share for _, share in pairs))


def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Marginal:
    """Observed values, drawn again with replacement, in proportion to `weights` (equal when not given).

    Equal observations count together; mean and standard deviation are those of the observations.
    """
    faults = Faults()
    stated = _listed(values, "values", faults)
    shares = [1.0] * len(stated or ()) if weights is None else _listed(weights, "weights", faults, least=0)
    if stated is not None and shares is not None:
        if len(shares) != len(stated) or not stated:
            found = f"{len(shares)} for {len(stated)} values"
            faults.add("weights", found, "one for each value, and at least one value")
        elif not math.fsum(shares) > 0:
            faults.add("weights", "no weight at all", "a sum above 0")
    refuse("empirical", faults)
    observed = list(zip(stated or (), shares or (), strict=True))
    total = math.fsum(share for _, share in observed)
    summed = dict.fromkeys(sorted(value for value, _ in observed), 0.0)
    for value, share in observed:
        summed[value] += share / total
    kept = {value: share for value, share in summed.items() if share > 0}
    return Marginal("empirical", (), tuple(kept), tuple(kept.values()))


def _listed(
    values: object, where: str, faults: Faults, *, least: float | None = None, above: float | None = None
) -> list[float] | None:
    """Read a list, array or Series of numbers; None, with faults, where it is none."""
    read = read_figures(values, where, faults, least=least, above=above)
    if read is not None and read.ndim != 1:
        faults.add(where, f"figures of shape {read.shape}", "a list of numbers")
        return None
    return None if read is None else [float(value) for value in read]


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
