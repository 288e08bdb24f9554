"""A plain twin of a bundle: each component by its own formula on its own years, added up draw by draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from oracles.impact import amounts, quantile, uniform
from scipy.special import ndtri

from ggu_costs import open_model
from ggu_costs.impact.answers.questions import line_weights
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL

Array = NDArray[np.float64]


def on_map(model: str, day: str) -> dict[str, object]:
    """The file of a programme on another map, as a file with a base states it."""
    date = {"value": day, "unit": "date", "status": "illustrative", "by": "test"}
    return {"base": model, "id": "twin", "changes": [{"key": "programme.map_date", "set": date}]}


def programme(
    model: str, day: str, alternative: str, names: Mapping[str, str], *, seed: int, draws: int
) -> dict[tuple[str, int], Array]:
    """Costs less benefits of a programme, by nature and year, shape (units, draws).

    Parameters
    ----------
    names
        Random stream of each driver.
    """
    assembly = open_model(on_map(model, day)).assembly()
    members = {grouping.name: grouping.members for grouping in assembly.groupings}
    members |= {NATION: np.zeros(len(assembly.units), int), UNIT_LEVEL: np.arange(len(assembly.units))}
    values = {"none": np.zeros((len(assembly.units), draws))}
    scores: dict[str, Array] = {}
    for driver in assembly.drivers:
        groups = members[driver.level].max() + 1
        u = [[uniform(seed, names[driver.name], d, g) for d in range(draws)] for g in range(groups)]
        scores[driver.name] = ndtri(np.array(u))
    for part in assembly.correlations:
        matrix = part.matrix if part.kind == "normal" else 2 * np.sin(np.pi * part.matrix / 6)
        matrix = matrix.copy()
        np.fill_diagonal(matrix, 1.0)
        order = [driver.name for driver in assembly.drivers if driver.name in part.names]
        places = [part.names.index(name) for name in order]
        factor = np.linalg.cholesky(matrix[np.ix_(places, places)])
        joint = np.einsum("ij,jgd->igd", factor, np.array([scores[name] for name in order]))
        scores |= dict(zip(order, joint, strict=True))
    for driver in assembly.drivers:
        values[driver.name] = quantile(driver.marginal, scores[driver.name])[members[driver.level]]
    chosen = assembly.alternative(alternative or assembly.alternatives[0].id)
    found: dict[tuple[str, int], Array] = {}
    for nature in ("one_off", "structural"):
        signs = line_weights(assembly, nature)
        for place, year in enumerate(assembly.years):
            whole = np.zeros((len(assembly.units), draws))
            for line, terms in chosen.terms.items():
                for term in terms if signs.get(line) else ():
                    whole += signs[line] * amounts(assembly, assembly.terms[term], values)[place]
            found[nature, year] = whole
    return found


def added(parts: Sequence[tuple[dict[tuple[str, int], Array], Sequence[int]]], nature: str) -> Array:
    """One nature of several components, each over the years given, shape (units, draws)."""
    return np.sum([np.sum([part[nature, year] for year in years], axis=0) for part, years in parts], axis=0)
