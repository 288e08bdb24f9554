r"""Johnson's curves by three quantiles (J-QPD): any three that rise, at p, one half and 1 - p, with bounds or without.

With L, B, H the quantiles after the transformation that takes the support to the whole line (none, the logarithm of
the distance to one bound, the normal score of the place between two), c the normal score of 1 - p, z that of the draw,
n the sign of L + H - 2B, :math:`r = (H - L) / (2 \min(B - L, H - B))` and :math:`\xi` L, B or H as n is 1, 0 or -1:

* no bounds and two bounds: :math:`\xi + \lambda \sinh(\delta (z + n c))`, with :math:`\delta = \operatorname{arcosh}(r)
  / c` and :math:`\lambda = (H - L) / \sinh(2 \delta c)`;
* one bound: :math:`\xi + \lambda \sinh(\operatorname{arsinh}(\delta z) + n \operatorname{arcosh} r)`, with
  :math:`\delta = \sinh(\operatorname{arcosh} r) / c` and :math:`\lambda = \min(B - L, H - B) / (\delta c)`, whose tails
  are those of a lognormal;
* and the straight line :math:`B + (H - L) z / (2c)` where n is 0: a normal, or a lognormal above its bound.

All moments are finite.

References
----------
Hadlock, C. and Bickel, J. (2017). Johnson quantile-parameterized distributions. Decision Analysis 14, 35-64.
Hadlock, C. (2017). Quantile-parameterized methods for quantifying uncertainty in decision analysis. PhD thesis,
University of Texas at Austin (the form without bounds).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.figures import read_number
from ggu_costs.simulation.distributions.family import Continuous, Marginal, read_end, refuse, register

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray

_LEVEL = 1e-13  # parts of H - L: a curve this near to the straight line is one


def jqpd(
    low_quantile: float, median: float, high_quantile: float, *, probability: float = 0.1,
    low: float = -math.inf, high: float = math.inf,
) -> Marginal:  # fmt: skip
    """Johnson's curve with these quantiles at `probability`, one half and 1 - `probability`.

    Parameters
    ----------
    low_quantile, median, high_quantile
        Three quantiles that rise: P10, P50 and P90 unless `probability` says otherwise.
    probability
        Above 0 and below one half.
    low, high
        Bounds outside the quantiles; infinite where there are none.

    References
    ----------
    Hadlock, C. and Bickel, J. (2017). Johnson quantile-parameterized distributions. Decision Analysis 14, 35-64.

    Examples
    --------
    >>> from ggu_costs.simulation.marginals import describe
    >>> [round(figure, 4) for figure in describe(jqpd(0.32, 0.40, 0.60, low=0, high=1))]
    [0.435, 0.1267]
    """
    faults = Faults()
    stated = {"low_quantile": low_quantile, "median": median, "high_quantile": high_quantile}
    read = {
        "low": read_end(low, "low", faults, endless=-math.inf),
        **{name: read_number(value, name, faults) for name, value in stated.items()},
        "high": read_end(high, "high", faults, endless=math.inf),
    }
    row = {name: float(figure) for name, figure in read.items() if figure is not None}
    for (name, one), (other, two) in pairwise(row.items()):
        if one >= two:
            faults.add(other, f"{two:g} with {name} {one:g}", f"above {name}")
    share = read_number(probability, "probability", faults, allowed="above 0 and below 0.5")
    if share is not None and not 0 < share < 0.5:
        faults.add("probability", f"{float(share):g}", "above 0 and below 0.5")
    refuse("jqpd", faults)
    made = Marginal("jqpd", (*(row[name] for name in stated), float(share or 0), row["low"], row["high"]))
    if not math.isfinite(_curve(made.parameters).width):
        faults.add("median", f"{row['median']:g}", "further from the other quantiles")
    refuse("jqpd", faults)
    return made


@dataclass(frozen=True)
class _Curve:
    """The constants of a curve, after the transformation to the whole line.

    Attributes
    ----------
    side
        n: 1, 0 or -1.
    start, width, steep, shift
        xi, lambda, delta, and what is added to the argument of sinh.
    single
        Whether there is one bound.
    """

    side: int
    start: float
    width: float
    steep: float
    shift: float
    single: bool

    def at(self, z: FloatArray) -> FloatArray:
        """Value at scores."""
        if not self.side:
            return self.start + self.width * z
        return np.asarray(self.start + self.width * np.sinh(self._inside(z)))

    def slope(self, z: FloatArray) -> FloatArray:
        """Derivative of :meth:`at`."""
        if not self.side:
            return np.full(z.shape, self.width)
        rise = self.steep / np.sqrt(1 + (self.steep * z) ** 2) if self.single else self.steep
        return np.asarray(self.width * np.cosh(self._inside(z)) * rise)

    def score(self, value: float) -> float:
        """The score at which the curve has a value."""
        if not self.side:
            return (value - self.start) / self.width
        inside = math.asinh((value - self.start) / self.width) - self.shift
        return (math.sinh(inside) if self.single else inside) / self.steep

    def _inside(self, z: FloatArray) -> FloatArray:
        return np.asarray((np.arcsinh(self.steep * z) if self.single else self.steep * z) + self.shift)


@lru_cache(maxsize=256)
def _curve(p: tuple[float, ...]) -> _Curve:
    """The curve; of one with an upper bound only that of its mirror image."""
    low, middle, high = (_to_line(x, p) for x in _mirrored(p))
    single = math.isfinite(p[4]) != math.isfinite(p[5])
    c = -NormalDist().inv_cdf(p[3])
    least = min(middle - low, high - middle)
    if abs(low + high - 2 * middle) <= _LEVEL * (high - low):
        return _Curve(0, middle, (high - low) / (2 * c), 0.0, 0.0, single)
    side = 1 if middle - low < high - middle else -1
    start, angle = low if side > 0 else high, math.acosh((high - low) / (2 * least))
    if single:
        steep = math.sinh(angle) / c
        return _Curve(side, start, least / (steep * c), steep, side * angle, single)
    return _Curve(side, start, (high - low) / math.sinh(2 * angle), angle / c, side * angle, single)


def _flipped(p: tuple[float, ...]) -> bool:
    """Whether there is an upper bound only."""
    return math.isfinite(p[5]) and not math.isfinite(p[4])


def _mirrored(p: tuple[float, ...]) -> tuple[float, float, float]:
    return (-p[2], -p[1], -p[0]) if _flipped(p) else (p[0], p[1], p[2])


def _to_line(x: float, p: tuple[float, ...]) -> float:
    """The transformation of the support to the whole line."""
    low, high = p[4], p[5]
    if math.isfinite(low) and math.isfinite(high):
        from scipy.special import ndtri

        below, above = (x - low) / (high - low), (high - x) / (high - low)
        return float(ndtri(below) if below <= above else -ndtri(above))
    if math.isfinite(low) or math.isfinite(high):
        bound = -high if _flipped(p) else low
        return math.log(x - bound) if x > bound else -math.inf
    return x


@register
class Jqpd(Continuous):
    """Parameters: low quantile, median, high quantile, probability, low, high; bounds may be infinite."""

    kind = "jqpd"
    make = staticmethod(jqpd)

    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        from scipy.special import ndtr

        if x <= p[4] or x >= p[5]:
            return (0.0, 1.0) if x <= p[4] else (1.0, 0.0)
        turn = -1 if _flipped(p) else 1
        z = turn * _curve(p).score(_to_line(turn * x, p))
        return float(ndtr(z)), float(ndtr(-z))

    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        return self._value_and_slope(p, _scores(below, above))[0]

    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        z = _scores(below, above)
        bell = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        return np.asarray(self._value_and_slope(p, z)[1] * (mass / bell))

    def _value_and_slope(self, p: tuple[float, ...], z: FloatArray) -> tuple[FloatArray, FloatArray]:
        from scipy.special import ndtr

        low, high = p[4], p[5]
        curve, turn = _curve(p), -1 if _flipped(p) else 1
        y, slope = curve.at(turn * z), curve.slope(turn * z)
        if math.isfinite(low) and math.isfinite(high):
            wide = high - low
            bell = np.exp(-0.5 * y * y) / math.sqrt(2 * math.pi)
            return np.where(y <= 0, low + wide * ndtr(y), high - wide * ndtr(-y)), np.asarray(wide * bell * slope)
        if curve.single:
            far = np.exp(y)
            return np.asarray(high - far if turn < 0 else low + far), np.asarray(far * slope)
        return y, slope

    def closed_form(self, p: tuple[float, ...]) -> tuple[int, float, float] | None:
        from ggu_costs.simulation.constants import EXP_OF_SCORE, SCORE

        curve = _curve(p)
        if curve.side or (curve.single and p[4] != 0) or (math.isfinite(p[4]) and math.isfinite(p[5])):
            return None
        return EXP_OF_SCORE if curve.single else SCORE, curve.start, curve.width


def _scores(below: FloatArray, above: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    return np.asarray(np.where(below <= above, ndtri(below), -ndtri(above)))
