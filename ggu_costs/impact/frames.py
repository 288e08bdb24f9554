"""Distributions as frames: mean, spread, quantiles and probability of a loss, each with its simulation error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.impact.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.summaries import Interval, Rows
    from ggu_costs.typing import FloatArray

__all__ = ["PERCENTILES", "described", "error_of", "estimate", "quantile_of", "statistics"]

PERCENTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}

_WIDE = 2 * 1.959963984540054
_IN_EURO = frozenset({
    "mean", "sd", "expected_shortfall", "mean_error", "p5_error", "p50_error", "p95_error", *PERCENTILES, "low", "high",
    "amount", "shortfall",
})  # fmt: skip


def statistics(frame: pd.DataFrame) -> set[str]:
    """Names of the columns that are euro."""
    return set(map(str, frame.columns)) & _IN_EURO


def described(rows: Rows, beside: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a frame of a distribution, one row each, with the columns of `beside` before it."""
    import pandas as pd

    columns = {"mean": rows.mean, "sd": rows.sd}
    columns |= {name: quantile_of(rows, p) for name, p in PERCENTILES.items()}
    columns["probability_of_loss"] = rows.probability(0.0)
    columns["expected_shortfall"] = rows.expected_shortfall()
    columns["mean_error"] = rows.standard_error
    columns |= {f"{name}_error": error_of(rows.quantile_interval(PERCENTILES[name])) for name in ("p5", "p50", "p95")}
    columns["probability_error"] = error_of(rows.probability_interval(0.0))
    frame = pd.DataFrame(columns, index=None if beside is None else beside.index)
    return frame if beside is None else pd.concat([beside, frame], axis=1)


def quantile_of(rows: Rows, p: float) -> FloatArray:
    """Quantile of each row; of a figure that is the same in every draw that figure, and not the bin it lies in."""
    return np.where(rows.sd == 0.0, rows.mean, rows.quantile(p))


def error_of(interval: Interval) -> FloatArray:
    """Return what stands for the standard error: a 95 % interval is 3.92 of them wide."""
    return (interval.upper - interval.lower) / _WIDE


def estimate(value: float, interval: Interval, place: int = 0) -> Estimate:
    """Return one figure with its simulation error."""
    return Estimate(value, error=error_of(interval)[place], low=interval.lower[place], high=interval.upper[place])
