"""Sobol indices of every unit at once, of independent drivers, from one net."""

import numpy as np

from ggu_costs.simulation.influence.decomposition import InterpolativeDecomposition, centred
from ggu_costs.simulation.influence.nets import paired_scores
from ggu_costs.simulation.influence.normal_scores import ScoreModel, values_of
from ggu_costs.typing import FloatArray


def sobol_of(model: ScoreModel, seed: int, points: int) -> tuple[FloatArray, FloatArray]:
    """Return first-order (Saltelli) and total (Jansen) indices of every unit, of independent drivers.

    Points are scrambled Sobol points, as many as the power of two from `points` on.
    """
    if not model.names:
        return np.zeros((model.units, 0)), np.zeros((model.units, 0))
    decomposition = InterpolativeDecomposition.of(model, None)
    points = 1 << (points - 1).bit_length()
    (pair,) = paired_scores(model, seed, points, 1)
    own, fresh = ([values_of(level, part) for level, part in zip(model.levels, scores, strict=True)] for scores in pair)
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
