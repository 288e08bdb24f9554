r"""A distribution from quantiles (P10, P50, P90): the curve of the asked shape that goes through them.

Uniform, normal and lognormal have two numbers: P10 and P90 fix them. Triangular and PERT have three: P10, P50 and P90
are met by solving for minimum, mode and maximum; with P10 and P90 alone the curve is symmetric. Quantiles that no curve
of the shape goes through are a fault, not a nearest fit.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.impact import marginals

if TYPE_CHECKING:
    from ggu_costs.impact.spec import Marginal
    from ggu_costs.typing import FloatArray

__all__ = ["from_quantiles"]

_Z90 = NormalDist().inv_cdf(0.9)
_CLOSE = 1e-6  # of the range P10 to P90: how far a fitted quantile may lie from the stated one


def from_quantiles(shape: str, p10: float, p90: float, p50: float | None = None) -> Marginal:
    """Return the distribution of a shape with these quantiles.

    Raises
    ------
    InputError
        Quantiles out of order, or such as no curve of this shape has.

    Examples
    --------
    >>> from_quantiles("uniform", 10.0, 90.0).parameters
    (0.0, 100.0)
    """
    middle = (p10 + p90) / 2 if p50 is None else p50
    if not p10 < middle < p90:
        raise InputError(f"P10 {p10:g}, P50 {middle:g}, P90 {p90:g} are out of order", remedy="Let them rise.")
    if shape == "uniform":
        return marginals.uniform(p10 - (p90 - p10) / 8, p90 + (p90 - p10) / 8)
    if shape == "normal":
        return marginals.normal((p10 + p90) / 2, (p90 - p10) / (2 * _Z90))
    if shape == "lognormal":
        if p10 <= 0:
            raise InputError(f"P10 {p10:g} of a lognormal", remedy="Give quantiles above 0, or another shape.")
        low, high = np.log([p10, p90])
        return marginals.lognormal(float(low + high) / 2, float(high - low) / (2 * _Z90))
    return _three(shape, np.array([p10, middle, p90]))


def _three(shape: str, asked: FloatArray) -> Marginal:
    """Minimum, mode and maximum by Newton's method on the scale of the quantiles, from the symmetric curve."""
    from scipy.optimize import root

    make = marginals.triangular if shape == "triangular" else marginals.pert
    scores = np.array([-_Z90, 0.0, _Z90])
    unit = marginals.quantile(make(-1.0, 0.0, 1.0), scores)[2]
    centre, width = asked[1], (asked[2] - asked[0]) / (2 * unit)

    def curve(figures: FloatArray) -> Marginal:
        left, right = np.exp(figures[1:])
        return make(*(float(centre + width * x) for x in (figures[0] - left, figures[0], figures[0] + right)))

    def off(figures: FloatArray) -> FloatArray:
        return np.asarray((marginals.quantile(curve(figures), scores) - asked) / (asked[2] - asked[0]))

    found = root(off, np.zeros(3), tol=1e-13)
    if not np.abs(off(found.x)).max() < _CLOSE:
        raise InputError(
            f"no {shape} distribution has P10 {asked[0]:g}, P50 {asked[1]:g}, P90 {asked[2]:g}",
            remedy="P50 lies too far to one side: choose another shape, such as lognormal.",
        )
    return curve(found.x)
