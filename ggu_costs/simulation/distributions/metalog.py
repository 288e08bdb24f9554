r"""Metalog: a curve through three or more quantiles, a logistic whose place and scale move with the probability y.

.. math:: M(y) = a_1 + a_2 s + a_3 d s + a_4 d + a_5 d^2 + a_6 d^2 s + a_7 d^3 + \dots, \quad
   s = \ln \frac{y}{1 - y}, \; d = y - \tfrac12

As many terms as quantiles, so that it meets each of them. With one bound it is that of the logarithm of the distance to
it, with two that of the log odds of the place between them. It exists where M rises everywhere, which is looked at over
all scores that are drawn, and in the limit. With one bound its far tail is that of a power: without a standard
deviation it is refused.

References
----------
Keelin, T. (2016). The metalog distributions. Decision Analysis 13, 243-277.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.figures import finite, shown
from ggu_costs.simulation.distributions.family import Continuous, Marginal, read_end, refuse, register

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray

LEAST, MOST = 3, 10
_RISES = 1e-6  # of the range of the quantiles, least derivative by the log odds
_ROOM = 1e-3  # of the range, the derivative of curves that are proposed
_MET = 1e-9  # of the range: how far a solved curve may lie from a quantile
_SCORES = np.linspace(-8.3, 8.3, 4151)
_HEAVY = 0.5  # a power of the tail from here on has no standard deviation
_DIGITS = (4, 6, 9)  # of the range, in quantiles that are proposed: as few as do

Parameters = tuple[float, ...]


def metalog(quantiles: Mapping[float, float], *, low: float = -math.inf, high: float = math.inf) -> Marginal:
    """Metalog with these quantiles.

    Parameters
    ----------
    quantiles
        Value by probability, three to ten, such as ``{0.05: 95, 0.5: 115, 0.95: 170}``; the values rise.
    low, high
        Bounds outside the quantiles; infinite where there are none.

    Raises
    ------
    InputError
        No metalog meets them: where it would fall, and the quantile whose change would help, by how much.

    References
    ----------
    Keelin, T. (2016). The metalog distributions. Decision Analysis 13, 243-277.

    Examples
    --------
    >>> import numpy as np
    >>> from ggu_costs.simulation.marginals import quantile
    >>> made = metalog({0.1: 17.0, 0.5: 24.0, 0.9: 35.0})
    >>> float(quantile(made, np.array([0.0]))[0])
    24.0
    """
    faults = Faults()
    if not hasattr(quantiles, "items"):
        faults.add("quantiles", shown(quantiles), "a value by probability, such as {0.05: 95, 0.5: 115, 0.95: 170}")
        refuse("metalog", faults)
    if not LEAST <= len(quantiles) <= MOST:
        faults.add("quantiles", f"{len(quantiles)} of them", f"{LEAST} to {MOST}")
    pairs = []
    for p, x in quantiles.items():
        share, value = finite(p), finite(x)
        if share is None or not 0 < share < 1:
            faults.add("quantiles", f"probability {shown(p)}", "above 0 and below 1")
        elif value is None:
            faults.add("quantiles", f"{shown(x)} at {float(share):g}", "a finite number")
        else:
            pairs.append((float(share), float(value)))
    pairs.sort()
    ends = [read_end(low, "low", faults, endless=-math.inf), read_end(high, "high", faults, endless=math.inf)]
    row = [("low", ends[0]), *((f"the quantile at {p:g}", x) for p, x in pairs), ("high", ends[1])]
    known = [(name, float(figure)) for name, figure in row if figure is not None]
    for (name, one), (other, two) in pairwise(known):
        if not one < two:
            faults.add(other, f"{two:g}, and {name} {one:g}", f"above {name}")
    refuse("metalog", faults)
    parameters = (known[0][1], known[-1][1], *(figure for pair in pairs for figure in pair))
    _check_rise(parameters, faults)
    refuse("metalog", faults)
    return Marginal("metalog", parameters)


def _split(p: Parameters) -> tuple[FloatArray, FloatArray]:
    """Probabilities and quantiles."""
    return np.array(p[2::2]), np.array(p[3::2])


def _basis(below: FloatArray, above: FloatArray, terms: int) -> tuple[FloatArray, FloatArray]:
    """The terms at probabilities, and their derivatives by the log odds; a term a column."""
    s, d, bend = np.log(below) - np.log(above), (below - above) / 2, below * above
    values, slopes = [], []
    for k in range(1, terms + 1):
        power = 0 if k < 3 else (k - 1) // 2 if k % 2 else k // 2 - 1
        logistic = k in {2, 3} or (k > 4 and k % 2 == 0)
        power = 1 if k in {3, 4} else power
        lower = power * d ** (power - 1) * bend if power else np.zeros_like(d)  # dd/ds = y (1 - y)
        values.append(d**power * s if logistic else d**power)
        slopes.append(d**power + lower * s if logistic else lower)
    return np.stack(values, axis=-1), np.stack(slopes, axis=-1)


def _to_line(x: FloatArray, low: float, high: float) -> FloatArray:
    if math.isfinite(low) and math.isfinite(high):
        return np.asarray(np.log(x - low) - np.log(high - x))
    if math.isfinite(low):
        return np.asarray(np.log(x - low))
    return np.asarray(-np.log(high - x)) if math.isfinite(high) else x


def _from_line(y: FloatArray, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Value and its derivative."""
    if math.isfinite(low) and math.isfinite(high):
        from scipy.special import expit

        up, down, wide = expit(y), expit(-y), high - low
        return np.where(y <= 0, low + wide * up, high - wide * down), np.asarray(wide * up * down)
    if math.isfinite(low):
        far = np.exp(y)
        return np.asarray(low + far), far
    if math.isfinite(high):
        far = np.exp(-y)
        return np.asarray(high - far), far
    return y, np.ones_like(y)


@lru_cache(maxsize=256)
def _coefficients(p: Parameters) -> FloatArray:
    shares, x = _split(p)
    solved = np.linalg.solve(_basis(shares, 1 - shares, shares.size)[0], _to_line(x, p[0], p[1]))
    return np.asarray(solved, dtype=np.float64)


@lru_cache(maxsize=16)
def _slopes(terms: int) -> FloatArray:
    """Derivatives of the terms by the log odds, over all scores and in both limits."""
    from scipy.special import ndtr

    inside = _basis(ndtr(_SCORES), ndtr(-_SCORES), terms)[1]
    limits = _basis(np.array([1e-300, 1.0]), np.array([1.0, 1e-300]), terms)[1]
    return np.vstack([limits[:1], inside, limits[1:]])


def _check_rise(p: Parameters, faults: Faults) -> None:
    shares, x = _split(p)
    line = _to_line(x, p[0], p[1])
    terms = _basis(shares, 1 - shares, shares.size)[0]
    coefficients, slopes = _coefficients(p), _slopes(shares.size)
    met = np.abs(terms @ coefficients - line).max() <= _MET * (line[-1] - line[0])
    if not met:
        faults.add("quantiles", "too near to each other to be solved", "quantiles further apart")
        return
    rises = slopes @ coefficients
    if rises.min() > _RISES * (line[-1] - line[0]):
        heavy = {"upper": rises[-1]} if math.isfinite(p[0]) else {"lower": rises[0]}
        for tail, power in heavy.items():
            if math.isfinite(p[0]) != math.isfinite(p[1]) and power >= _HEAVY:
                found = f"a metalog whose {tail} tail falls as the power {1 / power:.3g}: no standard deviation"
                remedy = "Give the other bound too, or three quantiles of shape jqpd."
                faults.add("quantiles", found, "a power above 2", remedy)
        return
    from scipy.special import ndtr

    place = float(ndtr(np.concatenate([[-np.inf], _SCORES, [np.inf]])[int(np.argmin(rises))]))
    by_quantile = slopes @ np.linalg.inv(terms)
    helps = _nearest(p, line, by_quantile) or _nearest_of_all(p, line, by_quantile)
    jqpd = "Or give three of them, at p, one half and 1 - p, with shape jqpd, which meets any three."
    found = f"a metalog through them falls near the probability {place:.3g}"
    faults.add("quantiles", found, "a curve that rises everywhere", f"{helps} {jqpd}".strip())


def _nearest(p: Parameters, line: FloatArray, by_quantile: FloatArray) -> str:
    """The smallest change of one quantile that makes the curve rise, in words; empty where there is none.

    The derivative is linear in each quantile on the line, so that those that are allowed make up an interval.
    """
    shares, x = _split(p)
    least, found = 2 * _RISES * (line[-1] - line[0]), []
    for i in range(x.size):
        slope, rest = by_quantile[:, i], by_quantile @ line - by_quantile[:, i] * line[i]
        with np.errstate(divide="ignore", invalid="ignore"):
            edge = (least - rest) / slope
        if (rest[slope == 0] < least).any():
            continue
        first = edge[slope > 0].max(initial=-math.inf)
        last = edge[slope < 0].min(initial=math.inf)
        if first >= last:
            continue
        more = bool(line[i] < first)
        value = _from_line(np.array([first if more else last]), p[0], p[1])[0]
        moved = _rounded(p, np.concatenate([x[:i], value, x[i + 1 :]]), by_quantile)
        if moved is not None:
            found.append((abs(float(moved[i] - x[i])), float(shares[i]), float(x[i]), float(moved[i]), more))
    if not found:
        return ""
    off, share, old, shown, more = min(found)
    size = "or more" if more else "or less"
    return f"It rises where the quantile at {share:g} is {shown:.10g} {size} (now {old:.10g}: {off:.3g} off)."


def _rounded(p: Parameters, wanted: FloatArray, by_quantile: FloatArray) -> FloatArray | None:
    """Round what changed, away from what was stated, to as few digits as leave the curve rising; None where none do."""
    _, x = _split(p)
    for digits in _DIGITS:
        step = 10.0 ** math.floor(math.log10(x[-1] - x[0]) - digits)
        rounded = np.where(wanted > x, np.ceil(wanted / step), np.floor(wanted / step)) * step
        moved = np.where(wanted == x, x, rounded)
        if _rises_with(p, moved, by_quantile):
            return moved
    return None


def _nearest_of_all(p: Parameters, line: FloatArray, by_quantile: FloatArray) -> str:
    """The quantiles that make the curve rise with the least largest change, in words, by linear optimisation."""
    from scipy.optimize import linprog

    shares, x = _split(p)
    many, width = x.size, line[-1] - line[0]
    unit = _from_line(line, p[0], p[1])[1]  # what one on the line is worth
    bound = np.vstack([np.hstack([sign * np.diag(unit), -np.ones((many, 1))]) for sign in (1.0, -1.0)])
    rising = np.hstack([-by_quantile, np.zeros((len(by_quantile), 1))])
    limits = np.concatenate([by_quantile @ line - _ROOM * width, np.zeros(2 * many)])
    cost = np.append(np.zeros(many), 1.0)
    solved = linprog(cost, A_ub=np.vstack([rising, bound]), b_ub=limits, bounds=(None, None), method="highs")
    if solved.x is None:
        return ""
    moved = _rounded(p, _from_line(line + solved.x[:many], p[0], p[1])[0], by_quantile)
    if moved is None:
        return ""
    nearest = ", ".join(f"{value:.10g} at {share:g}" for share, value in zip(shares, moved, strict=True))
    return f"The nearest that rises has {nearest}: {np.abs(moved - x).max():.3g} off at most."


def _rises_with(p: Parameters, x: FloatArray, by_quantile: FloatArray) -> bool:
    if not (np.diff(x) > 0).all() or not p[0] < x[0] or not x[-1] < p[1]:
        return False
    line = _to_line(x, p[0], p[1])
    return bool((by_quantile @ line).min() > _RISES * (line[-1] - line[0]))


@register
class Metalog(Continuous):
    """Parameters: low, high, and each probability with its quantile; bounds may be infinite."""

    kind = "metalog"
    make = staticmethod(metalog)

    def tails(self, p: Parameters, x: float) -> tuple[float, float]:
        """By halving the scores: there is no closed form."""
        from scipy.special import ndtr

        if x <= p[0] or x >= p[1]:
            return (0.0, 1.0) if x <= p[0] else (1.0, 0.0)
        low, high = -37.0, 37.0
        while True:
            z = (low + high) / 2
            if not low < z < high:
                return float(ndtr(z)), float(ndtr(-z))
            if float(self.inverse(p, ndtr(np.array([z])), ndtr(np.array([-z])))[0]) < x:
                low = z
            else:
                high = z

    def inverse(self, p: Parameters, below: FloatArray, above: FloatArray) -> FloatArray:
        coefficients = _coefficients(p)
        return _from_line(_basis(below, above, coefficients.size)[0] @ coefficients, p[0], p[1])[0]

    def rise(self, p: Parameters, below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        coefficients = _coefficients(p)
        values, slopes = _basis(below, above, coefficients.size)
        moved = _from_line(values @ coefficients, p[0], p[1])[1]
        return np.asarray(moved * (slopes @ coefficients) * (mass / (below * above)))
