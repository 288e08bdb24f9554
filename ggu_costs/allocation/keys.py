"""Keys (verdeelsleutels): mixtures of several figures into one key."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.inputs import read_floats
from ggu_costs.errors import Faults, did_you_mean
from ggu_costs.reference.kinds import column_kind

if TYPE_CHECKING:
    import pandas as pd


EQUAL = "equal"
"""The part of a mixture that every participant carries alike."""


def mixture(parts: Mapping[str, float | Decimal], figures: pd.DataFrame) -> pd.Series:
    r"""Mix figures into one key: each part is shared by its own figure.

    :math:`k_i = \sum_p f_p \, x_{ip} / \sum_j x_{jp}`, with :math:`1/n` for the part `equal`.

    Parameters
    ----------
    parts
        Figure to fraction, such as ``{"inhabitants": 0.8, "equal": 0.2}``; the fractions are above 0 and add up to 1
        exactly, a float standing for its shortest decimal.
    figures
        Index the codes, one column a figure; all 0 or more. By its name no rate (percentage, density, average), class
        or label: those do not add up.

    Returns
    -------
    pandas.Series
        The key, float64, in the order of `figures`; it adds up to 1. Each value is rounded once from the exact one, so
        that equal figures give equal keys.

    Raises
    ------
    InputError
        Lists every fault: fractions that do not add up to 1 (a sum of 100 is named as the likely slip), unknown
        columns, rates and classes, missing or negative figures with their codes, a figure that is 0 for everyone.

    Examples
    --------
    >>> import pandas as pd
    >>> figures = pd.DataFrame({"inhabitants": [100, 300]}, index=["GM0001", "GM0002"])
    >>> mixture({"inhabitants": 0.8, "equal": 0.2}, figures).tolist()
    [0.3, 0.7]
    """
    import pandas as pd

    faults = Faults()
    fractions = {name: _fraction(name, value, faults) for name, value in parts.items()}
    whole = sum(fractions.values(), Fraction(0))
    if not faults and whole != 1:
        slip = "These look like percentages: divide them by 100." if whole == 100 else "Let the fractions add up to 1."
        faults.add("parts", f"the fractions add up to {float(whole):.12g}", "1", slip)
    if len(figures.index) == 0:
        faults.add("figures", "no rows", "one row a participant")
    for code in figures.index[figures.index.duplicated()].unique():
        faults.add("figures", f"code {code} occurs twice", "each code once")
    columns = {name: _column(name, figures, faults) for name in fractions if name != EQUAL}
    faults.check("the mixture cannot be made", remedy="Correct the parts and figures listed.")
    exact = [fractions.get(EQUAL, Fraction(0)) / len(figures.index)] * len(figures.index)
    for name, column in columns.items():
        factor = fractions[name] / sum(column)
        exact = [mixed + factor * figure for mixed, figure in zip(exact, column, strict=True)]
    name = " + ".join(f"{float(fraction):g} {part}" for part, fraction in fractions.items())
    return pd.Series([float(value) for value in exact], index=figures.index, name=name, dtype=np.float64)


def _fraction(name: str, value: float | Decimal, faults: Faults) -> Fraction:
    try:
        fraction = Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        fraction = Fraction(0)
    if fraction <= 0:
        faults.add(f"parts[{name!r}]", repr(value), "a finite fraction above 0")
    return fraction


def _column(name: str, figures: pd.DataFrame, faults: Faults) -> list[Fraction]:
    """One figure of every participant, exactly; faults where it cannot be a key."""
    if name not in figures.columns:
        known = [str(column) for column in figures.columns]
        faults.add(f"parts[{name!r}]", "no such figure", ", ".join([EQUAL, *known]), did_you_mean(name, known))
        return []
    kind = column_kind(name)
    if kind not in ("total", "unknown"):
        faults.add(f"parts[{name!r}]", f"a {kind}, which does not add up", "a figure that is a total")
        return []
    values = read_floats(figures[name], f"figures[{name!r}]", faults)
    wrong = np.flatnonzero(~np.isfinite(values) | (values < 0))
    for place in wrong:
        found = "missing" if np.isnan(values[place]) else f"{values[place]}"
        faults.add(f"figures[{name!r}]", f"{found} for {figures.index[int(place)]}", "finite, 0 or more")
    if wrong.size:
        return []
    if values.size and not values.any():
        faults.add(f"figures[{name!r}]", "0 for everyone", "at least one above 0")
    return [Fraction(value) for value in values.tolist()]
