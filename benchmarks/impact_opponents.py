"""R1 as users would write it otherwise: straightforward NumPy, and the fastest NumPy we could write.

Both return, per unit and for the sum of all units (the last row): mean, sd, P5, P25, P50, P75, P95 and P(> 0).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from oracles.impact_models import DISCOUNT, KEY, POPULATION, YEARS, copula, drivers
from scipy.special import betaincinv, ndtr, ndtri

from ggu_costs.simulation import marginals

Array = NDArray[np.float64]
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def scores(draws: int, seed: int) -> Array:
    """Correlated normal scores, one row a driver."""
    plain = np.random.default_rng(seed).standard_normal((12, draws))
    return np.linalg.cholesky(copula()) @ plain


def exact_drivers(z: Array) -> list[Array]:
    """Drivers by their exact inverse distribution functions."""
    values = []
    for driver, row in zip(drivers(), z, strict=True):
        kind, numbers = driver.marginal.kind, driver.marginal.parameters
        if kind == "lognormal":
            values.append(np.exp(numbers[0] + numbers[1] * row))
        elif kind == "bernoulli":
            values.append((row > ndtri(1 - numbers[0])).astype(float))
        elif kind == "triangular":
            low, mode, high = numbers
            p = ndtr(row)
            left = p < (mode - low) / (high - low)
            rising = low + np.sqrt(p * (high - low) * (mode - low))
            values.append(np.where(left, rising, high - np.sqrt((1 - p) * (high - low) * (high - mode))))
        else:
            low, mode, high, shape = numbers
            a, b = 1 + shape * (mode - low) / (high - low), 1 + shape * (high - mode) / (high - low)
            values.append(low + (high - low) * betaincinv(a, b, ndtr(row)))
    return values


def straightforward(draws: int, seed: int) -> Array:
    """Arrays of units by draws, a loop over the years, np.quantile."""
    F, v, b, m0, beta, s, g, C, X, h, k, B = exact_drivers(scores(draws, seed))
    population, key = POPULATION[:, None], KEY[:, None]
    one_off = (F + v * population**beta) * X
    net = np.zeros((POPULATION.size, draws))
    before = np.zeros(draws)
    for t, discount in zip(YEARS, DISCOUNT, strict=True):
        adopted = 1 / (1 + np.exp(-k * (t - (m0 - B))))
        cost = one_off * (adopted - before) + adopted * population * (s * h * (1 + g) ** t - b) - C * key
        net += discount * cost
        before = adopted
    net = np.vstack([net, net.sum(axis=0)])
    quantiles = np.quantile(net, LEVELS, axis=1)
    return np.column_stack([net.mean(axis=1), net.std(axis=1), quantiles.T, (net > 0).mean(axis=1)])


_GRID = np.linspace(-8.5, 8.5, 4097)


def _tables() -> list[Array | None]:
    found: list[Array | None] = []
    for driver in drivers():
        smooth = driver.marginal.kind in {"triangular", "pert"}
        found.append(marginals.quantile(driver.marginal, _GRID) if smooth else None)
    return found


_TABLES = _tables()


def best(draws: int, seed: int) -> Array:
    """Tables for the drivers, five numbers a draw, one unit at a time, quantiles by nested partitions."""
    z = scores(draws, seed)
    values = []
    for driver, row, table in zip(drivers(), z, _TABLES, strict=True):
        numbers = driver.marginal.parameters
        if table is not None:
            values.append(np.interp(row, _GRID, table))
        elif driver.marginal.kind == "lognormal":
            values.append(np.exp(numbers[0] + numbers[1] * row))
        else:
            values.append((row > ndtri(1 - numbers[0])).astype(float))
    F, v, b, m0, beta, s, g, C, X, h, k, B = values
    adopted = 1 / (1 + np.exp(-k * (YEARS[:, None] - (m0 - B))))
    rise = DISCOUNT @ np.diff(adopted, axis=0, prepend=0.0)
    weighted = DISCOUNT[:, None] * adopted
    indexed = (weighted * (1 + g) ** YEARS[:, None]).sum(axis=0)
    constant, variable = F * X * rise, v * X * rise
    per_head, national = s * h * indexed - b * weighted.sum(axis=0), -C * DISCOUNT.sum()
    out, total = np.empty((POPULATION.size + 1, 8)), np.zeros(draws)
    y, part = np.empty(draws), np.empty(draws)
    for unit, (population, key, log) in enumerate(zip(POPULATION, KEY, np.log(POPULATION), strict=True)):
        np.multiply(beta, log, out=y)
        np.exp(y, out=y)
        y *= variable
        y += constant
        np.multiply(per_head, population, out=part)
        y += part
        np.multiply(national, key, out=part)
        y += part
        total += y
        out[unit] = _summary(y)
    out[-1] = _summary(total)
    return out


def _summary(y: Array) -> Array:
    mean, sd, above = y.mean(), y.std(), np.count_nonzero(y > 0) / y.size
    return np.array([mean, sd, *_nested(y), above])


def _nested(y: Array) -> Array:
    """Five quantiles (linear, as numpy's default) by partitions of ever smaller parts, y is reordered."""
    places = LEVELS * (y.size - 1)
    below = np.floor(places).astype(int)
    bounds: dict[int, float] = {}

    def split(low: int, high: int, wanted: list[int]) -> None:
        if wanted:
            middle = wanted[len(wanted) // 2]
            y[low:high].partition(middle - low)
            bounds[middle] = y[middle]
            split(low, middle, [place for place in wanted if place < middle])
            split(middle + 1, high, [place for place in wanted if place > middle])

    split(0, y.size, sorted(set(below)))
    edges = np.append(below, y.size)
    following = [y[place + 1 : max(place + 2, edges[i + 1] + 1)].min() for i, place in enumerate(below)]
    start = np.array([bounds[place] for place in below])
    return start + (places - below) * (np.array(following) - start)
