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

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.impact.leaves import BINS

if TYPE_CHECKING:
    from ggu_costs.impact.rows import Rows
    from ggu_costs.typing import FloatArray

__all__ = ["ratio_error", "spread_errors"]

_SOME = 16
"""Rows whose histograms fit in the cache."""
_OUTER = [0, -1]
_STEPS = np.arange(BINS + 2) - (BINS + 1) / 2
_STEPS[_OUTER] = 0.0
_POWERS = {3: _STEPS**3, 4: _STEPS**4}


def spread_errors(rows: Rows, share: float = 0.05) -> tuple[FloatArray, FloatArray]:
    """Return both: of the standard deviation, and of the mean of the highest `share` of the draws."""
    n, width, wanted = rows.count, 1.0 / rows.table[:, 1], share * rows.count
    first, many = int(rows._cut(wanted).min()), range(0, len(rows.sums), _SOME)
    found = [_moments(rows, slice(place, place + _SOME), wanted, first) for place in many]
    third, fourth, mean, variance = np.concatenate(found, axis=1)
    off, square = rows.sums[:, 0] / n, rows.sums[:, 1] / n
    fourth = width**4 * fourth / n - 4 * off * width**3 * third / n + 6 * off**2 * square - 3 * off**4
    scatter = np.sqrt(np.maximum(fourth - rows.sd**4, 0.0) / n)
    of_sd = np.divide(scatter, 2 * rows.sd, out=np.zeros(len(scatter)), where=rows.sd > 0)
    beyond = mean * width - (rows.quantile(1 - share) - rows.table[:, 0])
    of_mean = np.sqrt((variance * width**2 + (1 - share) * beyond**2) / wanted)
    return of_sd, np.where(rows.sd > 0, of_mean, 0.0)


def _moments(rows: Rows, some: slice, wanted: float, first: int) -> FloatArray:
    """Sums of third and fourth powers of some rows, mean and variance of their `wanted` highest draws.

    In bins, from the centre of the row; what lies outside the bins lies at its own mean. Below the bin `first` no row
    has a draw of the highest.
    """
    held = rows._counts()[some].astype(np.float64)
    outer = np.tile(rows.table[some, :1], 2)
    np.divide(rows.sums[some, 2:4], held[:, _OUTER], out=outer, where=held[:, _OUTER] > 0)
    outer = (outer - rows.table[some, :1]) * rows.table[some, 1:2]
    third, fourth = (np.einsum("rb,b->r", held, _POWERS[k]) + (held[:, _OUTER] * outer**k).sum(axis=1) for k in (3, 4))

    places = np.tile(_STEPS, (len(held), 1))
    places[:, _OUTER] = outer
    held, places = held[:, first:], places[:, first:]
    ends = rows._ends.reshape(-1, BINS + 2)[some, first:]
    taken = np.minimum(np.maximum(wanted - (ends[:, -1:] - ends), 0.0), held) / wanted
    mean = np.einsum("rb,rb->r", taken, places)
    variance = np.einsum("rb,rb->r", taken, np.square(places - mean[:, None]))
    return np.stack([third, fourth, mean, variance])


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
