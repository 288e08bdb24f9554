"""Outcomes for driver values of one's own choosing, given as normal scores: what sensitivity analysis asks for.

The kernels are those of a run; only where the drivers come from differs. Drivers that every municipality draws for
itself are replaced by their means: sensitivity is about what municipalities have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.impact import marginals
from ggu_costs.impact.assembly import drivers_in
from ggu_costs.impact.compile import compile_spec
from ggu_costs.impact.leaves import Evaluator
from ggu_costs.impact.sampling import LEAF, make_sampling
from ggu_costs.impact.spec import UNIT_LEVEL, Affine, Correlation, Curve, Index, Marginal, ModelSpec, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ggu_costs.impact.compile import Level
    from ggu_costs.typing import FloatArray

__all__ = ["Scored", "Scores", "without_own_draws"]

Scores = dict[str, "FloatArray"]
"""Normal scores by driver, shape (groups, points): one group for a national driver."""

_TABLE, _STEPS, _EXPONENTIAL = 2, 3, 1


@dataclass(eq=False)
class _Given(Evaluator):
    """An evaluator whose drivers are given instead of drawn."""

    values: dict[str, FloatArray] = field(default_factory=dict)
    points: int = 0

    def count(self, leaf: int) -> int:
        """Points given."""
        del leaf
        return self.points

    def draw(self, place: int, first: int, last: int, replicate: int, leaf: int) -> None:
        """Put the given values into the bank."""
        del replicate, leaf
        level = self.compiled.levels[place]
        for group in range(first, last):
            for d, name in enumerate(level.names):
                row = level.first + (group - first) * len(level.names) + d
                self.bank[row, : self.points] = self.values[name][group]


@dataclass(eq=False)
class Scored:
    """A model with one output, evaluated at scores; make it with :meth:`of`."""

    evaluator: _Given
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, spec: ModelSpec) -> Scored:
        """Compile a specification with one output, without drivers drawn per municipality."""
        compiled = compile_spec(spec)
        sampling = make_sampling(compiled.levels, draws=LEAF, seed=0, method="random")
        return cls(_Given(compiled, sampling), compiled.levels)

    def groups_of(self) -> dict[str, int]:
        """Number of draws of each driver: 1 for the nation, one for each group otherwise."""
        return {name: level.groups for level in self.levels for name in level.names}

    def nation(self, scores: Scores) -> FloatArray:
        """The sum over all municipalities, shape (points,)."""
        found = [
            np.sum([kept[0].sum(axis=0) for _, kept in self.evaluator.kept(0, 0)], axis=0) for _ in self._leaves(scores)
        ]
        return np.concatenate(found)

    def unit(self, place: int, scores: Scores) -> FloatArray:
        """One municipality, shape (points,)."""
        only = frozenset([place])
        found = []
        for _ in self._leaves(scores):
            ((_, kept),) = self.evaluator.kept(0, 0, only)
            found.append(kept[0, 0].copy())
        return np.concatenate(found)

    def every(self, scores: Scores) -> FloatArray:
        """All municipalities, shape (municipalities, points)."""
        return np.concatenate([self.evaluator.values_of(0, 0)[0] for _ in self._leaves(scores)], axis=1)

    def _leaves(self, scores: Scores) -> Iterator[None]:
        """Give the evaluator up to 4,096 points at a time."""
        points = next((row.shape[1] for row in scores.values()), LEAF)
        for start in range(0, points, LEAF):
            part = {name: row[:, start : start + LEAF] for name, row in scores.items()}
            self.evaluator.points = min(LEAF, points - start)
            self.evaluator.values = {
                name: _values(level, d, part[name]) for level in self.levels for d, name in enumerate(level.names)
            }
            yield


def _values(level: Level, d: int, scores: FloatArray) -> FloatArray:
    """Driver values at scores, by the tables that a run uses."""
    from ggu_costs.impact import _draw_kernels as kernels

    kind, start, size = level.kinds[d]
    table, (first, second) = level.tables[start : start + size], level.numbers[d]
    found = np.empty_like(scores)
    for z, x in zip(np.ascontiguousarray(scores), found, strict=True):
        if kind == _TABLE:
            kernels.table_values(z, x, first, second, table)
        elif kind == _STEPS:
            kernels.step_values(z, x, np.ascontiguousarray(table[:, :2]))
        else:
            x[:] = first + second * z
    return np.exp(found) if kind == _EXPONENTIAL else found


def without_own_draws(spec: ModelSpec) -> ModelSpec:
    """Return the model with every driver that is drawn per municipality at its mean, and without those nothing uses."""
    own = {driver.name: driver.marginal for driver in spec.drivers if driver.level == UNIT_LEVEL}
    means = {name: marginals.describe(marginal)[0] for name, marginal in own.items()}
    terms = tuple(_settled(term, own, means) for term in spec.terms) if own else spec.terms
    used = {name for term in terms for name in drivers_in(term)}
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
    constant = term.constant
    for name, power in term.factors:
        if name in own:
            constant *= _moment(own[name], power)
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


def _moment(marginal: Marginal, power: int) -> float:
    """Mean of a power of a driver: independent draws of many municipalities come to this."""
    if power == 1:
        return marginals.describe(marginal)[0]
    if marginal.kind == "bernoulli":
        return marginal.parameters[0] if power > 0 else np.inf
    if marginal.values:
        return float(np.array(marginal.values) ** float(power) @ np.array(marginal.probabilities))
    scores = np.linspace(-8.0, 8.0, 4001)
    weights = np.exp(-0.5 * scores * scores)
    return float(marginals.quantile(marginal, scores) ** float(power) @ (weights / weights.sum()))
