"""Drivers as the compiled loops read them: a closed form, a piecewise cubic table in z, or steps.

The table is continuous with its first derivative, has a knot on the kink of the distribution if there is one, and
grows from 256 intervals until its error, measured between the knots, is below 1e-7 standard deviations.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.simulation import marginals
from ggu_costs.simulation.constants import STEPS, TABLE
from ggu_costs.simulation.distributions.family import Marginal, Stepped, family_of
from ggu_costs.simulation.parts import Driver
from ggu_costs.typing import FloatArray

LEAST_SPREAD = 1e-140
"""Squares of less are no floats: such a figure would seem not to vary."""

TABLE_ERROR = 1e-7
"""Largest error of a table, in standard deviations of the driver."""

REACH = 8.3
"""Scores beyond this do not occur: the smallest uniform, 2**-53, has score -8.21."""

_FIRST, _MOST = 256, 16_384
_PROBES = (0.25, 0.5, 0.75)  # the error of a cubic with exact ends is largest in the middle


@dataclass(frozen=True, eq=False)
class DriverTable:
    """How scores become values.

    Attributes
    ----------
    kind
        0: first + second x score; 1: the exponential of that; 2: a table that starts at score `first` with `second`
        intervals per unit of score; 3: steps.
    first, second
        See `kind`.
    rows
        float64, shape (rows, 4): coefficients of the cubic, constant first; or (score, value above it, 0, 0).
    error
        Measured error in standard deviations; 0 where the form is exact.
    """

    kind: int
    first: float
    second: float
    rows: FloatArray
    error: float = 0.0


def table_of(driver: Driver) -> DriverTable:
    """Return the form of a driver that the loops read.

    Raises
    ------
    InputError
        When 16,384 intervals do not reach the accuracy, or values lie so close together that squares of them are lost.
    """
    spread = _spread(driver.marginal)
    table = _table_of(driver.marginal)
    if 0.0 < spread < LEAST_SPREAD or math.isinf(table.error):
        raise InputError(
            f"driver {driver.name!r}: all its values lie within {spread:.1e}; allowed: {LEAST_SPREAD:.0e} or more",
            remedy="State it in a larger unit, or as one value.",
        )
    if table.error >= TABLE_ERROR:
        raise InputError(
            f"driver {driver.name!r}: the table of its distribution errs by {table.error:.1e} standard deviations "
            f"with {_MOST} intervals; at most {TABLE_ERROR:.0e} is allowed",
            remedy="Choose a distribution with less extreme parameters.",
        )
    return table


@lru_cache(maxsize=256)
def _spread(marginal: Marginal) -> float:
    """Return how far apart the values of a distribution lie, but for the last ends of tails."""
    family = family_of(marginal)
    with np.errstate(over="ignore", invalid="ignore"):
        values = (
            family.steps(marginal)[0]
            if isinstance(family, Stepped)
            else marginals.quantile(marginal, np.array([-REACH, REACH]))
        )
        return float(values.max() - values.min())


@lru_cache(maxsize=256)
def _table_of(marginal: Marginal) -> DriverTable:
    family = family_of(marginal)
    if isinstance(family, Stepped):
        return _steps(*family.steps(marginal))
    closed = None if marginal.bounded else family.closed_form(marginal.parameters)
    if closed is not None:
        return DriverTable(*closed, np.zeros((0, 4)))
    count = _FIRST
    while True:
        table = _cubic(marginal, count)
        count *= 2
        if table.error < TABLE_ERROR or count > _MOST:
            return table


def _steps(values: FloatArray, probabilities: FloatArray) -> DriverTable:
    from scipy.special import ndtri

    below = np.concatenate([[0.0], np.cumsum(probabilities)[:-1]])
    rows = np.zeros((values.size, 4))
    rows[:, 0], rows[:, 1] = ndtri(np.minimum(below, 1.0)), values
    return DriverTable(STEPS, 0.0, 0.0, rows)


def _cubic(marginal: Marginal, count: int) -> DriverTable:
    """Cubic Hermite table."""
    step = 2 * REACH / count
    bend = marginals.kink(marginal)
    start = -REACH
    if bend is not None and abs(bend) < REACH:  # shift the grid so that a knot falls on the kink
        start = bend - math.ceil((bend + REACH) / step) * step
        count += 1
    knots: FloatArray = start + step * np.arange(count + 1, dtype=np.float64)
    if bend is not None and abs(bend) < REACH:
        knots[round((bend - start) / step)] = bend
    x, slope = marginals.quantile(marginal, knots), marginals.slope(marginal, knots) * step
    left, right, rise, fall = x[:-1], x[1:], slope[:-1], slope[1:]
    rows = np.stack([left, rise, 3 * (right - left) - 2 * rise - fall, 2 * (left - right) + rise + fall], axis=1)
    error = 0.0
    for t in _PROBES:
        exact = marginals.quantile(marginal, knots[:-1] + t * step)
        cubic = rows[:, 0] + t * (rows[:, 1] + t * (rows[:, 2] + t * rows[:, 3]))
        error = max(error, float(np.abs(cubic - exact).max()))
    weight = np.exp(-0.5 * knots * knots)
    weight /= weight.sum()
    sd = math.sqrt(float(weight @ (x - weight @ x) ** 2))
    return DriverTable(TABLE, start, 1.0 / step, rows, error / sd if sd else math.inf)
