r"""Which value of a driver makes a figure what it is asked to be: one driver at a time, and all of them along one line.

A driver is moved from its median, z = 0, over normal scores from -3.29 to 3.29 (0.05 to 99.95 per cent of its
distribution), with all others at their median; where the figure y crosses the target is its answer, the nearest one to
the median where there are more. Jointly, all drivers move along the line of greatest influence: the direction of the
gradient g of y at the medians,

.. math:: z(t) = t \, g / |g|

which is the first step of a first-order reliability analysis; t is then in standard deviations. What every municipality
draws for itself stays at its mean, and a driver per class or region moves in none of them: these are named apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ggu_costs.simulation.influence.normal_scores import NormalScoreModel, Scores, values_of
from ggu_costs.typing import FloatArray

REACH = 3.29
"""Scores run from minus to plus this: 0.05 to 99.95 per cent of a distribution."""
_STEPS = 201
_STEP = 0.05
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Crossing:
    """Where a figure becomes what is asked.

    Attributes
    ----------
    driver
        Name of the driver; empty for all together.
    score
        Normal score at which it does; NaN where it does not within its distribution.
    values
        Values of the drivers there, by name.
    """

    driver: str
    score: float
    values: dict[str, float]

    @property
    def place(self) -> float:
        """Part of the distribution below the value; for all drivers together of the line."""
        return math.nan if math.isnan(self.score) else _NORMAL.cdf(self.score)


class Inversion:
    """A figure as a function of its drivers, one at a time and along the line of greatest influence.

    Parameters
    ----------
    model
        The figure of each municipality.
    """

    def __init__(self, model: NormalScoreModel) -> None:
        self.model = model
        self.grid = np.linspace(-REACH, REACH, _STEPS)
        self.common = [
            (place, d, name)
            for place, level in enumerate(model.levels)
            for d, name in enumerate(level.names)
            if level.groups == 1
        ]
        """Level, position and name of each driver that is one draw for all."""
        self._along = self._evaluated([self._moved({(place, d): self.grid}) for place, d, _ in self.common])
        steps = [self._moved({(place, d): np.array([-_STEP, _STEP])}) for place, d, _ in self.common]
        self._slopes = [(part[:, 1] - part[:, 0]) / (2 * _STEP) for part in self._evaluated(steps)]

    def _evaluated(self, scores: Sequence[Scores]) -> list[FloatArray]:
        return [self.model.at(part) for part in scores]

    def _moved(self, moved: dict[tuple[int, int], FloatArray]) -> Scores:
        """Scores with some drivers moved and all others at their median."""
        points = max((len(part) for part in moved.values()), default=1)
        scores = [np.zeros((len(level.names), level.groups, points)) for level in self.model.levels]
        for (place, d), part in moved.items():
            scores[place][d, :, :] = part
        return scores

    def at_median(self, weights: FloatArray) -> float:
        """Return the figure with every driver at its median; `weights` of the municipalities in it."""
        return float(weights @ self.model.at(self._moved({}))[:, 0])

    def one_at_a_time(self, weights: FloatArray, target: float) -> list[Crossing]:
        """Return for each common driver where it alone makes the figure the target."""
        found = []
        for (place, d, name), along in zip(self.common, self._along, strict=True):
            score = _crossing(self.grid, weights @ along - target)
            values = {} if math.isnan(score) else {name: self.value(place, d, score)}
            found.append(Crossing(name, score, values))
        return found

    def ends(self, weights: FloatArray) -> list[tuple[float, float]]:
        """Return the lowest and highest figure that each common driver gives alone."""
        return [(float(part.min()), float(part.max())) for part in (weights @ along for along in self._along)]

    def jointly(self, weights: FloatArray, target: float) -> Crossing:
        """Return where all common drivers together, along the line of greatest influence, make it the target."""
        direction = self.direction(weights)
        if not direction.any():
            return Crossing("", math.nan, {})
        moved = {(place, d): part * self.grid for (place, d, _), part in zip(self.common, direction, strict=True)}
        score = _crossing(self.grid, weights @ self.model.at(self._moved(moved)) - target)
        if math.isnan(score):
            return Crossing("", math.nan, {})
        pairs = zip(self.common, direction, strict=True)
        return Crossing("", score, {name: self.value(place, d, part * score) for (place, d, name), part in pairs})

    def direction(self, weights: FloatArray) -> FloatArray:
        """Return the line of greatest influence: the gradient at the medians, of length 1; nothing where it is 0."""
        gradient = np.array([float(weights @ slope) for slope in self._slopes])
        size = float(np.linalg.norm(gradient))
        return gradient / size if size else gradient

    def joint_place(self, weights: FloatArray, name: str, score: float) -> float:
        """Return which part of the distribution of a driver lies below its value on that line."""
        names = [common for _, _, common in self.common]
        return math.nan if math.isnan(score) else _NORMAL.cdf(score * float(self.direction(weights)[names.index(name)]))

    def value(self, place: int, d: int, score: float) -> float:
        """Return the value of a common driver at a score."""
        scores = self._moved({(place, d): np.array([score])})[place]
        return float(values_of(self.model.levels[place], scores)[d, 0, 0])


def _crossing(grid: FloatArray, gap: FloatArray) -> float:
    """Return the score nearest to 0 at which a gap is 0, between two points by a straight line; NaN where nowhere."""
    found = list(grid[gap == 0.0])
    for place in np.flatnonzero(gap[:-1] * gap[1:] < 0):
        part = gap[place] / (gap[place] - gap[place + 1])
        found.append(grid[place] + part * (grid[place + 1] - grid[place]))
    return float(min(found, key=abs)) if found else math.nan
