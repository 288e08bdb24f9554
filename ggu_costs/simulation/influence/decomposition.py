r"""Many outcomes from a few units.

Outcomes of hundreds of units in the same draw hang together: each is a sum of a few functions of the drivers
with numbers of its own. So some ten well chosen units determine all others (an interpolative decomposition):

.. math:: y_i - E y_i \approx \sum_{k} w_{ik} (y_{j_k} - E y_{j_k})

The units j are chosen at probes, one by one, each time the one that those before it determine least, until
every outcome is met to 1e-6 of its standard deviation. The probes are normal draws, and draws with each driver in turn
far out in its tails, so that a rare event is among them. At other draws the outcomes are then compared; where they are
further off than 1e-4, every unit is evaluated.

References
----------
Cheng, H. et al. (2005). On the compression of low rank matrices. SIAM Journal on Scientific Computing 26, 1389-1404.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ggu_costs.simulation.influence.normal_scores import ScoreModel, Scores
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_FEW = 8  # as many are evaluated as they are
_PROBES, _CHECKS = 192, 192
_TAILS = (-4.0, -2.0, 2.0, 4.0)
_MET = 1e-6
_FAR = 1e-4
_NOTHING = 1e-12  # spread below this part of what is added up is rounding
_STREAM = 0x736B656C


@dataclass(frozen=True, eq=False)
class InterpolativeDecomposition:
    """Outcomes as weighted sums of some units.

    Attributes
    ----------
    units
        int64, shape (k,): the units to evaluate.
    weights
        float64, shape (outcomes, k): off their means, outcomes are these sums; 0 for an outcome without spread.
    """

    units: IntArray
    weights: FloatArray

    @classmethod
    def of(cls, model: ScoreModel, outcomes: FloatArray | None) -> InterpolativeDecomposition:
        """Choose the units for some outcomes.

        Parameters
        ----------
        outcomes
            Weights of shape (outcomes, units); None for every unit alone.
        """
        used = np.arange(model.units) if outcomes is None else np.flatnonzero((outcomes != 0).any(axis=0))
        sums = None if outcomes is None else outcomes[:, used]
        y = model.at(_probes(model), used)
        level = _size(y) if sums is None else np.abs(sums) @ _size(y)
        y = centred(y)
        target = y if sums is None else sums @ y
        spread = _size(target)
        flat = spread <= _NOTHING * level
        choice = None if used.size <= _FEW or flat.all() else _chosen(y, target, spread, ~flat)
        if choice is not None:
            places, weights = choice
            checks = centred(model.at(_normal(model, _CHECKS, 1), used))
            off = (checks if sums is None else sums @ checks) - weights @ checks[places]
            if not (_size(off) > _FAR * spread)[~flat].any():
                return cls(used[places], weights)
        whole = np.eye(used.size) if sums is None else sums
        return cls(used, np.where(flat[:, None], 0.0, whole))


def _chosen(
    y: FloatArray, target: FloatArray, spread: FloatArray, wanted: BoolArray
) -> tuple[IntArray, FloatArray] | None:
    """Choose rows of `y` and the weights that give `target`; None where that takes more than a third of the rows."""
    scale = _size(y)
    left: FloatArray = y / np.where(scale > 0, scale, 1.0)[:, None]
    missing: FloatArray = left if target is y else target / np.where(wanted, spread, 1.0)[:, None]
    places: list[int] = []
    parts: list[FloatArray] = []
    shares: list[FloatArray] = []
    while _size(missing)[wanted].max() > _MET:
        if len(places) == len(y) // 3:
            return None
        places.append(int(np.argmax(_size(left))))
        direction: FloatArray = left[places[-1]] / float(np.linalg.norm(left[places[-1]]))
        parts.append(left @ direction)
        shares.append(parts[-1] if missing is left else missing @ direction)
        left -= np.outer(parts[-1], direction)
        if missing is not left:
            missing -= np.outer(shares[-1], direction)
    chosen = np.array(places, np.int64)
    triangle = np.stack(parts, axis=1)[chosen]  # the chosen rows in the directions found: lower triangular
    weights = np.linalg.solve(triangle.T, np.stack(shares)).T * spread[:, None] / scale[chosen]
    return chosen, np.where(wanted[:, None], weights, 0.0)


def _size(y: FloatArray) -> FloatArray:
    """Root mean square of each row."""
    return np.asarray(np.sqrt(np.einsum("on,on->o", y, y) / y.shape[1]))


def centred(y: FloatArray) -> FloatArray:
    """Return rows less their mean."""
    return np.asarray(y - y.mean(axis=1, keepdims=True))


def _normal(model: ScoreModel, points: int, stream: int) -> Scores:
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([_STREAM, stream])))
    return [generator.standard_normal((len(level.names), level.groups, points)) for level in model.levels]


def _probes(model: ScoreModel) -> Scores:
    """Normal scores, and for each driver some with that driver far out, in all its groups."""
    scores = _normal(model, _PROBES + len(model.names) * len(_TAILS), 0)
    first = _PROBES
    for part in scores:
        for d in range(len(part)):
            part[d, :, first : first + len(_TAILS)] = _TAILS
            first += len(_TAILS)
    return scores
