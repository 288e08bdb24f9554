"""A specification evaluated on draws of its own: numpy's generator instead of the engine's, the plain twin's formula.

Distributions and formula are those of :mod:`oracles.impact`. Neither draws nor code are shared with the engine: results
agree within sampling error, and exactly on the same driver values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from oracles import impact as twin

from ggu_costs.simulation.parts import NATION, UNIT_LEVEL
from ggu_costs.simulation.spec import ModelSpec

Array = NDArray[np.float64]


def draw(spec: ModelSpec, count: int, seed: int) -> dict[str, Array]:
    """Driver values by name: shape (draws, 1) for the nation, (draws, units) otherwise."""
    rng = np.random.default_rng(seed)
    groupings = {grouping.name: grouping for grouping in spec.groupings}
    scores: dict[str, Array] = {}
    for part in spec.correlations:
        matrix = 2 * np.sin(np.pi * part.matrix / 6) if part.kind == "rank" else part.matrix.copy()
        np.fill_diagonal(matrix, 1.0)
        drawn = rng.multivariate_normal(np.zeros(len(part.names)), matrix, size=count)
        scores |= {name: drawn[:, [place]] for place, name in enumerate(part.names)}
    values = {}
    for driver in spec.drivers:
        width = {NATION: 1, UNIT_LEVEL: len(spec.units)}.get(driver.level) or len(groupings[driver.level].labels)
        z = scores[driver.name] if driver.name in scores else rng.standard_normal((count, width))
        x = twin.quantile(driver.marginal, z)
        values[driver.name] = x if driver.level in (NATION, UNIT_LEVEL) else x[:, groupings[driver.level].members]
    return values


def outputs(spec: ModelSpec, values: dict[str, Array]) -> dict[str, Array]:
    """Each output by name, shape (draws, units)."""
    draws = max((given.shape[0] for given in values.values()), default=1)
    shape = (len(spec.units), draws)
    turned = {name: np.broadcast_to(given.T, shape) for name, given in values.items()} or {"": np.zeros(shape)}
    return {output.name: y.T for output, y in zip(spec.outputs, twin.outputs(spec, turned), strict=True)}
