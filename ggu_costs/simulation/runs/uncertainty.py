r"""Simulation errors that are not kept by a run itself: of a standard deviation, a shortfall, a ratio of means.

With n independent draws, central moments :math:`m_k` and the mean e of the share a of highest outcomes beyond q,

.. math::

    se(s) \approx \sqrt{\frac{m_4 + y^4 / n - m_2^2}{n}} \Big/ (2 s), \qquad
    se(e) \approx \sqrt{\frac{Var(y \mid y > q) + (1 - a) (e - q)^2}{n a}}

and for R = b / c the delta method. The draw furthest from the mean, at distance y, counts twice in the fourth moment:
as much as one more like it would change it. For replicated draws (Latin hypercube, Sobol) these are the errors of as
many independent draws, as a rule too large; the ratio takes the spread of the replicates.

Where tails are heavy a few draws decide on the moments, and these say too little of what other draws would give. So
the first two errors are given where :func:`carried` says that the moments carry them, and are NaN (unknown) elsewhere.

References
----------
Brazauskas, V. et al. (2008). Estimating conditional tail expectation with actuarial applications in view. Journal of
Statistical Planning and Inference 138, 3590-3604.
"""

import math
from weakref import WeakKeyDictionary

import numpy as np

from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.tails import furthest, highest, power_sums, tail_index
from ggu_costs.typing import BoolArray, FloatArray

_MOST = 0.05
_INDEX = 2.5


def carried(rows: Rows) -> BoolArray:
    """Return the rows whose moments carry the errors of a standard deviation and of a shortfall.

    A row does where the draw furthest from the mean makes up at most 5 % of the fourth moment, or where the tail index
    of the 1 % of draws furthest out on either side is 2.5 or more. At 100,000 draws a normal, an exponential and a
    lognormal distribution of sigma 1 do, and a risk of one in a thousand; lognormal distributions of sigma 1.5 and 2
    and a Pareto distribution of index 2.5 do not. Rows that never vary have no errors, and do.
    """
    return _moments(rows)[2]


_KNOWN: WeakKeyDictionary[Rows, tuple[FloatArray, FloatArray, BoolArray]] = WeakKeyDictionary()


def _moments(rows: Rows) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Sum of fourth powers about the mean, the largest of them, and whether they carry errors; worked out once."""
    if rows not in _KNOWN:
        n = rows.count
        with np.errstate(over="ignore", invalid="ignore"):  # not finite: not carried
            third, fourth = power_sums(rows)
            off, square = rows.sums[:, 0] / n, rows.sums[:, 1]
            fourth = fourth - 4 * off * third + 6 * off**2 * square - 3 * n * off**4
            most = furthest(rows) ** 4
        light: BoolArray = (most <= _MOST * fourth) | (rows.sd == 0.0)
        if not light.all():
            light |= (tail_index(rows) >= _INDEX) & np.isfinite(fourth)
        _KNOWN[rows] = fourth, most, light
    return _KNOWN[rows]


def sd_error(rows: Rows) -> FloatArray:
    """Return the error of the standard deviation of each row; NaN where it is unknown."""
    n, (fourth, most, light) = rows.count, _moments(rows)
    with np.errstate(over="ignore", invalid="ignore"):
        scatter = np.sqrt(np.maximum((fourth + np.minimum(most, fourth)) / n - rows.sd**4, 0.0) / n)
    errors = np.divide(scatter, 2 * rows.sd, out=np.zeros(len(scatter)), where=rows.sd > 0)
    return np.where(light, errors, np.nan)


def shortfall(rows: Rows, share: float = 0.05) -> tuple[FloatArray, FloatArray]:
    """Return the mean of the highest `share` of the draws of each row, and its error; NaN where that is unknown."""
    level = rows.quantile(1 - share)
    value, variance = highest(rows, share)
    beyond = value - level
    error = np.sqrt((variance + (1 - share) * beyond**2) / (share * rows.count))
    varies = rows.sd > 0
    error = np.where(carried(rows), error, np.nan)
    return np.where(varies, value, rows.mean), np.where(varies, error, 0.0)


def ratio_error(over: Rows, under: Rows, difference: Rows) -> float:
    """Return the standard error of the ratio of two means, of one row each, with ``difference = under - over``.

    The draws of the three are the same, so the variance of the difference gives the covariance. NaN, unknown, where
    the figures are too far apart for their squares to be numbers.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        error = _ratio_error(over, under, difference)
    return error if math.isfinite(error) else math.nan


def _ratio_error(over: Rows, under: Rows, difference: Rows) -> float:
    ratio = over.mean[0] / under.mean[0]
    if over.replicates:
        ratios = [a.mean[0] / b.mean[0] for a, b in zip(over.replicates, under.replicates, strict=True)]
        return float(np.std(ratios, ddof=1) / math.sqrt(len(ratios)))
    first, second = over.sd[0] ** 2, under.sd[0] ** 2
    covariance = (first + second - difference.sd[0] ** 2) / 2
    variance = first - 2 * ratio * covariance + ratio**2 * second
    return float(np.sqrt(np.maximum(variance, 0.0) / under.count) / abs(under.mean[0]))
