r"""Sobol indices and Shapley effects of many outcomes at once, with their errors.

c(S), the variance that the drivers in S explain, is the covariance of y with an outcome y' that shares the drivers in S
and draws the others anew, given those in S (for the Gaussian copula a conditional normal). All subsets up to 12
drivers; random orders beyond. Only the units of a
:class:`~ggu_costs.simulation.influence.decomposition.InterpolativeDecomposition` are evaluated.

Where drivers are independent, both sets of scores count alike. With :math:`y_S` the outcome that takes the drivers in S
from the first set and the others from the second, every pair :math:`y_S, y_T` shares the drivers on which S and T
agree, so that each of the :math:`2^{d-1}` pairs with the same difference tells the same. Their mean follows from the
Walsh-Hadamard transform :math:`\hat y_W = 2^{-d} \sum_S (-1)^{|S \cap W|} y_S`:

.. math:: c(U) = 2 \sum_{|W| \text{ odd}} E \hat y_W^2 - 2 \sum_{|W \setminus U| \text{ odd}} E \hat y_W^2

Points are scrambled Sobol points in independent replicates (:mod:`ggu_costs.simulation.influence.nets`); errors follow
from the spread of the replicates, so that a 95 % interval is :data:`REACH` of them.

References
----------
Janon, A. et al. (2014). Asymptotic normality of two Sobol index estimators. ESAIM: Probability and Statistics 18,
342-364.
Jansen, M. (1999). Analysis of variance designs for model output. Computer Physics Communications 117, 35-43.
Owen, A. (1997). Monte Carlo variance of scrambled net quadrature. SIAM Journal on Numerical Analysis 34, 1884-1910.
Song, E., Nelson, B. and Staum, J. (2016). Shapley effects for global sensitivity analysis. SIAM/ASA Journal on
Uncertainty Quantification 4, 1060-1083.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ggu_costs.simulation.constants import LEAF
from ggu_costs.simulation.influence.decomposition import InterpolativeDecomposition, centred
from ggu_costs.simulation.influence.nets import REPLICATES, paired_scores
from ggu_costs.simulation.influence.normal_scores import ScoreModel, Scores, values_of
from ggu_costs.typing import BoolArray, FloatArray

LEAST_POINTS, MOST_POINTS = 256, 2**22
"""Points that may be asked."""
REACH = 3.182446305284263
"""Standard errors on either side of a 95 % interval: Student's t of one degree of freedom less than replicates."""

_ALL_SUBSETS = 12
_EVALUATIONS = MOST_POINTS  # points in all, over the subsets
_LEAST_NET = 64
_ORDERS = 200  # over the replicates together
_TOGETHER = 256  # subsets whose conditional normals are worked out at a time
_HELD = 2**16  # figures of outcomes held at a time
_TILE = 2**18  # figures of units held at a time
_NEARLY = 1e-10  # drivers that are the same drive each other: this keeps their matrix regular


Measure = Callable[["FloatArray", "FloatArray"], "tuple[FloatArray, FloatArray]"]
"""Of outcomes and renewed ones off their means: products whose mean is the measure, and squares that make variance."""

Parts = tuple["FloatArray", "FloatArray"]
"""What the drivers explain of each outcome and its variance, of one replicate: shape (outcomes, drivers) both."""


class Measured(NamedTuple):
    """A measure and its standard error, shape (outcomes, drivers)."""

    value: FloatArray
    error: FloatArray


@dataclass(frozen=True, eq=False)
class Subsets:
    """Measures of what groups of drivers explain together.

    Attributes
    ----------
    kept
        Shape (subsets, drivers): the drivers in each subset S.
    combine
        Shape (measures, subsets): how each measure adds up the parts c(S).
    """

    kept: BoolArray
    combine: FloatArray


@dataclass(frozen=True, eq=False)
class Effects:
    """What the drivers do to each outcome.

    Attributes
    ----------
    first, total, shapley
        Parts of the variance; all 0 for an outcome without spread.
    more
        The measures of the subsets that were asked, shape (outcomes, measures).
    scores, y
        The scores of all replicates, by level, and what the outcomes, shape (outcomes, points), are there off their
        mean.
    """

    first: Measured
    total: Measured
    shapley: Measured
    more: Measured
    scores: Scores
    y: FloatArray


def effects_of(
    model: ScoreModel, outcomes: FloatArray | None, seed: int, points: int, subsets: Subsets | None = None
) -> Effects:
    """Return the effects of all drivers on outcomes, given as weights of the units; None for each alone.

    Evaluations of the model are about as many as `points` of them for each subset of the drivers, and for each driver
    alone and without each driver.
    """
    decomposition = InterpolativeDecomposition.of(model, outcomes)
    many = len(model.names)
    symmetric = 0 < many <= _ALL_SUBSETS and not any(level.correlated for level in model.levels)
    pairs = paired_scores(model, seed, _net_size(many, points, symmetric), REPLICATES)
    found = []
    for replicate, (own, fresh) in enumerate(pairs):
        draws = _Draws(model, decomposition, own, fresh)
        found.append(
            (draws.symmetric(subsets) if symmetric else draws.from_the_first(many, seed, replicate, subsets), draws)
        )
    scores = [np.concatenate(parts, axis=2) for parts in zip(*(draws.scores for _, draws in found), strict=True)]
    y = np.hstack([draws.y for _, draws in found])
    first, total, shapley, more = (_measured([parts[k] for parts, _ in found]) for k in range(4))
    return Effects(first, total, shapley, more, scores, y)


def _net_size(many: int, points: int, symmetric: bool) -> int:
    """Points of a replicate: the power of two that asks about as many evaluations as `points` do."""
    if many > _ALL_SUBSETS:
        return 1 << round(math.log2(points))  # each replicate has its part of the orders
    whole = min(points * (1 + 2 * many / 2**many if symmetric else 1), _EVALUATIONS >> many)
    return max(1 << round(math.log2(whole / REPLICATES)), _LEAST_NET)


def _measured(parts: list[Parts]) -> Measured:
    """Ratio of what is explained to the variance, over all replicates, and the error that their spread tells."""
    explained, variance = np.array([part for part, _ in parts]), np.array([whole for _, whole in parts])
    whole = variance.mean(axis=0)
    scale = np.where(whole > 0, whole, np.inf)  # 0 where nothing varies
    ratio = explained.mean(axis=0) / scale
    spread = (explained - ratio * variance).std(axis=0, ddof=1) / math.sqrt(len(parts))
    return Measured(ratio, spread / scale)


class _Draws:
    """The points of one replicate: scores, those drawn anew, and the outcomes."""

    def __init__(
        self, model: ScoreModel, decomposition: InterpolativeDecomposition, own: Scores, fresh: Scores
    ) -> None:
        self.model, self.decomposition, self.fresh, self.points = model, decomposition, fresh, own[0].shape[2]
        self.scores = [
            np.ascontiguousarray(np.einsum("ij,jgn->ign", level.factor, part))
            for level, part in zip(model.levels, own, strict=True)
        ]
        self.y = centred(decomposition.weights @ model.at(self.scores, decomposition.units))

    def symmetric(self, subsets: Subsets | None = None) -> tuple[Parts, Parts, Parts, Parts]:
        """First order, total and Shapley effects of independent drivers, from all pairs of all subsets; and others."""
        many = len(self.model.names)
        _, weights = _all_subsets(many)
        squares = np.zeros((len(self.y), 1 << many))
        for values in self._mixed(many):
            for first in range(0, len(self.y), rows := max(1, _HELD // values[0].size)):
                some = slice(first, first + rows)
                mixed = np.tensordot(self.decomposition.weights[some], values, 1)
                squares[some] += np.einsum("osn,osn->os", mixed, mixed)
        squares[:, 0] = 0.0  # the mean, which tells nothing of spread
        shared = _walsh(squares.T / self.points).T  # by which drivers differ
        lost = shared[:, :1] - shared
        variance, explained = lost[:, -1:], lost[:, -1:] - lost[:, ::-1]  # the others of a subset stand at the mirror
        alone = 1 << np.arange(many)
        whole = np.broadcast_to(variance, (len(self.y), many))
        kept, combine = (
            (np.zeros((0, many), bool), np.zeros((0, 0))) if subsets is None else (subsets.kept, subsets.combine)
        )
        more = explained[:, kept @ alone] @ combine.T
        return (
            (explained[:, alone], whole),
            (lost[:, alone], whole),
            (explained[:, 1:] @ weights, whole),
            (more, np.broadcast_to(variance, more.shape)),
        )

    def _mixed(self, many: int) -> Iterator[FloatArray]:
        """Transforms of the units of the decomposition, shape (units, subsets, points), some points at a time."""
        model, units = self.model, self.decomposition.units
        subsets = 1 << many
        inside = (np.arange(subsets) >> np.arange(many)[:, None] & 1).astype(bool)
        ends = np.cumsum([0, *(len(level.names) for level in model.levels)])
        own, fresh = (
            [values_of(level, part) for level, part in zip(model.levels, scores, strict=True)]
            for scores in (self.scores, self.fresh)
        )
        width = max(1, min(self.points, _TILE // (subsets * max(1, len(units)))))
        for start in range(0, self.points, width):
            part = slice(start, min(start + width, self.points))
            many_values = subsets * (part.stop - start)  # a level may have no drivers left
            values = [
                np.where(inside[a:b, None, :, None], one[:, :, None, part], other[:, :, None, part]).reshape(
                    *one.shape[:2], many_values
                )
                for (a, b), one, other in zip(pairwise(ends), own, fresh, strict=True)
            ]
            y = model.at_values(values, units)
            yield _walsh(y.reshape(len(y), subsets, -1).transpose(1, 0, 2)).transpose(1, 0, 2) / subsets

    def from_the_first(
        self, many: int, seed: int, replicate: int, subsets: Subsets | None = None
    ) -> tuple[Parts, Parts, Parts, Parts]:
        """First order, total and Shapley effects, from what is shared with the first set of scores; and others."""
        none = np.zeros((len(self.y), 0))
        nothing = none, none
        if not many:
            return nothing, nothing, nothing, nothing
        first, total = _each_and_the_others(self, many)
        more = nothing if subsets is None else _of_subsets(self, subsets)
        return first, total, _shapley(self, many, seed, replicate), more

    def sharing(self, kept: BoolArray) -> FloatArray:
        """Units of the decomposition where some drivers are shared and the others drawn anew."""
        parts = [values[:, 0] for _, _, values in self.renewed(kept[None], self.points)]
        return np.concatenate(parts, axis=1)

    def measured(self, renewed: FloatArray, measure: Measure) -> FloatArray:
        """Measure outcomes against renewed ones, some at a time; what is explained and variance, (2, outcomes)."""
        rows = max(1, _HELD // self.points)
        found = np.empty((2, len(self.y)))
        for first in range(0, len(self.y), rows):
            some = slice(first, first + rows)
            parts, squares = measure(self.y[some], centred(self.decomposition.weights[some] @ renewed))
            found[:, some] = parts.mean(axis=1), squares.mean(axis=1)
        return found

    def renewed(self, kept: BoolArray, points: int) -> Iterator[tuple[slice, slice, FloatArray]]:
        """Evaluate the decomposition, a leaf at a time, where each subset keeps its drivers and the others are new.

        `kept` has shape (subsets, drivers). Gives which subsets, which points, and the figures of the units of
        the decomposition, shape (units, subsets, points).
        """
        from ggu_costs.simulation.influence import _sensitivity_kernels as kernels

        levels = self.model.levels
        ends = np.cumsum([0, *(len(level.names) for level in levels)])
        width = min(points, LEAF)
        together = LEAF // width
        for chunk in range(0, len(kept), _TOGETHER):
            inside = [np.ascontiguousarray(kept[chunk : chunk + _TOGETHER, a:b]) for a, b in pairwise(ends)]
            mixing = [_mixing(level.factor @ level.factor.T, part) for level, part in zip(levels, inside, strict=True)]
            for start in range(0, len(inside[0]), together):
                some = slice(start, min(start + together, len(inside[0])))
                for first in range(0, points, width):
                    part = slice(first, min(first + width, points))
                    values = []
                    for k, level in enumerate(levels):
                        shape = (len(level.names), level.groups, some.stop - some.start, part.stop - part.start)
                        z = np.empty(shape)
                        kernels.renew(self.scores[k], self.fresh[k], inside[k][some], mixing[k][some], first, z)
                        values.append(values_of(level, z.reshape(*shape[:2], -1)))
                    y = self.model.at_values(values, self.decomposition.units)
                    of = slice(chunk + some.start, chunk + some.stop)
                    yield of, part, y.reshape(len(y), some.stop - some.start, -1)


def _mixing(correlation: FloatArray, kept: BoolArray) -> FloatArray:
    """Shares by which kept scores and fresh ones make scores, per subset: conditional normals.

    For what is kept (K) and what is not (O): z_O = R_OK R_KK^-1 z_K + (R_OO - R_OK R_KK^-1 R_KO)^1/2 fresh.
    """
    within = kept[:, :, None] & kept[:, None, :]
    across = kept[:, :, None] & ~kept[:, None, :]
    without = ~kept[:, :, None] & ~kept[:, None, :]
    own = np.eye(len(correlation))
    known = np.where(within, correlation + _NEARLY * own, own)
    slope = np.linalg.solve(known, np.where(across, correlation, 0.0)).transpose(0, 2, 1)
    left = np.where(without, correlation - slope @ np.where(across, correlation, 0.0), own * kept[:, :, None])
    return np.asarray(slope + _roots(left))


def _roots(matrices: FloatArray) -> FloatArray:
    """Return a root of each covariance matrix; some may be singular."""
    try:
        return np.asarray(np.linalg.cholesky(matrices), dtype=np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(matrices)
        return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]) @ vectors.transpose(0, 2, 1))


def _walsh(values: FloatArray) -> FloatArray:
    """Walsh-Hadamard transform along the first axis: sums with a minus where two subsets share an odd number.

    Examples
    --------
    >>> _walsh(np.array([1.0, 2.0, 3.0, 5.0]))
    array([11., -3., -5.,  1.])
    """
    half, shape = 1, values.shape
    while half < shape[0]:
        pairs = values.reshape(-1, 2, half, *shape[1:])
        values = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(shape)
        half *= 2
    return values


def _each_and_the_others(draws: _Draws, many: int) -> tuple[Parts, Parts]:
    """First-order and total indices: one driver shared, and all others shared."""
    alone = np.eye(many, dtype=bool)
    first, total = np.zeros((2, 2, len(draws.y), many))
    for d in range(many):
        first[:, :, d] = draws.measured(draws.sharing(alone[d]), _shared)
        total[:, :, d] = draws.measured(draws.sharing(~alone[d]), _lost) if many > 1 else first[:, :, d]
    return (first[0], first[1]), (total[0], total[1])


def _of_subsets(draws: _Draws, subsets: Subsets) -> Parts:
    """Measures of subsets of drivers that are shared; a subset of all drivers is the variance, that of none nothing."""
    variance = np.square(draws.y).mean(axis=1)
    explained = np.zeros((len(draws.y), len(subsets.kept)))
    for place, kept in enumerate(subsets.kept):
        if kept.all():
            explained[:, place] = variance
        elif kept.any():
            explained[:, place] = draws.measured(draws.sharing(kept), _shared)[0]
    more = explained @ subsets.combine.T
    return more, np.broadcast_to(variance[:, None], more.shape)


def _shared(y: FloatArray, renewed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Correlation of two outcomes that share a driver (Janon)."""
    return y * renewed, (y**2 + renewed**2) / 2


def _lost(y: FloatArray, renewed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Part of the variance that one driver still makes when all others are shared (Jansen)."""
    return (y - renewed) ** 2 / 2, y**2


def _added(y: FloatArray, added: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Part of the variance that a driver adds, over the orders."""
    return y * added, y**2


def _shapley(draws: _Draws, many: int, seed: int, replicate: int) -> Parts:
    """Shapley effects: what each driver adds, averaged over the orders of all drivers."""
    from ggu_costs.simulation.influence import _sensitivity_kernels as kernels

    kept, weights = _all_subsets(many) if many <= _ALL_SUBSETS else _random_orders(many, seed, replicate)
    sums = np.zeros((many, len(draws.decomposition.units), draws.points))
    for subsets, part, values in draws.renewed(kept, draws.points):
        kernels.gather(values, weights[subsets], part.start, sums)
    effects = np.stack([draws.measured(added, _added) for added in sums], axis=2)
    return effects[0], effects[1]


def _all_subsets(many: int) -> tuple[BoolArray, FloatArray]:
    """All subsets but the empty one, and the weight of each in the Shapley effect of each driver."""
    kept = (np.arange(1, 1 << many)[:, None] >> np.arange(many) & 1).astype(bool)
    chances = np.array([1.0 / (many * math.comb(many - 1, before)) for before in range(many)] + [0.0])
    size = kept.sum(axis=1, keepdims=True)
    return kept, np.where(kept, chances[size - 1], -chances[size])


def _random_orders(many: int, seed: int, replicate: int) -> tuple[BoolArray, FloatArray]:
    """The subsets that come about as drivers join in random orders, and their weights; other orders a replicate."""
    words = [seed & 0xFFFFFFFF, seed >> 32, replicate]
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
    subsets: dict[bytes, FloatArray] = {}
    orders = _ORDERS // REPLICATES
    for _ in range(orders):
        order, inside = generator.permutation(many), np.zeros(many, dtype=bool)
        for place, joined in enumerate(order):
            inside[joined] = True
            weights = subsets.setdefault(inside.tobytes(), np.zeros(many))
            weights[joined] += 1.0 / orders
            if place + 1 < many:
                weights[order[place + 1]] -= 1.0 / orders
    kept = np.array([np.frombuffer(key, dtype=bool) for key in subsets])
    return kept, np.array(list(subsets.values()))
