"""Rows of results: count, moments, histogram and counts above thresholds, and the figures that follow from these.

A row is a unit, a group or a joint figure, of one output. Nothing of size draws x units is kept. Sums are taken about
the centre of a pilot, so that they lose no digits; histograms have 2,048 bins over five pilot standard deviations on
either side of it. A row of which a bin holds too many draws has cells instead, which follow where its draws lie.

A quantile is known to within the bin or cell that holds it: it lies between the lowest and the highest draw, and the
exact quantile of the same draws is off by at most :meth:`Rows.quantile_bounds`.

Errors. Plain draws: the standard error of a mean; the order-statistic interval of a quantile (ranks n p plus or minus
z sqrt(n p (1-p))); Wilson's interval of a probability. Replicated draws (Latin hypercube, Sobol): the spread of the
replicates, with Student's t. The error stated of a quantile is the larger of two: the sampling error, a 95 % interval
divided by 3.92, and the bound of its bin or cell. So it covers the exact quantile of the same draws always.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.brief import Brief
from ggu_costs.errors import Fault, InputError
from ggu_costs.figures import finite, shown
from ggu_costs.simulation.constants import BINS
from ggu_costs.simulation.remembered import remembered
from ggu_costs.simulation.runs.cells import Cells, allowed, ranks_open
from ggu_costs.typing import BoolArray, FloatArray, IntArray

WIDE = 2 * 1.959963984540054
"""Width of a 95 % interval, in standard errors: by the score of scipy, as the intervals are."""
_LEAST = 1e-12
"""Of a probability, which lies above 0 and below 1: stands for the lowest draw, and from 1 for the highest."""
_WHOLE = 1e-9
"""Of a rank: so near to a whole number it is one."""
_BINS_WIDE = 1.5
"""What is wider is no bin but all that lies outside the histogram."""
_ROUNDING = 2.0**-50
"""Of an edge between two bins: how far beyond it a draw may lie by rounding."""


@dataclass(frozen=True, eq=False)
class Interval(Brief):
    """Lower and upper bound per row."""

    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, eq=False)
class Replicate(Brief):
    """Figures of one replicate, for the error of replicated draws.

    Attributes
    ----------
    mean
        Shape (rows,).
    quantiles
        Shape (probabilities, rows); NaN where a row has no histogram.
    shares
        Shares above the thresholds, shape (rows, thresholds).
    """

    mean: FloatArray
    quantiles: FloatArray
    shares: FloatArray

    def some(self, rows: slice) -> Replicate:
        """The figures of some rows."""
        return Replicate(self.mean[rows], self.quantiles[:, rows], self.shares[rows])


@dataclass(frozen=True, eq=False)
class Rows(Brief):
    """Some rows of the results: the units of an output, its groups, or one joint figure.

    Attributes
    ----------
    count
        Draws.
    sums
        Shape (rows, 7): sum and sum of squares about the centre; sums of the values below and above the histogram,
        of the squares of those above, of third and fourth powers of all outside, about the centre too.
    table
        Shape (rows, 2 + thresholds): centre, bins per unit of the value, thresholds.
    histograms
        uint32, shape (rows, 2050), or None where only moments were kept.
    above
        Draws above each threshold, shape (rows, thresholds).
    extremes
        Lowest value below and highest above the histogram.
    probabilities, exact
        Probabilities with exact quantiles (empty without a second pass), and these, shape (probabilities, rows).
    spread_probabilities, replicates
        For replicated draws.
    cells
        Cells of the rows in which a bin would hold too many draws.
    """

    count: int
    sums: FloatArray
    table: FloatArray
    histograms: NDArray[np.unsignedinteger[Any]] | None
    above: IntArray
    extremes: FloatArray
    probabilities: tuple[float, ...]
    exact: FloatArray
    spread_probabilities: tuple[float, ...]
    replicates: tuple[Replicate, ...]
    cells: Cells

    @property
    def arrays(self) -> tuple[FloatArray | IntArray | NDArray[np.unsignedinteger[Any]] | None, ...]:
        """What the figures follow from, without exact quantiles and replicates: what a digest is taken of."""
        cells = self.cells
        return (self.sums, self.table, self.histograms, self.above, self.extremes, cells.starts, cells.counts,
                cells.ends)  # fmt: skip

    @remembered
    def mean(self) -> FloatArray:
        """Mean over the draws."""
        return _fixed(self.table[:, 0] + self.sums[:, 0] / self.count)

    @remembered
    def sd(self) -> FloatArray:
        """Standard deviation over the draws (divisor count - 1)."""
        squares = self.sums[:, 1] - self.sums[:, 0] * (self.sums[:, 0] / self.count)
        return _fixed(np.sqrt(np.maximum(squares, 0.0) / (self.count - 1)))

    @remembered
    def standard_error(self) -> FloatArray:
        """Standard error of the mean."""
        if self.replicates:
            return _fixed(_error([part.mean for part in self.replicates]))
        return _fixed(self.sd / math.sqrt(self.count))

    def mean_interval(self, confidence: float = 0.95) -> Interval:
        """Confidence interval of the mean."""
        reach = self._factor(confidence) * self.standard_error
        return Interval(self.mean - reach, self.mean + reach)

    def quantile(self, probability: float) -> FloatArray:
        """Quantile over the draws, linear between order statistics (numpy's default).

        Exact where a second pass was made for this probability, and of a figure that never varies; else off by at most
        :meth:`quantile_bound`. It lies between the lowest and the highest draw.
        """
        return np.asarray(self.quantiles((probability,))[0])

    def quantiles(self, probabilities: Sequence[float]) -> FloatArray:
        """Several quantiles, shape (probabilities, rows)."""
        return self._quantiles(probabilities)[0]

    def quantile_bound(self, probability: float) -> FloatArray:
        """Bound on the error of :meth:`quantile` as a figure of these draws, of its bin or cell; 0 where exact."""
        return np.asarray(self.quantile_bounds((probability,))[0])

    def quantile_bounds(self, probabilities: Sequence[float]) -> FloatArray:
        """Bounds of several quantiles, shape (probabilities, rows)."""
        value, least, most = self._quantiles(probabilities)
        return np.maximum(value - least, most - value)

    def quantile_errors(self, probabilities: Sequence[float]) -> FloatArray:
        """The errors stated of quantiles, shape (probabilities, rows).

        The larger of the sampling error (a 95 % interval divided by 3.92) and the bound of the bin or cell, which is
        half its width at least and its width at most: so the exact quantile of these draws is never further off.
        """
        return self.quantiles_with_errors(probabilities)[1]

    def quantiles_with_errors(self, probabilities: Sequence[float]) -> tuple[FloatArray, FloatArray]:
        """Several quantiles and the errors stated of them, both of shape (probabilities, rows)."""
        (value, least, most), interval = self._quantiles(probabilities), self.quantile_intervals(probabilities)
        bound = np.maximum(value - least, most - value)
        return value, np.maximum((interval.upper - interval.lower) / WIDE, bound)

    def settled(self, probability: float) -> BoolArray:
        """Rows of which this quantile is exact, or lies in a bin or cell that leaves little open."""
        _check_probability(probability)
        if probability in self.probabilities:
            return np.ones(len(self.sums), dtype=np.bool_)
        _, least, most, held = (part[0] for part in self._at(np.array([probability * (self.count - 1)])))
        place, wide = np.array(round(probability * self.count)), (most - least) * self.table[:, 1] > _BINS_WIDE
        few = np.where(wide, ranks_open(self.count, place), allowed(self.count, place, np.array(0)))
        return np.asarray((held <= few) | (least == most) | (self.sd == 0.0))

    def _quantiles(
        self, probabilities: Sequence[float], few: FloatArray | float = 0.0
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Quantiles, and what they are at least and at most: the ends of their bins, where they are not exact.

        Of a bin that holds fewer than a `few` draws the ends count as little as the draws in it.
        """
        for probability in probabilities:
            _check_probability(probability)
        *figures, held = self._at(np.array(probabilities) * (self.count - 1))
        for part in figures[1:]:
            np.copyto(part, figures[0], where=held < few)
        for part in figures:
            np.copyto(part, self.mean, where=self.sd == 0.0)
        for place, probability in enumerate(probabilities):
            if probability in self.probabilities:
                exact = self.exact[self.probabilities.index(probability)]
                for part in figures:
                    np.copyto(part[place], exact, where=~np.isnan(exact))  # NaN: too many draws for the second pass
        return figures[0], figures[1], figures[2]

    def quantile_interval(self, probability: float, confidence: float = 0.95) -> Interval:
        """Confidence interval of a quantile: between order statistics, or from the replicates.

        An order statistic that is not known exactly counts for the whole of its bin or cell where that holds as many
        draws as the interval, so that it holds where many draws give the same figure too. Replicates hold the
        probabilities of the run; for others the order statistics are used, which is wide for replicated draws.
        """
        interval = self.quantile_intervals((probability,), confidence)
        return Interval(interval.lower[0], interval.upper[0])

    def quantile_intervals(self, probabilities: Sequence[float], confidence: float = 0.95) -> Interval:
        """Confidence intervals of several quantiles, shape (probabilities, rows)."""
        for probability in probabilities:
            _check_probability(probability)
        low, high = np.array([self.ranks(probability, confidence) for probability in probabilities]).reshape(-1, 2).T
        few = (high - low)[:, None] * self.count
        _, lowest, highest = self._quantiles([*low.tolist(), *high.tolist()], np.concatenate([few, few]))
        lower, upper = lowest[: len(low)], highest[len(low) :]
        for place, probability in enumerate(probabilities):
            if self.replicates and probability in self.spread_probabilities:
                own = self.spread_probabilities.index(probability)
                reach = self._factor(confidence) * _error([part.quantiles[own] for part in self.replicates])
                value, *ends = (part[0] for part in self._quantiles((probability,)))
                lower[place], upper[place] = np.minimum(value - reach, ends[0]), np.maximum(value + reach, ends[1])
            elif probability in self.probabilities:  # to the last bit
                exact = self.quantile(probability)
                lower[place] = np.minimum(lower[place], exact)
                upper[place] = np.maximum(upper[place], exact)
        return Interval(lower, upper)

    def ranks(self, probability: float, confidence: float = 0.95) -> tuple[float, float]:
        """The order statistics on either side of a quantile, as probabilities themselves."""
        factor = self._factor(confidence)
        middle, reach = self.count * probability, factor * math.sqrt(self.count * probability * (1 - probability))
        lower, upper = math.floor(max(middle - reach - 0.5, 0.0)), math.ceil(min(middle + reach, self.count) - 0.5)
        last = max(self.count - 1, 1)
        return min(max(lower / last, _LEAST), 1.0 - _LEAST), max(min(upper / last, 1.0 - _LEAST), _LEAST)

    def probability(self, above: float) -> FloatArray:
        """Share of the draws strictly above a figure: exact for a threshold of the output, else from the histogram."""
        places = np.flatnonzero((self.table[:, 2:] == above).all(axis=0))
        if places.size:
            return self.above[:, places[0]] / self.count
        return 1.0 - self._below(above)[0] / self.count

    def probability_interval(self, above: float, confidence: float = 0.95) -> Interval:
        """Confidence interval of a share: Wilson's, or from the replicates for thresholds of the output.

        For a figure that is no threshold it holds whatever lies where in the bin of that figure.
        """
        share, z = self.probability(above), self._factor(confidence)
        places = np.flatnonzero((self.table[:, 2:] == above).all(axis=0))
        if self.replicates and places.size:
            reach = z * _error([part.shares[:, places[0]] for part in self.replicates])
            return Interval(np.maximum(share - reach, 0.0), np.minimum(share + reach, 1.0))
        least, most = share, share
        if not places.size:
            _, fewest, greatest = self._below(above)
            least, most = 1.0 - greatest / self.count, 1.0 - fewest / self.count
        return Interval(_wilson(least, self.count, -z), _wilson(most, self.count, z))

    # -- from the histogram -----------------------------------------------------------------------------------------

    @property
    def counts(self) -> NDArray[np.unsignedinteger[Any]]:
        """The histograms, where they were kept."""
        if self.histograms is None:
            raise InputError(
                "only mean and standard deviation were kept of these rows",
                remedy='Ask for detail "distribution" in the output.',
            )
        return self.histograms

    @remembered
    def blocks(self) -> IntArray:
        """What each 50 bins hold."""
        from ggu_costs.simulation.runs import _row_kernels

        by_span = np.empty((len(self.sums), _row_kernels.SPANS), np.int64)
        _row_kernels.add_blocks(self.counts, by_span)
        return by_span

    def _edge(self, place: IntArray) -> FloatArray:
        """Lower edge of a bin of each row, where it has one; rows last."""
        return np.asarray(self.table[:, 0] + (place - (BINS / 2 + 1)) / self.table[:, 1])

    def _in_bins(self, ranks: IntArray) -> tuple[IntArray, IntArray]:
        """Bin of each rank in each row, and the draws before it, both of shape (ranks, rows)."""
        from ggu_costs.simulation.runs import _row_kernels

        place, before = np.empty((2, len(ranks), len(self.sums)), np.int64)
        _row_kernels.locate(self.counts, self.blocks, ranks, place, before)
        return place, before

    def _ends(self, place: IntArray) -> tuple[FloatArray, FloatArray]:
        """Where a bin of each row begins and ends: outside the histogram at the lowest and at the highest draw."""
        lower, upper = self._edge(place), self._edge(place + 1)
        lower = np.where(place == 0, np.minimum(self.extremes[:, 0], upper), lower)
        return lower, np.where(place == BINS + 1, np.maximum(self.extremes[:, 1], lower), upper)

    def _at(self, ranks: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        """Value at ranks from 0 (may lie between two), at least and at most, and the draws in the bin or cell there.

        The ranks have shape (k,), the answers (k, rows).
        """
        whole = np.floor(ranks + _WHOLE).astype(np.int64)
        part = ranks - whole
        (*figures, held), cut = self._draws(whole), np.flatnonzero(part > _WHOLE)
        if cut.size:  # between two draws
            *following, beside = self._draws(whole[cut] + 1)
            for here, there in zip(figures, following, strict=True):
                here[cut] += part[cut, None] * (there - here[cut])
            held[cut] = np.maximum(held[cut], beside)
        for row in self.cells.rows:
            for known, own in zip((*figures, held), self.cells.row(row).at(whole, part), strict=True):
                known[:, row] = own
        return figures[0], figures[1], figures[2], held

    def _draws(self, ranks: IntArray) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        """Draws by rank, spread evenly over their bins; at least and at most; how many are in the bin.

        Of the first and the last bin that hold any the inner end stands for all, since the lowest and the highest draw
        are not known; where they are one bin the mean does.
        """
        place, before = self._in_bins(ranks)
        held = self.counts[np.arange(len(self.sums)), place].astype(np.int64)
        lower, upper = self._ends(place)
        value = lower + (ranks[:, None] - before + 0.5) / held * (upper - lower)
        first, final = before == 0, before + held == self.count
        np.copyto(value, upper, where=first & (place > 0))
        np.copyto(value, lower, where=final & (place <= BINS))
        np.copyto(value, self.mean, where=first & final)
        return value, lower - _ROUNDING * np.abs(lower), upper + _ROUNDING * np.abs(upper), held

    def _below(self, value: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Draws below a figure, spread evenly over its bin, and how many at least and at most."""
        rows = np.arange(len(self.sums))
        exact = (value - self.table[:, 0]) * self.table[:, 1] + BINS / 2 + 1
        place = np.clip(np.floor(exact), 0, BINS + 1).astype(np.int64)
        in_bin = self.counts[rows, place].astype(np.int64)
        part = np.clip(exact - place, 0.0, 1.0)
        for outer, low, high in (
            (place == 0, self.extremes[:, 0], self._edge(np.ones(len(rows), np.int64))),
            (place == BINS + 1, self._edge(np.full(len(rows), BINS + 1)), self.extremes[:, 1]),
        ):
            width = high - low
            spread = np.divide(
                value - low, width, out=(value > low).astype(float), where=np.isfinite(width) & (width > 0)
            )
            part = np.where(outer, np.clip(spread, 0.0, 1.0), part)
        before = np.where(np.arange(BINS + 2) < place[:, None], self.counts, 0).sum(axis=1)
        outside = (place == 0) | (place == BINS + 1)
        least = before + in_bin * (outside & (part == 1.0))  # beyond the lowest or the highest draw
        below, most = before + part * in_bin, before + in_bin * ~(outside & (part == 0.0))
        for row in self.cells.rows:
            below[row], least[row], most[row] = self.cells.row(row).not_above(value)
        return below, least, most

    def _factor(self, confidence: float) -> float:
        from scipy.special import ndtri, stdtrit

        _check_probability(confidence)
        upper = 0.5 + confidence / 2
        return float(stdtrit(len(self.replicates) - 1, upper) if self.replicates else ndtri(upper))


def _fixed(figures: FloatArray) -> FloatArray:
    """Return figures that are kept for the next time: they may not be changed."""
    figures.setflags(write=False)
    return figures


def _wilson(share: FloatArray, n: int, z: float) -> FloatArray:
    """End of Wilson's interval of a share: the lower one for a negative z."""
    reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return np.asarray((share + z * z / (2 * n) + reach) / (1 + z * z / n))


def _error(figures: list[FloatArray]) -> FloatArray:
    return np.asarray(np.std(figures, axis=0, ddof=1) / math.sqrt(len(figures)))


def _check_probability(probability: float) -> None:
    share = finite(probability)
    if share is None or not 0 < share < 1:
        fault = Fault("probability", shown(probability), "above 0 and below 1")
        raise InputError("this figure cannot be given", faults=[fault], remedy="Give a fraction such as 0.95.")
