"""Plain twins of the Monte Carlo engine: Philox in whole numbers, exact quantile functions, the formula."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from oracles import quantile_shapes
from scipy import stats
from scipy.special import ndtr, ndtri

from ggu_costs.simulation.machine.sampling import stream_of
from ggu_costs.simulation.marginals import Marginal
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL, Affine, Term
from ggu_costs.simulation.spec import ModelSpec

Array = NDArray[np.float64]
WORD = 0xFFFFFFFF


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox 4x32-10, from the paper."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        left, right = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (right >> 32) ^ b ^ k0, right & WORD, (left >> 32) ^ d ^ k1, left & WORD
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return a, b, c, d


def uniform(seed: int, name: str, draw: int, dimension: int) -> float:
    """Uniform of one draw: two halves of 26 bits from half a block."""
    leaf, place = divmod(draw, 4096)
    words = philox((leaf * 2048 + place % 2048, dimension, *stream_of(name)), (seed & WORD, seed >> 32))
    return centred(*(words[:2] if place < 2048 else words[2:]))


def centred(high: int, low: int) -> float:
    """Middle of one of 2**52 cells."""
    return (((high >> 6) << 26) + (low >> 6) + 0.5) * 2.0**-52


def frozen(marginal: Marginal) -> object:
    """The distribution as scipy has it, without truncation."""
    numbers = marginal.parameters
    if marginal.kind == "uniform":
        return stats.uniform(numbers[0], numbers[1] - numbers[0])
    if marginal.kind == "triangular":
        low, mode, high = numbers
        return stats.triang((mode - low) / (high - low), low, high - low)
    if marginal.kind == "pert":
        low, mode, high, shape = numbers
        a, b = 1 + shape * (mode - low) / (high - low), 1 + shape * (high - mode) / (high - low)
        return stats.beta(a, b, low, high - low)
    if marginal.kind == "normal":
        return stats.norm(*numbers)
    if marginal.kind == "lognormal":
        return stats.lognorm(numbers[1], scale=np.exp(numbers[0]))
    if marginal.kind in ("jqpd", "metalog"):
        return getattr(quantile_shapes, marginal.kind)(*numbers)
    a, b, low, high = numbers
    return stats.beta(a, b, low, high - low)


def quantile(marginal: Marginal, z: Array) -> Array:
    """Value at normal scores: the lower tail below the median, the upper above it."""
    if marginal.kind == "bernoulli":
        return (z > ndtri(1 - marginal.parameters[0])).astype(float)
    if marginal.values:
        ends = np.cumsum(marginal.probabilities)[:-1]
        return np.array(marginal.values)[np.searchsorted(ends, ndtr(z))]
    whole = frozen(marginal)
    under, over = whole.cdf(marginal.lower), whole.sf(marginal.upper)
    mass = min(whole.sf(marginal.lower) - over, 1.0) if under > 0.5 else whole.cdf(marginal.upper) - under
    return np.where(z < 0, whole.ppf(under + mass * ndtr(z)), whole.isf(over + mass * ndtr(-z)))


def draw(spec: ModelSpec, seed: int, draws: int) -> dict[str, Array]:
    """Values of every driver, shape (units, draws), for plain draws."""
    members = {grouping.name: grouping.members for grouping in spec.groupings}
    members[NATION], members[UNIT_LEVEL] = np.zeros(len(spec.units), int), np.arange(len(spec.units))
    values: dict[str, Array] = {}
    for level in {driver.level for driver in spec.drivers}:
        names = [driver.name for driver in spec.drivers if driver.level == level]
        matrix = np.eye(len(names))
        for part in spec.correlations:
            for i, first in enumerate(part.names):
                for j, second in enumerate(part.names):
                    if i != j and first in names:
                        rho = part.matrix[i, j]
                        stated = rho if part.kind == "normal" else 2 * np.sin(np.pi * rho / 6)
                        matrix[names.index(first), names.index(second)] = stated
        factor = np.linalg.cholesky(matrix)
        groups = members[level].max() + 1
        u = [[[uniform(seed, name, d, g) for d in range(draws)] for g in range(groups)] for name in names]
        z = np.einsum("ij,jgd->igd", factor, ndtri(np.array(u)))
        for place, name in enumerate(names):
            values[name] = quantile(spec.driver(name).marginal, z[place])[members[level]]
    return values


def affine(spec: ModelSpec, number: Affine, values: dict[str, Array]) -> Array:
    shape = next(iter(values.values())).shape
    total = np.full(shape, number.constant)
    for name, coefficient in number.drivers:
        total += coefficient * values[name]
    return total if number.by_unit is None else total + number.by_unit[:, None]


def amounts(spec: ModelSpec, term: Term, values: dict[str, Array]) -> Array:
    """A term by its formula, shape (years, units, draws)."""
    shape = next(iter(values.values())).shape
    amount = np.full(shape, term.constant)
    for name, power in term.factors:
        amount *= values[name] ** power
    scale = np.broadcast_to(term.weights[:, None], shape)
    if term.base is not None and term.exponent is not None:
        scale = scale * term.base[:, None] ** affine(spec, term.exponent, values)
    amount = amount * (scale / scale.sum(axis=0) if term.normalise else scale)
    years = np.ones((len(spec.years), *shape)) if term.profile is None else np.ones(shape) * term.profile[:, None, None]
    if term.curve is not None:
        m, k = affine(spec, term.curve.midpoint, values), affine(spec, term.curve.steepness, values)
        level = np.array([1 / (1 + np.exp(-k * (time - m))) for time in term.curve.times])
        years = years * (np.diff(level, axis=0, prepend=0.0) if term.curve.increments else level)
    if term.index is not None:
        rate = affine(spec, term.index.rate, values)
        years = years * np.array([(1 + rate) ** float(power) for power in term.index.powers])
    return years * amount


def outputs(spec: ModelSpec, values: dict[str, Array]) -> Array:
    """All outputs, shape (outputs, units, draws)."""
    lines = np.array([amounts(spec, term, values) for term in spec.terms])
    return np.array([np.einsum("lt,ltud->ud", output.weights, lines) for output in spec.outputs])


def draws_in_bins(counts: Array) -> list[Fraction]:
    """The draws in the bins of a row, ascending, in bins from the centre: each in the middle of its bin."""
    bins = len(counts) - 2
    middles = [Fraction(2 * j + 1 - bins, 2) for j in range(bins)]
    return [middle for middle, held in zip(middles, counts[1:-1].tolist(), strict=True) for _ in range(held)]


def highest(counts: Array, outer: tuple[Fraction, Fraction, Fraction], wanted: Fraction) -> tuple[Fraction, Fraction]:
    """Mean and variance of the highest draws, bin by bin from the top; of the bin that is cut the upper part counts.

    `outer` is the mean below the bins, and mean and mean square above them.
    """
    bins, left, first, second = len(counts) - 2, wanted, Fraction(0), Fraction(0)
    for j in range(bins + 1, -1, -1):
        held = int(counts[j])
        taken = min(left, Fraction(held))
        if taken > 0:
            where = {0: outer[0], bins + 1: outer[1]}.get(j, Fraction(2 * j - bins, 2) - taken / held / 2)
            square = outer[2] if j == bins + 1 else where**2
            first, second, left = first + taken * where, second + taken * square, left - taken
    return first / wanted, second / wanted - (first / wanted) ** 2


def cell_of(place: int, value: float, root: Array, nodes: Array, entries: Array) -> int:
    """The cell of a value in bin `place`: from node to node, each (origin, parts per unit, first, last)."""
    entry = int(root[place])
    while entry < 0:
        origin, per_cell, first, last = nodes[-1 - entry]
        part = int((value - origin) * per_cell)  # towards 0
        entry = int(entries[min(max(int(first) + part, int(first)), int(last))])
    return entry
