"""The cells of a column as plain Python, and as figures to add up."""

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.typing import FloatArray
from ggu_costs.words import numbers

_SURE = 1e12  # cents of which a float tells every one, and of which a million still add up in 64 bits


def floats(values: Iterable[object]) -> FloatArray:
    """Return the numbers among values."""
    return np.array([float(value) for value in values if numbers.is_number(value)], dtype=np.float64)


def cells_of(column: "pd.Series[Any]") -> tuple[object, ...]:
    """Return the cells of a column as plain Python, None for what is missing."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub":
        return tuple(column.tolist())
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
        return tuple(None if value != value else value for value in column.tolist())  # noqa: PLR0124 (true of NaN alone)
    return tuple(_plain(value) for value in column)


def _plain(value: object) -> object:
    """Return a cell as plain Python: numpy's numbers and pandas' dates unwrapped, None for what is missing."""
    if type(value) is str:
        return value
    if numbers.missing(value):
        return None
    if isinstance(value, datetime.datetime):  # pandas' Timestamp too
        return value.date() if value.time() == datetime.time() else value.isoformat(sep=" ")
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def sum_of_cents(values: Sequence[object]) -> Fraction | None:
    """Return the exact sum of figures that are whole cents, each as the decimal its float stands for; else None."""
    if not all(type(value) is float or type(value) is int for value in values):
        return None
    figures = floats(values)
    cents = np.rint(figures * 100)
    if not values or np.abs(cents).max() > _SURE or not (cents / 100 == figures).all():
        return None
    return Fraction(int(cents.astype(np.int64).sum()), 100)
