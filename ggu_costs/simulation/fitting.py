r"""A distribution from quantiles (P10, P50, P90): the curve of the asked shape that goes through them.

Uniform, normal and lognormal have two numbers, and so has a beta between bounds: P10 and P90 fix them. With P50 as well
they are fitted by least squares (of a lognormal in logarithms). Triangular and PERT have three numbers: P10, P50 and
P90 are met by solving for minimum, mode and maximum; with P10 and P90 alone the curve is symmetric. Quantiles that no
curve of the shape goes through, or comes near to, are a fault.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.simulation import marginals

if TYPE_CHECKING:
    from ggu_costs.simulation.parts import Marginal
    from ggu_costs.typing import FloatArray

__all__ = ["from_quantiles", "residual"]

_Z90 = NormalDist().inv_cdf(0.9)
_SCORES = {"p10": -_Z90, "p50": 0.0, "p90": _Z90}
_CLOSE = 1e-6  # of the range P10 to P90: how far a fitted quantile may lie from the stated one
_NEAR = 0.1  # the same, where two numbers are fitted to three quantiles


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
    if shape in ("triangular", "pert"):
        return _three(shape, np.array([p10, middle, p90]))
    stated = {"p10": p10, "p90": p90} | ({} if p50 is None else {"p50": p50})
    made = _beta(stated, low, high) if shape == "beta" else _line(shape, stated)
    if residual(made, stated) > _NEAR:
        raise _no_curve(shape, stated)
    return made


def residual(made: Marginal, stated: dict[str, float]) -> float:
    """Return how far the curve lies from the quantiles stated at most, as a part of the range P10 to P90.

    Examples
    --------
    >>> from ggu_costs.simulation.marginals import uniform
    >>> round(residual(uniform(0.0, 10.0), {"p10": 1.0, "p50": 5.8, "p90": 9.0}), 12)
    0.1
    """
    found = marginals.quantile(made, np.array([_SCORES[name] for name in stated]))
    return float(np.abs(found - np.array(list(stated.values()))).max() / (stated["p90"] - stated["p10"]))


def _no_curve(shape: str, stated: dict[str, float]) -> InputError:
    told = ", ".join(f"{name.upper()} {stated[name]:g}" for name in sorted(stated))
    return InputError(
        f"no {shape} distribution has {told}",
        remedy="P50 lies too far to one side: choose another shape, such as lognormal, triangular or pert.",
    )


def _line(shape: str, stated: dict[str, float]) -> Marginal:
    """A shape whose quantiles, or their logarithms, lie on a straight line; exact for two of them."""
    if shape == "lognormal" and min(stated.values()) <= 0:
        raise InputError(f"P10 {stated['p10']:g} of a lognormal", remedy="Give quantiles above 0, or another shape.")
    asked = {name: np.log(value) if shape == "lognormal" else value for name, value in stated.items()}
    centre, spread = float(np.mean(list(asked.values()))), float(asked["p90"] - asked["p10"])
    if shape == "uniform":
        return marginals.uniform(centre - spread / 1.6, centre + spread / 1.6)
    make = marginals.lognormal if shape == "lognormal" else marginals.normal
    return make(centre, spread / (2 * _Z90))


def _beta(stated: dict[str, float], low: float, high: float) -> Marginal:
    """Alpha and beta by least squares on their logarithms."""
    from scipy.optimize import least_squares

    scores, asked = np.array([_SCORES[name] for name in stated]), np.array(list(stated.values()))

    def curve(logs: FloatArray) -> Marginal:
        alpha, other = np.exp(logs).tolist()
        return marginals.beta(alpha, other, low, high)

    def off(logs: FloatArray) -> FloatArray:
        return np.asarray((marginals.quantile(curve(logs), scores) - asked) / (high - low))

    share = (asked.mean() - low) / (high - low)
    spread = (stated["p90"] - stated["p10"]) / (2 * _Z90 * (high - low))
    size = max(share * (1 - share) / spread**2 - 1, 0.5)  # by moments, to begin with
    found = least_squares(off, np.log([share * size, (1 - share) * size]), bounds=(-7.0, 14.0), xtol=1e-14, gtol=1e-14)
    return curve(found.x)


def _three(shape: str, asked: FloatArray) -> Marginal:
    """Minimum, mode and maximum by Newton's method on the scale of the quantiles, from the symmetric curve."""
    from scipy.optimize import root

    make = marginals.triangular if shape == "triangular" else marginals.pert
    scores = np.array(list(_SCORES.values()))
    unit = marginals.quantile(make(-1.0, 0.0, 1.0), scores)[2]
    centre, width = asked[1], (asked[2] - asked[0]) / (2 * unit)

    def curve(figures: FloatArray) -> Marginal:
        left, right = np.exp(figures[1:])
        return make(*(float(centre + width * x) for x in (figures[0] - left, figures[0], figures[0] + right)))

    def off(figures: FloatArray) -> FloatArray:
        return np.asarray((marginals.quantile(curve(figures), scores) - asked) / (asked[2] - asked[0]))

    found = root(off, np.zeros(3), tol=1e-13)
    if not np.abs(off(found.x)).max() < _CLOSE:
        raise _no_curve(shape, dict(zip(_SCORES, asked.tolist(), strict=True)))
    return curve(found.x)
