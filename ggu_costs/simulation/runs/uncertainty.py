r"""Simulation errors that are not kept by a run itself: of a standard deviation, a shortfall, a ratio of means.

With n independent draws, central moments :math:`m_k` and the mean e of the share a of highest outcomes beyond q,

.. math::

    se(s) \approx \sqrt{\frac{m_4 - m_2^2}{n}} \Big/ (2 s), \qquad
    se(e) \approx \sqrt{\frac{Var(y \mid y > q) + (1 - a) (e - q)^2}{n a}}

and for R = b / c the delta method. Moments are those of the histogram. For replicated draws (Latin hypercube, Sobol)
these are the errors of as many independent draws, as a rule too large; the ratio takes the spread of the replicates.

References
----------
Brazauskas, V. et al. (2008). Estimating conditional tail expectation with actuarial applications in view. Journal of
Statistical Planning and Inference 138, 3590-3604.
"""

import math

import numpy as np

from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.typing import FloatArray


def sd_error(rows: Rows) -> FloatArray:
    """Return the error of the standard deviation of each row."""
    n, width = rows.count, 1.0 / rows.table[:, 1]
    third, fourth = rows.power_sums()
    off, square = rows.sums[:, 0] / n, rows.sums[:, 1] / n
    fourth = width**4 * fourth / n - 4 * off * width**3 * third / n + 6 * off**2 * square - 3 * off**4
    scatter = np.sqrt(np.maximum(fourth - rows.sd**4, 0.0) / n)
    return np.divide(scatter, 2 * rows.sd, out=np.zeros(len(scatter)), where=rows.sd > 0)


def shortfall(rows: Rows, share: float = 0.05) -> tuple[FloatArray, FloatArray]:
    """Return the mean of the highest `share` of the draws of each row, and its error."""
    mean, variance = rows.highest(share)
    value, width = rows.table[:, 0] + mean / rows.table[:, 1], 1.0 / rows.table[:, 1]
    beyond = value - rows.quantile(1 - share)
    error = np.sqrt((variance * width**2 + (1 - share) * beyond**2) / (share * rows.count))
    varies = rows.sd > 0
    return np.where(varies, value, rows.mean), np.where(varies, error, 0.0)


def ratio_error(over: Rows, under: Rows, difference: Rows) -> float:
    """Return the standard error of the ratio of two means, of one row each, with ``difference = under - over``.

    The draws of the three are the same, so the variance of the difference gives the covariance.
    """
    ratio = float(over.mean[0] / under.mean[0])
    if over.replicates:
        ratios = [a.mean[0] / b.mean[0] for a, b in zip(over.replicates, under.replicates, strict=True)]
        return float(np.std(ratios, ddof=1) / math.sqrt(len(ratios)))
    first, second = float(over.sd[0]) ** 2, float(under.sd[0]) ** 2
    covariance = (first + second - float(difference.sd[0]) ** 2) / 2
    variance = first - 2 * ratio * covariance + ratio**2 * second
    return math.sqrt(max(variance, 0.0) / under.count) / abs(float(under.mean[0]))
