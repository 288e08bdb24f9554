"""Outcomes for driver values of one's own choosing, given as normal scores: what sensitivity analysis asks for.

The kernels are those of a run; only where the drivers come from differs. Drivers that every unit draws for itself are
replaced by their means; what they add to the spread is reported apart by whoever asks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ggu_costs.simulation import marginals
from ggu_costs.simulation.constants import LEAF
from ggu_costs.simulation.distributions.family import Marginal, family_of
from ggu_costs.simulation.machine.compile import Level, compile_spec
from ggu_costs.simulation.machine.leaves import Evaluator
from ggu_costs.simulation.machine.sampling import make_sampling
from ggu_costs.simulation.parts import UNIT_LEVEL, Affine, Correlation, Curve, Index, Term, drivers_in
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray, IntArray

Scores = list["FloatArray"]
"""Normal scores, or values of drivers, by level: each of shape (drivers, groups, points), one group for the nation."""


@dataclass(eq=False)
class _Given(Evaluator):
    """An evaluator whose drivers are given instead of drawn."""

    values: Scores = field(default_factory=list)
    points: int = 0

    def count(self, leaf: int) -> int:
        """Points given."""
        del leaf
        return self.points

    def draw(self, place: int, first: int, last: int, replicate: int, leaf: int) -> None:
        """Put the given values into the registers."""
        del replicate, leaf
        level = self.compiled.levels[place]
        many = len(level.names)
        rows = self.registers[level.first : level.first + (last - first) * many, : self.points]
        rows.reshape(last - first, many, self.points)[:] = self.values[place][:, first:last].transpose(1, 0, 2)


class ScoreModel(ABC):
    """Outcomes of units at scores of the drivers."""

    levels: tuple[Level, ...]

    @property
    def names(self) -> list[str]:
        """Names of the drivers, level by level: the order in which everything about drivers comes."""
        return [name for level in self.levels for name in level.names]

    @property
    @abstractmethod
    def units(self) -> int:
        """Number of units."""

    @abstractmethod
    def at_values(self, values: Scores, units: IntArray | None = None) -> FloatArray:
        """The output at values of the drivers, shape (units chosen, points)."""

    def at(self, scores: Scores, units: IntArray | None = None) -> FloatArray:
        """The output at normal scores, shape (units asked, points)."""
        return self.at_values([values_of(level, part) for level, part in zip(self.levels, scores, strict=True)], units)


@dataclass(eq=False)
class FunctionScores(ScoreModel):
    """A function of the drivers by name, each of shape (groups, points), to figures of shape (units, points)."""

    levels: tuple[Level, ...]
    many: int
    function: Callable[[Mapping[str, FloatArray]], FloatArray]

    @property
    def units(self) -> int:
        """Number of units."""
        return self.many

    def at_values(self, values: Scores, units: IntArray | None = None) -> FloatArray:
        """The output at values of the drivers, shape (units chosen, points)."""
        named = {name: part[d] for level, part in zip(self.levels, values, strict=True)
                 for d, name in enumerate(level.names)}  # fmt: skip
        y = self.function(named)
        return y if units is None else y[units]


@dataclass(eq=False)
class NormalScoreModel(ScoreModel):
    """A model with one output, evaluated at scores; make it with :meth:`of`."""

    evaluator: _Given
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, spec: ModelSpec) -> NormalScoreModel:
        """Compile a specification with one output, without drivers drawn per unit."""
        compiled = compile_spec(spec)
        sampling = make_sampling(compiled.levels, draws=LEAF, seed=0, method="random")
        return cls(_Given(compiled, sampling), compiled.levels)

    @property
    def units(self) -> int:
        """Number of units."""
        return self.evaluator.compiled.units

    def at_values(self, values: Scores, units: IntArray | None = None) -> FloatArray:
        """The output at values of the drivers, shape (units chosen, points)."""
        chosen = np.arange(self.units) if units is None else units
        position = np.zeros(self.units, np.int64)
        position[chosen] = np.arange(chosen.size)
        only = None if units is None else frozenset(chosen.tolist())
        points = values[0].shape[2]
        outcomes = np.empty((chosen.size, points))
        for start in range(0, points, LEAF):
            self.evaluator.values = [part[:, :, start : start + LEAF] for part in values]
            self.evaluator.points = min(LEAF, points - start)
            for some, kept in self.evaluator.kept(0, 0, only):
                outcomes[position[some], start : start + LEAF] = kept[0]
        return outcomes


def values_of(level: Level, scores: FloatArray) -> FloatArray:
    """Driver values at scores, by the tables that a run uses."""
    from ggu_costs.simulation.machine import _draw_kernels as kernels
    from ggu_costs.simulation.machine import _engine_kernels

    scores = np.ascontiguousarray(scores)
    values, (many, groups, points) = np.empty_like(scores), scores.shape
    flat = scores.reshape(many, groups * points)
    kernels.driver_values(flat, values.reshape(flat.shape), groups * points, level.kinds, level.numbers, level.tables)
    if level.exponentials:
        rows = [d * groups + group for d in level.exponentials for group in range(groups)]
        _engine_kernels.exponentiate(values.reshape(many * groups, points), np.array(rows, np.int64), points)
    return values


def without_own_draws(spec: ModelSpec) -> ModelSpec:
    """Return the model with every driver that is drawn per unit at its mean, and without those nothing uses."""
    own = {driver.name: driver.marginal for driver in spec.drivers if driver.level == UNIT_LEVEL}
    means = {name: marginals.describe(marginal)[0] for name, marginal in own.items()}
    terms = tuple(_settled(term, own, means) for term in spec.terms) if own else spec.terms
    used = {name for term in terms for name in drivers_in(term)}
    if used >= {driver.name for driver in spec.drivers}:
        return spec
    return replace(
        spec,
        drivers=tuple(driver for driver in spec.drivers if driver.name in used),
        correlations=tuple(_among(part, used) for part in spec.correlations if len(used & set(part.names)) > 1),
        terms=terms,
    )


def _among(part: Correlation, used: set[str]) -> Correlation:
    places = [place for place, name in enumerate(part.names) if name in used]
    return replace(part, names=tuple(part.names[place] for place in places), matrix=part.matrix[np.ix_(places, places)])


def _settled(term: Term, own: Mapping[str, Marginal], means: Mapping[str, float]) -> Term:
    constant, powers = term.constant, Counter[str]()
    for name, power in term.factors:
        if name in own:
            powers[name] += power
    for name, power in powers.items():
        constant *= family_of(own[name]).mean_of_power(own[name], power) if power else 1.0
    curve, index = term.curve, term.index
    return replace(
        term,
        constant=constant,
        factors=tuple((name, power) for name, power in term.factors if name not in own),
        exponent=None if term.exponent is None else _at_means(term.exponent, means),
        curve=None if curve is None else Curve(
            _at_means(curve.midpoint, means), _at_means(curve.steepness, means), curve.times, curve.increments
        ),
        index=None if index is None else Index(_at_means(index.rate, means), index.powers),
    )  # fmt: skip


def _at_means(part: Affine, means: Mapping[str, float]) -> Affine:
    settled = sum(weight * means[name] for name, weight in part.drivers if name in means)
    drivers = tuple((name, weight) for name, weight in part.drivers if name not in means)
    return Affine(part.constant + settled, drivers, part.by_unit)
