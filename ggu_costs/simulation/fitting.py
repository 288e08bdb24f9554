"""A distribution from quantiles (P10, P50, P90): the curve of the asked shape that goes through them.

Uniform, normal and lognormal have two numbers, and so has a beta between bounds: P10 and P90 fix them. With P50 as well
they are fitted by least squares (of a lognormal in logarithms). Triangular and PERT have three numbers: P10, P50 and
P90 are met by solving for minimum, mode and maximum; with P10 and P90 alone the curve is symmetric. Quantiles that no
curve of the shape goes through, or comes near to, are a fault.
"""

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.simulation import marginals
from ggu_costs.simulation.distributions.family import Marginal, family_named
from ggu_costs.simulation.distributions.fits import SCORES, no_curve

_NEAR = 0.1  # of the range P10 to P90: how far a curve may lie from the quantiles


def from_quantiles(
    shape: str, p10: float, p90: float, p50: float | None = None, *, low: float = 0.0, high: float = 1.0
) -> Marginal:
    """Return the distribution of a shape with these quantiles.

    Parameters
    ----------
    shape
        ``uniform``, ``triangular``, ``pert``, ``normal``, ``lognormal`` or ``beta``.
    p10, p50, p90
        The quantiles; without P50 a distribution of three numbers is symmetric.
    low, high
        Bounds of a beta.

    Raises
    ------
    InputError
        Quantiles out of order, or such as no curve of this shape has or comes near to.

    Examples
    --------
    >>> from_quantiles("uniform", 10.0, 90.0).parameters
    (0.0, 100.0)
    """
    middle = (p10 + p90) / 2 if p50 is None else p50
    if not p10 < middle < p90:
        raise InputError(f"P10 {p10:g}, P50 {middle:g}, P90 {p90:g} are out of order", remedy="Let them rise.")
    stated = {"p10": p10, "p90": p90} | ({} if p50 is None else {"p50": p50})
    curve = family_named(shape).fit(stated, low, high)
    if residual(curve, stated) > _NEAR:
        raise no_curve(shape, stated)
    return curve


def residual(made: Marginal, stated: dict[str, float]) -> float:
    """Return how far the curve lies from the quantiles stated at most, as a part of the range P10 to P90.

    Examples
    --------
    >>> from ggu_costs.simulation.marginals import uniform
    >>> round(residual(uniform(0.0, 10.0), {"p10": 1.0, "p50": 5.8, "p90": 9.0}), 12)
    0.1
    """
    fitted = marginals.quantile(made, np.array([SCORES[name] for name in stated]))
    return float(np.abs(fitted - np.array(list(stated.values()))).max() / (stated["p90"] - stated["p10"]))
