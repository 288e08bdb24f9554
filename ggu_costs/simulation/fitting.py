"""A distribution from quantiles (P10, P50, P90): the curve of the asked shape that goes through them.

Uniform, normal and lognormal have two numbers, and so has a beta between bounds: P10 and P90 fix them. With P50 as well
they are fitted by least squares (of a lognormal in logarithms), and refused where they do not come near. Triangular and
PERT have three numbers: P10, P50 and P90 are met by solving for minimum, mode and maximum, where P50 does not lie too
far to one side; with P10 and P90 alone the curve is symmetric. A jqpd meets any three at p, one half and 1 - p, with
bounds or without; a metalog three to ten at any probabilities, where one exists. Who is refused is told how far off the
shape is, and which shapes do go through the quantiles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ggu_costs.errors import InputError, listed
from ggu_costs.figures import finite, plain
from ggu_costs.frozen import Frozen
from ggu_costs.simulation import marginals
from ggu_costs.simulation.distributions.family import Marginal, family_named
from ggu_costs.simulation.distributions.fits import no_curve, percentile
from ggu_costs.typing import FloatArray

_NEAR = 0.01
"""Of the range of the quantiles: how far a curve may lie from them, as much as their rounding explains."""

_SYMMETRIC = 1e-9
_NAMED = {0.1: "p10", 0.5: "p50", 0.9: "p90"}
SHAPES = ("uniform", "triangular", "pert", "normal", "lognormal", "beta", "jqpd", "metalog")
"""Shapes that follow from quantiles."""

Quantiles = Mapping[float, float]
"""Value by probability."""


@dataclass(frozen=True, eq=False)
class Fit(Frozen):
    """A distribution made from quantiles, with how well it meets them.

    Attributes
    ----------
    marginal
        The distribution.
    stated, met
        Value by probability: what was asked, and what the distribution has.
    off
        The largest difference between the two, as a part of the range of the quantiles.
    mean, sd
        Mean and standard deviation of the distribution.
    """

    marginal: Marginal
    stated: dict[float, float]
    met: dict[float, float]
    off: float
    mean: float
    sd: float


def fit(shape: str, quantiles: Quantiles, *, low: float | None = None, high: float | None = None) -> Fit:
    """Return the distribution of a shape with these quantiles, and how well it meets them.

    Parameters
    ----------
    shape
        ``uniform``, ``triangular``, ``pert``, ``normal``, ``lognormal``, ``beta``, ``jqpd`` or ``metalog``.
    quantiles
        Value by probability: 0.1 and 0.9, and 0.5 where it is known; of a jqpd p, 0.5 and 1 - p; of a metalog three to
        ten at any probabilities.
    low, high
        Bounds of a beta (0 and 1 where not given), a jqpd or a metalog (none where not given).

    Raises
    ------
    InputError
        Quantiles out of order, or such as no curve of this shape has or comes near to: how far off it is, and which
        shapes do have them.

    Examples
    --------
    >>> fit("jqpd", {0.1: 95, 0.5: 115, 0.9: 170}).off < 1e-12
    True
    >>> fit("lognormal", {0.1: 400, 0.5: 700, 0.9: 1500})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ggu_costs.errors.InputError: no lognormal distribution has P10 400, P50 700, P90 1500: the nearest has P10 386.7...
    """
    stated = _checked(shape, quantiles)
    made = _curve(shape, stated, low, high)
    met = {share: float(value) for share, value in zip(stated, at(made, list(stated)), strict=True)}
    return Fit(made, stated, met, residual(made, stated), *marginals.describe(made))


def from_quantiles(
    shape: str, p10: float, p90: float, p50: float | None = None, *, low: float | None = None, high: float | None = None
) -> Marginal:
    """Return the distribution of a shape with these quantiles; see :func:`fit`, which takes others too.

    Without P50 a distribution of three numbers is symmetric.

    Examples
    --------
    >>> from_quantiles("uniform", 10.0, 90.0).parameters
    (0.0, 100.0)
    """
    stated = {0.1: p10, 0.9: p90} if p50 is None else {0.1: p10, 0.5: p50, 0.9: p90}
    return _curve(shape, _checked(shape, stated), low, high)


def at(made: Marginal, shares: list[float]) -> FloatArray:
    """Values of a continuous distribution at probabilities."""
    from scipy.special import ndtri

    return marginals.quantile(made, np.asarray(ndtri(np.array(shares)), dtype=np.float64))


def residual(made: Marginal, stated: Quantiles) -> float:
    """Return how far the curve lies from the quantiles stated at most, as a part of their range.

    Examples
    --------
    >>> from ggu_costs.simulation.marginals import uniform
    >>> round(residual(uniform(0.0, 10.0), {0.1: 1.0, 0.5: 5.8, 0.9: 9.0}), 12)
    0.1
    """
    wanted = np.array(list(stated.values()))
    return float(np.abs(at(made, list(stated)) - wanted).max() / (wanted.max() - wanted.min()))


def _checked(shape: str, quantiles: Quantiles) -> dict[float, float]:
    """The quantiles by rising probability, as numbers that rise."""
    if shape not in SHAPES:
        family_named(shape)  # an unknown name is told as such
        raise InputError(f"a {shape} distribution does not follow from quantiles", remedy="Give its parameters.")
    figures = [figure for pair in quantiles.items() for figure in pair] if hasattr(quantiles, "items") else [None]
    if any(finite(figure) is None and not isinstance(plain(figure), float) for figure in figures):
        raise InputError("quantiles that are no numbers", remedy="Give {probability: value}.")
    stated = {float(share): float(value) for share, value in sorted(quantiles.items())}
    if not all(0 < share < 1 for share in stated) or not np.isfinite(list(stated.values())).all():
        remedy = "Give finite values at probabilities above 0 and below 1."
        raise InputError(f"quantiles {_words(stated)}", remedy=remedy)
    if any(one >= two for one, two in pairwise(stated.values())):
        raise InputError(f"{_words(stated)} are out of order", remedy="Let them rise.")
    return stated


def _words(stated: Quantiles) -> str:
    return ", ".join(f"{percentile(share)} {value:g}" for share, value in stated.items())


def _curve(shape: str, stated: dict[float, float], low: float | None, high: float | None) -> Marginal:
    """Return the curve through the quantiles; where it does not come near, an error that says so."""
    if shape == "metalog":  # says itself what would help
        return _tried(shape, stated, low, high)
    try:
        made = _tried(shape, stated, low, high)
    except InputError as error:
        raise InputError(error.message, remedy=_helps(stated, low, high) or error.remedy, faults=error.faults) from None
    off = residual(made, stated)
    if off > _NEAR:
        nearest = _words(dict(zip(stated, at(made, list(stated)).tolist(), strict=True)))
        detail = f"the nearest has {nearest}, {100 * off:.2g} % of their range off"
        raise InputError(no_curve(shape, stated, detail).message, remedy=_helps(stated, low, high))
    return made


def _tried(shape: str, stated: dict[float, float], low: float | None, high: float | None) -> Marginal:
    if shape in ("jqpd", "metalog"):
        bounds = {"low": -math.inf if low is None else low, "high": math.inf if high is None else high}
        return marginals.metalog(stated, **bounds) if shape == "metalog" else _johnson(stated, bounds)
    if set(stated) not in ({0.1, 0.9}, set(_NAMED)):
        raise InputError(f"{_words(stated)} for shape {shape!r}, which takes P10, P50 and P90")
    named = {_NAMED[share]: stated[share] for share in (0.1, 0.9, 0.5) if share in stated}
    return family_named(shape).fit(named, 0.0 if low is None else low, 1.0 if high is None else high)


def _johnson(stated: dict[float, float], bounds: Mapping[str, float]) -> Marginal:
    shares = list(stated)
    three = len(shares) == len(_NAMED) and abs(shares[0] + shares[2] - 1) < _SYMMETRIC
    if not (three and shares[1] == 0.5):
        raise InputError(f"{_words(stated)} for shape 'jqpd', which takes three quantiles: at p, one half and 1 - p")
    one, middle, two = stated.values()
    return marginals.jqpd(one, middle, two, probability=shares[0], **bounds)


def _helps(stated: dict[float, float], low: float | None, high: float | None) -> str:
    """Which shapes go through the quantiles: each was tried."""
    fitting = []
    for shape in SHAPES:
        try:
            if shape != "beta" or (low is not None and high is not None):
                made = _tried(shape, stated, low, high)
                fitting += [shape] if residual(made, stated) <= _NEAR else []
        except InputError:
            continue
    return f"Shapes that go through these quantiles: {listed(fitting)}." if fitting else ""
