"""Drivers of a programme file as the engine takes them."""

import math
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Literal

import numpy as np

from ggu_costs.errors import Faults, GguCostsError
from ggu_costs.impact.programme.affine_terms import AffineTerms
from ggu_costs.impact.programme.driver_terms import (
    SHAPES,
    CorrelationTerms,
    DriverTerms,
    number,
    percentage,
)
from ggu_costs.simulation import marginals
from ggu_costs.simulation.distributions.family import family_named, family_of
from ggu_costs.simulation.distributions.fits import Z90
from ggu_costs.simulation.fitting import Fit, fit, from_quantiles
from ggu_costs.simulation.marginals import Marginal
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL, Affine, Correlation, Driver
from ggu_costs.typing import FloatArray

_LEVELS = {"nation": NATION, "municipality": UNIT_LEVEL}
_SURE = 4.75
"""Normal score beyond which one draw in a million falls."""


def drivers_of(
    terms: Sequence[DriverTerms], faults: Faults, *, second: bool = False
) -> tuple[tuple[Driver, ...], dict[str, float]]:
    """Return the drivers of the engine, and the numbers of those that are fixed."""
    drivers, fixed = [], {}
    for driver in terms:
        if driver.shape == "fixed":
            fixed[driver.id] = number(driver.value)
            continue
        try:
            marginal = marginal_of(driver, second=second)
        except GguCostsError as error:
            taken_over(error, f"drivers.{driver.id}", faults)
            continue
        drivers.append(Driver(driver.id, marginal, _LEVELS.get(driver.level, driver.level)))
    return tuple(drivers), fixed


def taken_over(error: GguCostsError, where: str, faults: Faults) -> None:
    """Add what an error of a part says to the faults of the programme, under the place of that part, if it has one."""
    for fault in error.faults:
        faults.add(f"{where}.{fault.where}".lstrip("."), fault.found, fault.allowed, fault.remedy or error.remedy)
    if not error.faults:
        faults.add(where, error.message, remedy=error.remedy)


def marginal_of(terms: DriverTerms, *, second: bool = False) -> Marginal:
    """Return the distribution of a driver; with `second` that of its second shape, on the same range."""
    shape = terms.second_shape if second and terms.second_shape else terms.shape
    whole = _whole(terms, shape)
    if terms.lower is None and terms.upper is None:
        return whole
    lower = -math.inf if terms.lower is None else number(terms.lower)
    upper = math.inf if terms.upper is None else number(terms.upper)
    return marginals.truncated(whole, lower, upper)


def fit_of(terms: DriverTerms, *, second: bool = False) -> Fit | None:
    """How its distribution meets the quantiles stated; None where none are stated."""
    shape = terms.second_shape if second and terms.second_shape else terms.shape
    stated = quantiles_of(terms)
    return None if len(stated) < 2 else _fitted(terms, shape, stated)


def quantiles_of(terms: DriverTerms) -> dict[float, float]:
    """Quantiles stated, value by probability; `low` and `high` where they are read as P10 and P90."""
    figures = {name: number(figure) for name, figure in terms.figures().items()}
    if terms.spans and terms.read_as == "p10_p90" and terms.p10 is None:
        return {0.1: figures["low"], 0.9: figures["high"]}
    named = [name for name in figures if name in ("p10", "p50", "p90") or name.startswith("quantiles.")]
    return {float(Decimal(str(percentage(name))) / 100): figures[name] for name in sorted(named, key=percentage)}


def _fitted(terms: DriverTerms, shape: str, stated: Mapping[float, float]) -> Fit:
    """The fit of a shape; one that takes P10, P50 and P90 only takes these out of a longer table."""
    if shape not in ("jqpd", "metalog") or (shape != terms.shape and shape == "jqpd"):
        usual = {share: stated[share] for share in (0.1, 0.5, 0.9) if share in stated}
        stated = usual if {0.1, 0.9} <= set(usual) else stated
    bounds = {name: number(figure) for name in ("low", "high") if (figure := getattr(terms, name)) is not None}
    return fit(shape, stated, **(bounds if terms.read_as != "p10_p90" or terms.p10 is not None else {}))


def reach(marginal: Marginal) -> tuple[float, float]:
    """Lowest and highest value of a driver, but for one draw in a million on either side.

    Examples
    --------
    >>> reach(marginals.bernoulli(0.5))
    (0.0, 1.0)
    """
    return family_of(marginal).between(marginal, _SURE)


def _whole(terms: DriverTerms, shape: str) -> Marginal:
    """Return the distribution before truncation."""
    figures = {name: number(figure) for name, figure in terms.figures().items()}
    if terms.p10 is not None or terms.quantiles:
        return _fitted(terms, shape, quantiles_of(terms)).marginal
    if "sd_of_log" in figures:
        return _around_median(shape, figures["p50"], figures["sd_of_log"])
    if "mean" in figures:
        return family_named(shape).from_moments(figures["mean"], figures["sd"])
    if terms.spans and (SHAPES[shape].endless or terms.reading == "p10_p90"):
        return from_quantiles(shape, figures["low"], figures["high"])
    lists = {"values": [float(x) for x in terms.values], "probabilities": [float(p) for p in terms.probabilities]}
    middle = (figures["low"] + figures["high"]) / 2 if terms.spans else math.nan
    stated = {"mode": middle, "concentration": 4.0} | lists | figures
    return family_named(shape).make(*(stated[name] for name in SHAPES[shape].arguments))


def _around_median(shape: str, median: float, spread: float) -> Marginal:
    """A lognormal by its median and the spread of its logarithm; another shape with the P10 and P90 of that one."""
    if shape == "lognormal":
        return marginals.lognormal(math.log(median), spread)
    width = spread * Z90
    return from_quantiles(shape, median * math.exp(-width), median * math.exp(width))


def correlations_of(terms: Sequence[CorrelationTerms], used: Set[str]) -> tuple[Correlation, ...]:
    """Gather pairs of drivers that are used into one matrix for each set that hangs together.

    Rank correlations stay rank correlations, unless some of the set are stated between normal scores: then all are.
    """
    groups: list[set[str]] = []
    pairs = [(pair, value, part.measure) for part in terms for pair, value in part.pairs() if used >= set(pair)]
    for pair, _, _ in pairs:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    correlations = []
    for group in groups:
        names = tuple(sorted(group))
        inside = [known for known in pairs if known[0][0] in group]
        kind: Literal["rank", "normal"] = "normal" if any(measure == "normal" for _, _, measure in inside) else "rank"
        matrix = np.eye(len(names))
        for pair, value, measure in inside:
            i, j = names.index(pair[0]), names.index(pair[1])
            carried = 2 * math.sin(math.pi * value / 6) if measure != kind else value
            matrix[i, j] = matrix[j, i] = carried
        correlations.append(Correlation(names, matrix, kind))
    return tuple(correlations)


def affine(terms: AffineTerms, fixed: Mapping[str, float], size: FloatArray | None) -> Affine:
    """Return an uncertain number as the engine takes it; `size` is the base of its size effect."""
    constant = 0.0 if terms.constant is None else number(terms.constant)
    constant += sum(float(weight) * fixed[name] for name, weight in terms.drivers.items() if name in fixed)
    by_unit = None
    if terms.size is not None and size is not None:
        by_unit = float(terms.size.coefficient) * np.log(size / float(terms.size.reference))
    drivers = tuple((name, float(weight)) for name, weight in terms.drivers.items() if name not in fixed)
    return Affine(constant, drivers, by_unit)
