"""Distributions as frames: mean, spread, quantiles and probability of a loss, each with its simulation error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.impact.answers.estimate import Estimate
from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.simulation.runs.rows import Interval, Rows
    from ggu_costs.typing import FloatArray

__all__ = [
    "PERCENTILES", "WIDE", "described", "error_of", "estimate", "figures_of", "quantile_error", "quantile_estimate",
    "quantile_of", "statistics",
]  # fmt: skip

PERCENTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}

WIDE = 2 * 1.959963984540054
"""Width of a 95 % interval, in standard errors."""
_IN_EURO = frozenset({
    "mean", "sd", "expected_shortfall", *PERCENTILES, "low", "high", "amount",
})  # fmt: skip


def statistics(frame: pd.DataFrame) -> set[str]:
    """Names of the columns that are euro, and of their errors."""
    return {name for name in map(str, frame.columns) if name.removesuffix("_error") in _IN_EURO}


def described(rows: Rows, beside: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a frame of a distribution, one row each, with the columns of `beside` before it."""
    import pandas as pd

    if beside is None:
        return pd.DataFrame(figures_of(rows))
    return pd.DataFrame({str(name): own.array for name, own in beside.items()} | figures_of(rows), index=beside.index)


def figures_of(rows: Rows) -> dict[str, FloatArray]:
    """Return the columns of a distribution by name."""
    names, levels, same = list(PERCENTILES), list(PERCENTILES.values()), rows.sd == 0.0
    columns = {"mean": rows.mean, "sd": rows.sd}
    columns |= dict(zip(names, np.where(same, rows.mean, rows.quantiles(levels)), strict=True))
    columns["probability_of_loss"] = rows.probability(0.0)
    columns["expected_shortfall"], of_shortfall = shortfall(rows)
    columns |= {"mean_error": rows.standard_error, "sd_error": sd_error(rows)}
    errors = np.where(same, 0.0, error_of(rows.quantile_intervals(levels)))
    columns |= {f"{name}_error": error for name, error in zip(names, errors, strict=True)}
    columns["probability_error"] = error_of(rows.probability_interval(0.0))
    columns["expected_shortfall_error"] = of_shortfall
    return columns


def quantile_of(rows: Rows, p: float) -> FloatArray:
    """Quantile of each row; of a figure that is the same in every draw that figure, and not the bin it lies in."""
    return np.where(rows.sd == 0.0, rows.mean, rows.quantile(p))


def quantile_error(rows: Rows, p: float) -> FloatArray:
    """What stands for the standard error of a quantile; 0 for a figure that is the same in every draw."""
    return np.where(rows.sd == 0.0, 0.0, error_of(rows.quantile_interval(p)))


def error_of(interval: Interval) -> FloatArray:
    """Return what stands for the standard error: a 95 % interval is 3.92 of them wide."""
    return (interval.upper - interval.lower) / WIDE


def estimate(value: float, interval: Interval, place: int = 0) -> Estimate:
    """Return one figure with its simulation error."""
    return Estimate(value, error=error_of(interval)[place], low=interval.lower[place], high=interval.upper[place])


def quantile_estimate(rows: Rows, p: float, place: int = 0) -> Estimate:
    """Return one quantile with its simulation error."""
    if rows.sd[place] == 0.0:
        same = float(rows.mean[place])
        return Estimate(same, error=0.0, low=same, high=same)
    return estimate(rows.quantile(p)[place], rows.quantile_interval(p), place)
