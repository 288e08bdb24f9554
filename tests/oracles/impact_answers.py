"""A specification evaluated in plain NumPy, straight from the formula at the head of `ggu_costs.impact.spec`.

Drivers are drawn here with numpy's own generator and scipy's own distributions, so this shares neither draws nor code
with the engine: results agree within sampling error, and exactly on the same driver values.
"""

import numpy as np
from scipy import stats

from ggu_costs.impact.spec import NATION, UNIT_LEVEL


def frozen(marginal):
    """Scipy's distribution of a marginal without truncation."""
    p = marginal.parameters
    if marginal.kind == "uniform":
        return stats.uniform(p[0], p[1] - p[0])
    if marginal.kind == "triangular":
        low, mode, high = p
        return stats.triang((mode - low) / (high - low), low, high - low)
    if marginal.kind == "pert":
        low, mode, high, weight = p
        a, b = 1 + weight * (mode - low) / (high - low), 1 + weight * (high - mode) / (high - low)
        return stats.beta(a, b, low, high - low)
    if marginal.kind == "normal":
        return stats.norm(*p)
    if marginal.kind == "lognormal":
        return stats.lognorm(p[1], scale=np.exp(p[0]))
    if marginal.kind == "beta":
        return stats.beta(p[0], p[1], p[2], p[3] - p[2])
    if marginal.kind == "bernoulli":
        return stats.bernoulli(p[0])
    raise NotImplementedError(marginal.kind)


def draw(spec, count, seed):
    """Driver values by name: shape (draws, 1) for the nation, (draws, units) otherwise."""
    rng = np.random.default_rng(seed)
    groupings = {grouping.name: grouping for grouping in spec.groupings}
    values = {}
    correlated = {name: part for part in spec.correlations for name in part.names}
    scores = {}
    for driver in spec.drivers:
        if driver.name in correlated and driver.name not in scores:
            part = correlated[driver.name]
            matrix = 2 * np.sin(np.pi * part.matrix / 6) if part.kind == "rank" else part.matrix
            np.fill_diagonal(matrix, 1.0)
            drawn = rng.multivariate_normal(np.zeros(len(part.names)), matrix, size=count)
            scores |= {name: drawn[:, [place]] for place, name in enumerate(part.names)}
    for driver in spec.drivers:
        width = {NATION: 1, UNIT_LEVEL: len(spec.units)}.get(driver.level) or len(groupings[driver.level].labels)
        z = scores.get(driver.name)
        z = rng.standard_normal((count, width)) if z is None else z
        x = frozen(driver.marginal).ppf(stats.norm.cdf(z))
        values[driver.name] = x if driver.level in (NATION, UNIT_LEVEL) else x[:, groupings[driver.level].members]
    return values


def affine(part, values, draws):
    found = np.full((draws, 1), part.constant)
    for name, weight in part.drivers:
        found = found + weight * values[name]
    return found if part.by_unit is None else found + part.by_unit


def amounts(spec, values):
    """Amount of every term, shape (draws, units, years) each."""
    draws, units = next((v.shape[0] for v in values.values()), 1), len(spec.units)
    for term in spec.terms:
        plain = np.full((draws, units), term.constant)
        for name, power in term.factors:
            plain = plain * values[name] ** power
        size = np.broadcast_to(term.weights, (draws, units))
        if term.exponent is not None:
            size = size * term.base ** affine(term.exponent, values, draws)
        if term.normalise:
            size = size / size.sum(axis=1, keepdims=True)
        years = np.ones((draws, units, len(spec.years)))
        if term.profile is not None:
            years = years * term.profile
        if term.curve is not None:
            steep, middle = affine(term.curve.steepness, values, draws), affine(term.curve.midpoint, values, draws)
            level = 1 / (1 + np.exp(-steep[:, :, None] * (term.curve.times - middle[:, :, None])))
            if term.curve.increments:
                level = np.diff(level, axis=2, prepend=0.0)
            years = years * level
        if term.index is not None:
            years = years * (1 + affine(term.index.rate, values, draws)[:, :, None]) ** term.index.powers
        yield (plain * size)[:, :, None] * years


def outputs(spec, values):
    """Each output by name, shape (draws, units)."""
    found = {output.name: 0.0 for output in spec.outputs}
    for place, amount in enumerate(amounts(spec, values)):
        for output in spec.outputs:
            found[output.name] = found[output.name] + amount @ output.weights[place]
    return found
