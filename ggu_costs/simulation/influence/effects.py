r"""Sobol indices and Shapley effects of many outcomes at once, with their errors.

c(S), the variance that the drivers in S explain, is the covariance of y with an outcome y' that shares the drivers in S
and draws the others anew, given those in S (for the Gaussian copula a conditional normal). All subsets up to 12
drivers; random orders beyond. Only the units of a
:class:`~ggu_costs.simulation.influence.decomposition.InterpolativeDecomposition` are evaluated.

References
----------
Janon, A. et al. (2014). Asymptotic normality of two Sobol index estimators. ESAIM: Probability and Statistics 18,
342-364.
Jansen, M. (1999). Analysis of variance designs for model output. Computer Physics Communications 117, 35-43.
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
from ggu_costs.simulation.influence.normal_scores import NormalScoreModel, Scores, values_of
from ggu_costs.simulation.machine.sampling import stream_of
from ggu_costs.typing import BoolArray, FloatArray

LEAST_POINTS = 256
_ALL_SUBSETS = 12
_EVALUATIONS = 2**22  # points in all, over the subsets
_ORDERS = 200
_TOGETHER = 256  # subsets whose conditional normals are worked out at a time
_HELD = 2**16  # figures of outcomes held at a time
_NEARLY = 1e-10  # drivers that are the same drive each other: this keeps their matrix regular


Measure = Callable[["FloatArray", "FloatArray"], "tuple[FloatArray, FloatArray]"]
"""Of outcomes and renewed ones off their means: products whose mean is the measure, and squares that make variance."""


class Measured(NamedTuple):
    """A measure and its standard error, shape (outcomes, drivers)."""

    value: FloatArray
    error: FloatArray


@dataclass(frozen=True, eq=False)
class Effects:
    """What the drivers do to each outcome.

    Attributes
    ----------
    first, total, shapley
        Parts of the variance; all 0 for an outcome without spread.
    scores, y
        The scores, by level, and what the outcomes, shape (outcomes, points), are there off their mean.
    """

    first: Measured
    total: Measured
    shapley: Measured
    scores: Scores
    y: FloatArray


def independent_scores(model: NormalScoreModel, seed: int, points: int, which: int) -> Scores:
    """Independent scores, a stream for each driver."""
    scores = []
    for level in model.levels:
        part = np.empty((len(level.names), level.groups, points))
        for d, name in enumerate(level.names):
            words = [seed & 0xFFFFFFFF, seed >> 32, *stream_of(name), which]
            part[d] = np.random.Generator(np.random.Philox(np.random.SeedSequence(words))).standard_normal(
                (level.groups, points)
            )
        scores.append(part)
    return scores


def effects_of(model: NormalScoreModel, outcomes: FloatArray | None, seed: int, points: int) -> Effects:
    """Return the effects of all drivers on outcomes, given as weights of the units; None for each alone."""
    draws = _Draws(model, InterpolativeDecomposition.of(model, outcomes), seed, points)
    many = len(model.names)
    if not many:
        nothing = Measured(np.zeros((len(draws.y), 0)), np.zeros((len(draws.y), 0)))
        return Effects(nothing, nothing, nothing, draws.scores, draws.y)
    first, total = _each_and_the_others(draws, many)
    return Effects(first, total, _shapley(draws, many, seed), draws.scores, draws.y)


class _Draws:
    """The points of one analysis: scores, those drawn anew, and the outcomes."""

    def __init__(
        self, model: NormalScoreModel, decomposition: InterpolativeDecomposition, seed: int, points: int
    ) -> None:
        self.model, self.decomposition, self.points = model, decomposition, points
        independent = independent_scores(model, seed, points, 0)
        self.fresh = independent_scores(model, seed, points, 1)
        self.scores = [
            np.ascontiguousarray(np.einsum("ij,jgn->ign", level.factor, part))
            for level, part in zip(model.levels, independent, strict=True)
        ]
        self.y = centred(decomposition.weights @ model.at(self.scores, decomposition.units))

    def sharing(self, kept: BoolArray) -> FloatArray:
        """Units of the decomposition where some drivers are shared and the others drawn anew."""
        parts = [values[:, 0] for _, _, values in self.renewed(kept[None], self.points)]
        return np.concatenate(parts, axis=1)

    def measured(self, renewed: FloatArray, measure: Measure) -> FloatArray:
        """Measure outcomes against renewed ones, some at a time; ratio and error, shape (2, outcomes)."""
        points = renewed.shape[1]
        rows = max(1, _HELD // points)
        ratios = np.empty((2, len(self.y)))
        for first in range(0, len(self.y), rows):
            some = slice(first, first + rows)
            y = centred(self.y[some, :points])
            ratios[:, some] = _ratio(*measure(y, centred(self.decomposition.weights[some] @ renewed)))
        return ratios

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


def _each_and_the_others(draws: _Draws, many: int) -> tuple[Measured, Measured]:
    """First-order and total indices: one driver shared, and all others shared."""
    alone = np.eye(many, dtype=bool)
    first, total = np.zeros((2, 2, len(draws.y), many))
    for d in range(many):
        first[:, :, d] = draws.measured(draws.sharing(alone[d]), _shared)
        total[:, :, d] = draws.measured(draws.sharing(~alone[d]), _lost) if many > 1 else first[:, :, d]
    return Measured(*first), Measured(*total)


def _shared(y: FloatArray, renewed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Correlation of two outcomes that share a driver (Janon)."""
    return y * renewed, (y**2 + renewed**2) / 2


def _lost(y: FloatArray, renewed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Part of the variance that one driver still makes when all others are shared (Jansen)."""
    return (y - renewed) ** 2 / 2, y**2


def _added(y: FloatArray, added: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Part of the variance that a driver adds, over the orders."""
    return y * added, y**2


def _ratio(parts: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean of parts over the mean of squares, and its standard error; 0 where there is no variance."""
    variance = squares.mean(axis=1)
    varies = variance > 0
    ratio = np.divide(parts.mean(axis=1), variance, out=np.zeros_like(variance), where=varies)
    spread = (parts - ratio[:, None] * squares).std(axis=1) / math.sqrt(parts.shape[1])
    return ratio, np.divide(spread, variance, out=np.zeros_like(variance), where=varies)


def _shapley(draws: _Draws, many: int, seed: int) -> Measured:
    """Shapley effects: what each driver adds, averaged over the orders of all drivers."""
    from ggu_costs.simulation.influence import _sensitivity_kernels as kernels

    kept, weights = _all_subsets(many) if many <= _ALL_SUBSETS else _random_orders(many, seed)
    points = draws.points
    if many <= _ALL_SUBSETS:
        points = min(points, max(_EVALUATIONS >> many, LEAST_POINTS))
    sums = np.zeros((many, len(draws.decomposition.units), points))
    for subsets, part, values in draws.renewed(kept, points):
        kernels.gather(values, weights[subsets], part.start, sums)
    effects = np.stack([draws.measured(added, _added) for added in sums], axis=2)
    return Measured(*effects)


def _all_subsets(many: int) -> tuple[BoolArray, FloatArray]:
    """All subsets but the empty one, and the weight of each in the Shapley effect of each driver."""
    kept = (np.arange(1, 1 << many)[:, None] >> np.arange(many) & 1).astype(bool)
    chances = np.array([1.0 / (many * math.comb(many - 1, before)) for before in range(many)] + [0.0])
    size = kept.sum(axis=1, keepdims=True)
    return kept, np.where(kept, chances[size - 1], -chances[size])


def _random_orders(many: int, seed: int) -> tuple[BoolArray, FloatArray]:
    """The subsets that come about as drivers join in random orders, and their weights."""
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed & 0xFFFFFFFF, seed >> 32])))
    subsets: dict[bytes, FloatArray] = {}
    for _ in range(_ORDERS):
        order, inside = generator.permutation(many), np.zeros(many, dtype=bool)
        for place, joined in enumerate(order):
            inside[joined] = True
            weights = subsets.setdefault(inside.tobytes(), np.zeros(many))
            weights[joined] += 1.0 / _ORDERS
            if place + 1 < many:
                weights[order[place + 1]] -= 1.0 / _ORDERS
    kept = np.array([np.frombuffer(key, dtype=bool) for key in subsets])
    return kept, np.array(list(subsets.values()))


def sobol_of(model: NormalScoreModel, seed: int, points: int) -> tuple[FloatArray, FloatArray]:
    """Return first-order (Saltelli) and total (Jansen) indices of every unit, of independent drivers.

    Points are scrambled Sobol points, as many as the power of two from `points` on.
    """
    if not model.names:
        return np.zeros((model.units, 0)), np.zeros((model.units, 0))
    decomposition = InterpolativeDecomposition.of(model, None)
    points = 1 << (points - 1).bit_length()
    own, fresh = (
        [values_of(level, part) for level, part in zip(model.levels, scores, strict=True)]
        for scores in _net(model, seed, points)
    )
    y, other = (model.at_values(values, decomposition.units) for values in (own, fresh))
    apart = centred(other)
    variance = _formed(decomposition.weights, np.cov(y, bias=True).reshape(len(y), len(y)))
    first, total = np.zeros((2, model.units, len(model.names)))
    column = 0
    for k, part in enumerate(own):
        for d in range(len(part)):
            kept = part[d].copy()
            part[d] = fresh[k][d]
            moved = model.at_values(own, decomposition.units) - y
            part[d] = kept
            first[:, column] = _formed(decomposition.weights, apart @ moved.T / points)
            total[:, column] = _formed(decomposition.weights, moved @ moved.T / (2 * points))
            column += 1
    scale = np.where(variance > 0, variance, np.inf)[:, None]  # 0 where nothing varies
    return first / scale, total / scale


def _formed(weights: FloatArray, products: FloatArray) -> FloatArray:
    """Products of outcomes with themselves from those of the units of the decomposition."""
    return np.asarray(((weights @ products) * weights).sum(axis=1))


def _net(model: NormalScoreModel, seed: int, points: int) -> tuple[Scores, Scores]:
    """Two sets of independent scores from the two halves of scrambled Sobol points."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    shapes = [(len(level.names), level.groups, points) for level in model.levels]
    ends = np.cumsum([0, *(drivers * groups for drivers, groups, _ in shapes)])
    whole = qmc.Sobol(2 * int(ends[-1]), seed=np.random.Generator(np.random.Philox(seed)))
    z = ndtri(np.clip(whole.random(points).T, 2.0**-53, 1 - 2.0**-53))
    one, other = (
        [half[a:b].reshape(shape) for (a, b), shape in zip(pairwise(ends), shapes, strict=True)]
        for half in np.split(np.ascontiguousarray(z), 2)
    )
    return one, other
