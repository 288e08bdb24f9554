"""Fits of distributions to quantiles (P10, P50, P90): a straight line, or three points."""

from collections.abc import Callable, Mapping
from statistics import NormalDist

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.simulation.distributions.family import Marginal, continuous
from ggu_costs.typing import FloatArray

Z90 = NormalDist().inv_cdf(0.9)
SCORES = {"p10": -Z90, "p50": 0.0, "p90": Z90}
_CLOSE = 1e-6  # of the range P10 to P90: how far a fitted quantile may lie from the stated one


def at_scores(made: Marginal, scores: FloatArray) -> FloatArray:
    """Values of a continuous distribution at normal scores."""
    return continuous(made).quantile(made, scores)


def no_curve(shape: str, stated: Mapping[str, float]) -> InputError:
    """Return the error that no distribution of a shape has these quantiles."""
    quantiles = ", ".join(f"{name.upper()} {stated[name]:g}" for name in sorted(stated))
    return InputError(
        f"no {shape} distribution has {quantiles}",
        remedy="P50 lies too far to one side: choose another shape, such as lognormal, triangular or pert.",
    )


def straight_line(stated: Mapping[str, float]) -> tuple[float, float]:
    """Mean of the stated quantiles, and P90 less P10."""
    return float(np.mean(list(stated.values()))), float(stated["p90"] - stated["p10"])


def three_points(make: Callable[[float, float, float], Marginal], stated: Mapping[str, float]) -> Marginal:
    """Minimum, mode and maximum by Newton's method on the scale of the quantiles, from the symmetric curve."""
    from scipy.optimize import root

    p10, p90 = stated["p10"], stated["p90"]
    wanted = np.array([p10, stated.get("p50", (p10 + p90) / 2), p90])
    scores = np.array(list(SCORES.values()))
    symmetric = make(-1.0, 0.0, 1.0)
    centre, width = wanted[1], (p90 - p10) / (2 * at_scores(symmetric, scores)[2])

    def curve(figures: FloatArray) -> Marginal:
        left, right = np.exp(figures[1:])
        return make(*(float(centre + width * x) for x in (figures[0] - left, figures[0], figures[0] + right)))

    def off(figures: FloatArray) -> FloatArray:
        return np.asarray((at_scores(curve(figures), scores) - wanted) / (wanted[2] - wanted[0]))

    solution = root(off, np.zeros(3), tol=1e-13)
    if not np.abs(off(solution.x)).max() < _CLOSE:
        raise no_curve(symmetric.kind, dict(zip(SCORES, wanted.tolist(), strict=True)))
    return curve(solution.x)
