"""Statistics of distributions, and frames of them: mean, spread, quantiles, probability of a loss, and their errors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ggu_costs.impact.answers.estimate import Estimate
from ggu_costs.simulation.runs.rows import WIDE, Interval, Rows
from ggu_costs.simulation.runs.together import together
from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall
from ggu_costs.typing import FloatArray

PERCENTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}

_IN_EURO = frozenset({"mean", "sd", "expected_shortfall", *PERCENTILES, "low", "high", "amount"})


def statistics_in(frame: pd.DataFrame) -> dict[str, str]:
    """Return the units of the statistics that a frame has, with those of their errors."""
    euro = (name for name in map(str, frame.columns) if name.removesuffix("_error") in _IN_EURO)
    return dict.fromkeys(euro, "EUR") | {"probability_of_loss": "probability", "probability_error": "share"}


def distribution(parts: Sequence[Rows], index: pd.Index) -> pd.DataFrame:
    """Return a frame of distributions, a row for each figure.

    Parameters
    ----------
    parts
        One or more rows each, in the order of the index.
    index
        Names of the figures.
    """
    figures = [figures_of(rows) for rows in together(parts)]
    names = figures[0] if figures else ()
    columns = {name: np.concatenate([part[name] for part in figures]) for name in names}
    return pd.DataFrame(columns, index=index)


def figures_of(rows: Rows) -> dict[str, FloatArray]:
    """Return the columns of a distribution by name."""
    names, levels = list(PERCENTILES), list(PERCENTILES.values())
    columns = {"mean": rows.mean, "sd": rows.sd}
    quantiles, errors = rows.quantiles_with_errors(levels)
    columns |= dict(zip(names, quantiles, strict=True))
    columns["probability_of_loss"] = rows.probability(0.0)
    columns["expected_shortfall"], of_shortfall = shortfall(rows)
    columns |= {"mean_error": rows.standard_error, "sd_error": sd_error(rows)}
    columns |= {f"{name}_error": error for name, error in zip(names, errors, strict=True)}
    columns["probability_error"] = error_of(rows.probability_interval(0.0))
    columns["expected_shortfall_error"] = of_shortfall
    return columns


def figures_of_one(rows: Rows) -> dict[str, float]:
    """Return the columns of a distribution of one figure."""
    return {name: float(column[0]) for name, column in figures_of(rows).items()}


def error_of(interval: Interval) -> FloatArray:
    """Return what stands for the standard error: a 95 % interval is 3.92 of them wide."""
    return (interval.upper - interval.lower) / WIDE


def estimate(value: float, interval: Interval, place: int = 0) -> Estimate:
    """Return one figure with its simulation error."""
    return Estimate(value, error=error_of(interval)[place], low=interval.lower[place], high=interval.upper[place])


def quantile_estimate(rows: Rows, p: float, place: int = 0) -> Estimate:
    """Return one quantile with its simulation error: see :meth:`Rows.quantile_errors`."""
    interval, error = rows.quantile_interval(p), rows.quantile_errors((p,))[0, place]
    return Estimate(rows.quantile(p)[place], error=error, low=interval.lower[place], high=interval.upper[place])
