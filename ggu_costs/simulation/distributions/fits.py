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


def percentile(share: float) -> str:
    """Name of the quantile at a probability.

    Examples
    --------
    >>> percentile(0.1), percentile(0.975)
    ('P10', 'P97.5')
    """
    return f"P{100 * share:.10g}"


def no_curve(shape: str, stated: Mapping[float, float], detail: str) -> InputError:
    """Return the error that no distribution of a shape has these quantiles; `detail` says how far off it is."""
    quantiles = ", ".join(f"{percentile(share)} {value:g}" for share, value in stated.items())
    return InputError(f"no {shape} distribution has {quantiles}: {detail}", remedy="Choose another shape.")


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
        first, last = (p10 + (p90 - p10) * _place(at_scores(make(0.0, mode, 1.0), scores)) for mode in (0.0, 1.0))
        detail = f"with this P10 and P90, its P50 lies between {first:g} and {last:g}"
        raise no_curve(symmetric.kind, dict(zip((0.1, 0.5, 0.9), wanted.tolist(), strict=True)), detail)
    return curve(solution.x)


def _place(quantiles: FloatArray) -> float:
    """Where P50 lies between P10 and P90."""
    return float((quantiles[1] - quantiles[0]) / (quantiles[2] - quantiles[0]))
