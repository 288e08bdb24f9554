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
    from ggu_costs.impact.summaries import Rows
    from ggu_costs.typing import FloatArray

__all__ = ["ratio_error", "sd_error", "shortfall_error", "spread_errors"]


def sd_error(rows: Rows) -> FloatArray:
    """Return the standard error of each standard deviation; 0 where nothing varies."""
    return spread_errors(rows)[0]


def shortfall_error(rows: Rows, share: float = 0.05) -> FloatArray:
    """Return the standard error of the mean of the highest `share` of the draws; 0 where nothing varies."""
    return spread_errors(rows, share)[1]


def spread_errors(rows: Rows, share: float = 0.05) -> tuple[FloatArray, FloatArray]:
    """Return both: of the standard deviation, and of the mean of the highest `share` of the draws."""
    counts, places = _histogram(rows)
    squares = np.square(places - (rows.mean - rows.table[:, 0])[:, None])
    fourth = np.einsum("rb,rb,rb->r", counts, squares, squares) / rows.count
    scatter = np.sqrt(np.maximum(fourth - rows.sd**4, 0.0) / rows.count)
    of_sd = np.divide(scatter, 2 * rows.sd, out=np.zeros(len(scatter)), where=rows.sd > 0)

    wanted = share * rows.count
    above = rows.count - np.cumsum(counts, axis=1)
    first = int(np.argmax((above < wanted).any(axis=0)))  # below it no row has a draw of the highest
    counts, places, above = counts[:, first:], places[:, first:], above[:, first:]
    taken = np.clip(wanted - above, 0.0, counts) / wanted
    mean = np.einsum("rb,rb->r", taken, places)
    variance = np.einsum("rb,rb->r", taken, np.square(places - mean[:, None]))
    beyond = mean - (rows.quantile(1 - share) - rows.table[:, 0])
    of_mean = np.sqrt((variance + (1 - share) * beyond**2) / wanted)
    return of_sd, np.where(rows.sd > 0, of_mean, 0.0)


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


def _histogram(rows: Rows) -> tuple[FloatArray, FloatArray]:
    """Counts of each bin, and where it lies from the centre of its row; outside the bins their own mean."""
    counts = rows._counts().astype(np.float64)
    places = (np.arange(BINS + 2) - (BINS + 1) / 2) / rows.table[:, 1:2]
    for column, place in ((0, 2), (-1, 3)):
        held = counts[:, column]
        mean = np.divide(rows.sums[:, place], held, out=rows.table[:, 0].copy(), where=held > 0)
        places[:, column] = mean - rows.table[:, 0]
    return counts, places
