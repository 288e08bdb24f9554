"""Names for the arrays and labelled tables that travel through the library, with their shape and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
"""float64, any shape."""
IntArray: TypeAlias = NDArray[np.int64]
"""int64, any shape."""
BoolArray: TypeAlias = NDArray[np.bool_]
"""Truth values, any shape."""
Euros: TypeAlias = NDArray[np.float64]
"""Amounts in euro; costs are positive."""
Cents: TypeAlias = NDArray[np.int64]
"""Amounts in whole euro cents; costs are positive."""
Weights: TypeAlias = NDArray[np.float64]
"""Figures of a key, shape (n,), 0 or more."""

if TYPE_CHECKING:
    import pandas as pd

    ByCode: TypeAlias = pd.Series
    """One value a participant; the index holds codes such as GM0363."""
    Key: TypeAlias = pd.Series | pd.DataFrame | NDArray[np.float64] | Sequence[float]
    """A key: one figure a participant, or one column (Series, DataFrame) or row (array) of figures a pool or draw."""
    InputValue: TypeAlias = int | float | Decimal | str | Path | pd.Series
    """An input of a model: a number for the nation, a Series by code, or the path of a CSV or Excel file."""

DateLike: TypeAlias = date | str
"""A date or its ISO text, such as 2022-03-24."""
