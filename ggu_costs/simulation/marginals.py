"""Distributions of drivers: making and checking them, and their quantile functions in z.

Each distribution has a file in :mod:`ggu_costs.simulation.distributions`; those that users name are imported here.
:mod:`ggu_costs.simulation.tables` turns them into what the compiled loops read.
"""

import math
from dataclasses import replace

from ggu_costs.errors import Faults
from ggu_costs.figures import finite, plain, shown
from ggu_costs.simulation.distributions.beta import beta, pert
from ggu_costs.simulation.distributions.family import Marginal, Stepped, continuous, family_of, refuse
from ggu_costs.simulation.distributions.johnson import jqpd
from ggu_costs.simulation.distributions.metalog import metalog
from ggu_costs.simulation.distributions.normal import lognormal, normal
from ggu_costs.simulation.distributions.stepped import bernoulli, discrete, empirical
from ggu_costs.simulation.distributions.triangular import triangular
from ggu_costs.simulation.distributions.uniform import uniform
from ggu_costs.typing import FloatArray

__all__ = [
    "Marginal", "bernoulli", "beta", "describe", "discrete", "empirical", "jqpd", "kink", "lognormal", "metalog",
    "normal", "pert", "quantile", "slope", "triangular", "truncated", "uniform",
]  # fmt: skip


def truncated(marginal: Marginal, lower: float = -math.inf, upper: float = math.inf) -> Marginal:
    """The same distribution given that the driver lies between `lower` and `upper`."""
    faults, family = Faults(), family_of(marginal)
    if isinstance(family, Stepped):
        faults.add("marginal", marginal.kind, "a continuous distribution", "Leave out the values that cannot occur.")
    elif any(finite(end) is None and not _is_infinite(end) for end in (lower, upper)):
        faults.add("lower", f"{shown(lower)} with upper {shown(upper)}", "numbers, or infinite for no bound")
    elif lower >= upper:
        faults.add("lower", f"{float(lower):g} with upper {float(upper):g}", "lower below upper")
    elif family.mass(replace(marginal, lower=float(lower), upper=float(upper)))[0] < 1e-12:
        faults.add("lower", f"nothing of the distribution lies between {lower:g} and {upper:g}", "a range that occurs")
    refuse("truncated", faults)
    return replace(marginal, lower=float(lower), upper=float(upper))


def _is_infinite(end: object) -> bool:
    number = plain(end)
    return isinstance(number, float) and math.isinf(number)


def quantile(marginal: Marginal, z: FloatArray) -> FloatArray:
    """Value of the driver at normal scores: F^{-1}(Phi(z)), for continuous kinds.

    Examples
    --------
    >>> import numpy as np
    >>> quantile(uniform(1.0, 3.0), np.array([0.0]))
    array([2.])
    """
    return continuous(marginal).quantile(marginal, z)


def slope(marginal: Marginal, z: FloatArray) -> FloatArray:
    """Derivative of the quantile with respect to z."""
    return continuous(marginal).slope(marginal, z)


def kink(marginal: Marginal) -> float | None:
    """Return the score where the quantile function bends (the top of a triangle), or None."""
    return continuous(marginal).kink(marginal)


def describe(marginal: Marginal) -> tuple[float, float]:
    """Mean and standard deviation, truncation included.

    Examples
    --------
    >>> [round(figure, 6) for figure in describe(uniform(1.0, 3.0))]
    [2.0, 0.57735]
    """
    return family_of(marginal).moments(marginal)
